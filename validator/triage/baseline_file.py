"""The baseline as a file: JSON, one entry an object, in an order that keeps differences small."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from validator.load.document import load_file
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode, plain
from validator.model import LoadError, SettingsError, Severity, Span, Verdict
from validator.settings import did_you_mean
from validator.triage.baseline import Baseline, BaselineEntry
from validator.triage.suppression_entries import read_date

VERSION: Final = 1
"""The ``baseline_version`` that is written, and the only one that is read."""

_NEEDED: Final = ("rule", "template", "resource", "fingerprint", "status", "severity", "reason")
_TEXTS: Final = ("source", "stack", "target", "message", "owner")
_DATES: Final = ("since", "until")
_KEYS: Final = (*_NEEDED, *_TEXTS, *_DATES, "scenario", "environments")
_STATUSES: Final = (Verdict.FAIL.value, Verdict.UNKNOWN.value)


def read_baseline(path: Path, display_path: str) -> Baseline:
    """Read a baseline file.

    Raises:
        SettingsError: the file cannot be read, or is no baseline; all wrong entries in one error, with places.
    """
    try:
        document = load_file(path, display_path)
    except LoadError as error:
        hint = "write it with tierlens baseline write, or name another with --baseline"
        raise SettingsError(f"the baseline cannot be read: {error.message}", span=error.span, hint=hint) from None
    root = document.root
    entries = root.get("entries") if isinstance(root, MapNode) else None
    version = root.get("baseline_version") if isinstance(root, MapNode) else None
    if not isinstance(entries, ListNode) or version is None:
        message = "this is no baseline of tierlens: it needs baseline_version and the list entries"
        raise SettingsError(message, span=root.span, hint="write it with tierlens baseline write")
    if plain(version) != VERSION:
        message = f"baseline_version is {plain(version)}, and this tierlens reads {VERSION}"
        raise SettingsError(message, span=version.span, hint="use the tierlens that wrote it, or write it anew")
    problems: list[tuple[Span, str]] = []
    read = tuple(_entry(node, problems) for node in entries.items)
    if problems:
        text = "\n".join(f"{span}: {message}" for span, message in problems)
        raise SettingsError(text, span=problems[0][0], hint="mend the entries, or write the baseline anew")
    return Baseline(tuple(entry for entry in read if entry is not None))


def _entry(node: Node, problems: list[tuple[Span, str]]) -> BaselineEntry | None:
    if not isinstance(node, MapNode):
        problems.append((node.span, "an entry has to be a map"))
        return None
    found = list(_problems(node))
    problems += found
    if found:
        return None
    text = {key: _text(node.get(key)) for key in (*_NEEDED, *_TEXTS)}
    scenario, environments = node.get("scenario"), node.get("environments")
    return BaselineEntry(
        rule=text["rule"],
        template=text["template"],
        resource=text["resource"],
        fingerprint=text["fingerprint"],
        verdict=Verdict(text["status"]),
        severity=Severity(text["severity"]),
        reason=text["reason"],
        source=text["source"] or "tierlens",
        stack=text["stack"],
        target=text["target"],
        message=text["message"],
        scenario=_flags(scenario),
        environments=tuple(_text(item) for item in environments.items) if isinstance(environments, ListNode) else (),
        owner=text["owner"],
        since=_date(node.get("since")),
        until=_date(node.get("until")),
        span=node.span,
    )


def _problems(node: MapNode) -> Iterator[tuple[Span, str]]:
    for key, entry in node.entries.items():
        if key not in _KEYS:
            near = did_you_mean(key, _KEYS) or f"known are {', '.join(_KEYS)}"
            yield entry.key_span, f"unknown key '{key}' in an entry: {near}"
    for key in _NEEDED:
        if not _text(node.get(key)):
            value = node.get(key)
            yield node.span if value is None else value.span, f"an entry needs the text '{key}'"
    allowed = (("status", _STATUSES), ("severity", tuple(severity.value for severity in Severity)))
    for key, values in allowed:
        value = node.get(key)
        if value is not None and _text(value) and _text(value) not in values:
            yield value.span, f"'{key}' has to be one of {', '.join(values)}"
    for key in _DATES:
        value = node.get(key)
        if value is not None and plain(value) is not None and read_date(_text(value)) is None:
            yield value.span, f"'{key}' is no date: write YYYY-MM-DD"
    yield from _wrong_shapes(node)


def _wrong_shapes(node: MapNode) -> Iterator[tuple[Span, str]]:
    for key in _TEXTS:
        value = node.get(key)
        if value is not None and not isinstance(value, ScalarNode):
            yield value.span, f"'{key}' has to be a text"
    scenario = node.get("scenario")
    if scenario is not None:
        said = plain(scenario)
        if not isinstance(said, dict) or not all(isinstance(value, bool) for value in said.values()):
            yield scenario.span, "'scenario' has to map conditions to true or false"
    environments = node.get("environments")
    if environments is not None:
        names = environments.items if isinstance(environments, ListNode) else (None,)
        if not all(_text(name) for name in names):
            yield environments.span, "'environments' has to be a list of names"


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, ScalarNode) else ""


def _flags(node: Node | None) -> dict[str, bool]:
    said = plain(node) if node is not None else {}
    return {str(key): bool(value) for key, value in said.items()} if isinstance(said, dict) else {}


def _date(node: Node | None) -> date | None:
    return read_date(_text(node))


def baseline_text(baseline: Baseline) -> str:
    """The file's text: sorted by template, rule and resource, without what is empty."""
    entries = [_written(entry) for entry in sorted(baseline.entries, key=_order)]
    text = json.dumps({"baseline_version": VERSION, "entries": entries}, indent=2, ensure_ascii=True)
    return f"{text}\n"


def _order(entry: BaselineEntry) -> tuple[str, ...]:
    place = (entry.template, entry.stack, entry.rule, entry.resource, entry.target)
    return (*place, ",".join(entry.environments), entry.fingerprint)


def _written(entry: BaselineEntry) -> dict[str, object]:
    values: dict[str, object] = {
        "rule": entry.rule,
        "source": "" if entry.source == "tierlens" else entry.source,
        "template": entry.template,
        "stack": entry.stack,
        "resource": entry.resource,
        "target": entry.target,
        "status": entry.verdict.value,
        "severity": entry.severity.value,
        "message": entry.message,
        "scenario": dict(sorted(entry.scenario.items())),
        "environments": list(entry.environments),
        "reason": entry.reason,
        "owner": entry.owner,
        "since": entry.since.isoformat() if entry.since else "",
        "until": entry.until.isoformat() if entry.until else "",
        "fingerprint": entry.fingerprint,
    }
    return {key: value for key, value in values.items() if value}
