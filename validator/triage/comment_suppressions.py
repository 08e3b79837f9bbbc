"""Suppressions in comments: ``# tierlens: ignore[RULE, RULE2] reason="…" owner="…" until=YYYY-MM-DD``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from validator.expand.template import Template
from validator.load.nodes import ListNode, MapNode, Node
from validator.model import Diagnostic, Span
from validator.settings import did_you_mean
from validator.triage.suppression_entries import (
    FORM,
    SuppressionEntry,
    Written,
    invalid,
    read_date,
    without_reason,
)

_OURS = re.compile(r"#+\s*tierlens:\s*(?P<rest>.*)")
_IGNORE = re.compile(r"ignore\s*\[(?P<rules>[^\]]*)\](?P<rest>.*)")
_OPTION = re.compile(r"""\s+(?P<key>[A-Za-z]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))""")
_KEYS = ("reason", "owner", "until")
_LOOP = "Fn::ForEach::"


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one resource in the source."""

    logical_ids: frozenset[str]
    first: int
    last: int
    node: Node


def comment_suppressions(template: Template) -> Written:
    """The suppressions in the template's comments.

    A comment at the end of a line speaks of that line; a comment on a line of its own speaks of the line
    below it (of the line below the last, where such comments follow each other without a blank line). If
    that is the line of a resource's logical ID, the comment covers the whole resource. On any other line of
    a resource it covers the findings of this resource that start on the line, or whose place is exactly the
    value of a key on it. In an event of a SAM resource it covers those of the API as well, and behind the
    event's name all that start in the event. Outside of a resource it covers nothing and is reported as unused.
    """
    document = template.document
    lines = document.text.splitlines()
    blocks = tuple(_blocks(template))
    entries: list[SuppressionEntry] = []
    diagnostics: list[Diagnostic] = []
    for number, comment in sorted(document.comments.items()):
        ours = _OURS.match(comment)
        if ours is None:
            continue
        span = _comment_span(document.path, number, comment, lines)
        read = _read(ours["rest"], span)
        if isinstance(read, Diagnostic):
            diagnostics.append(read)
            continue
        target = _target_line(number, lines)
        entries.extend(_entry(rule, read, span, template.path, target, blocks) for rule in read.rules)
    return Written(tuple(entries), tuple(diagnostics))


@dataclass(frozen=True, slots=True)
class _Ignore:
    """A comment that could be read."""

    rules: tuple[str, ...]
    reason: str
    until: date | None
    owner: str


def _read(text: str, span: Span) -> _Ignore | Diagnostic:
    """The parts of a comment after ``tierlens:``."""
    found = _IGNORE.match(text)
    if found is None:
        return invalid(span, "this tierlens comment cannot be read and has no effect", FORM)
    rules = tuple(dict.fromkeys(part.strip() for part in found["rules"].split(",")))
    if not all(rules):
        return invalid(span, "the suppression names no rule between its brackets", FORM)
    options, rest = _options(found["rest"])
    unknown = next((key for key in options if key not in _KEYS), None)
    if unknown is not None:
        near = did_you_mean(unknown, _KEYS) or f"known are {', '.join(_KEYS)}"
        return invalid(span, f"unknown word '{unknown}' in the suppression: {near}", FORM)
    if not options.get("reason", "").strip() and not rest:
        return without_reason(span, ", ".join(rules), 'add reason="…" to the comment')
    if rest:
        return invalid(span, f"the suppression cannot be read from '{rest}' on", FORM)
    until = read_date(options["until"]) if "until" in options else None
    if "until" in options and until is None:
        return invalid(span, f"until={options['until']} is no date", "write it as YYYY-MM-DD")
    return _Ignore(rules, options["reason"].strip(), until, options.get("owner", "").strip())


def _options(text: str) -> tuple[dict[str, str], str]:
    """The ``key=value`` words, and what stands after the last that could be read."""
    options: dict[str, str] = {}
    while found := _OPTION.match(text):
        if found["key"] in options:
            break
        options[found["key"]] = found["double"] or found["single"] or found["bare"] or ""
        text = text[found.end() :]
    return options, text.strip()


def _comment_span(path: str, number: int, comment: str, lines: Sequence[str]) -> Span:
    column = lines[number - 1].rfind(comment) + 1 if number <= len(lines) else 0
    return Span(path, number, max(column, 1), number, max(column, 1) + len(comment))


def _target_line(number: int, lines: Sequence[str]) -> int:
    """The line a comment speaks of."""
    while number <= len(lines) and lines[number - 1].lstrip().startswith("#"):
        number += 1
    return number


def _entry(rule: str, read: _Ignore, span: Span, path: str, line: int, blocks: Sequence[_Block]) -> SuppressionEntry:
    block = next((block for block in blocks if block.first <= line <= block.last), None)
    return SuppressionEntry(
        rule=rule,
        reason=read.reason,
        span=span,
        path=path,
        logical_ids=frozenset() if block is None else block.logical_ids,
        until=read.until,
        line=None if block is not None and block.first == line else line,
        values=frozenset() if block is None else frozenset(_values_of_keys_on(line, block.node)),
        owner=read.owner,
        event=None if block is None else _event_at(line, block.node),
    )


def _event_at(line: int, resource: Node) -> tuple[int, int] | None:
    """The first and the last line of the SAM event that the line is in."""
    properties = resource.get("Properties") if isinstance(resource, MapNode) else None
    events = properties.get("Events") if isinstance(properties, MapNode) else None
    entries = list(events.entries.values()) if isinstance(events, MapNode) else []
    for position, entry in enumerate(entries):
        first, last = entry.key_span.line, entry.value.span.end_line
        # A YAML value may reach over trailing blank lines, up to the next key.
        if position + 1 < len(entries):
            last = min(last, entries[position + 1].key_span.line - 1)
        if first <= line <= max(first, last):
            return first, max(first, last)
    return None


def _blocks(template: Template) -> Iterator[_Block]:
    root = template.document.root
    resources = root.get("Resources") if isinstance(root, MapNode) else None
    if isinstance(resources, MapNode):
        yield from _blocks_of(resources, template, resources.span.end_line)


def _blocks_of(resources: MapNode, template: Template, end: int) -> Iterator[_Block]:
    """The blocks of a map of resources; those of a loop's body stand for what the loop made."""
    entries = list(resources.entries.items())
    starts = [entry.key_span.line for _, entry in entries]
    for position, (key, entry) in enumerate(entries):
        first = starts[position]
        # A block ends before the next key at the latest: a YAML value may reach over trailing blank lines.
        following = min((start for start in starts if start > first), default=end + 1)
        last = max(first, min(entry.value.span.end_line, following - 1))
        if key.startswith(_LOOP):
            items = entry.value.items if isinstance(entry.value, ListNode) else ()
            for body in items:
                if isinstance(body, MapNode):
                    yield from _blocks_of(body, template, last)
        else:
            yield _Block(_made_between(key, template, first, last), first, last, entry.value)


def _made_between(key: str, template: Template, first: int, last: int) -> frozenset[str]:
    """The logical ID, and those of all that was made of what is written on these lines."""
    made = (
        logical_id
        for resource in template.resources.values()
        if resource.origin.span.path == template.document.path and first <= resource.origin.span.line <= last
        for logical_id in (resource.logical_id, resource.origin.logical_id)
    )
    return frozenset((key, *made))


def _values_of_keys_on(line: int, node: Node) -> Iterator[Span]:
    if isinstance(node, MapNode):
        for entry in node.entries.values():
            if entry.key_span.line == line:
                yield entry.value.span
            yield from _values_of_keys_on(line, entry.value)
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _values_of_keys_on(line, item)
