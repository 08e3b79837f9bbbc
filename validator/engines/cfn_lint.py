"""cfn-lint: what it is sent, and its matches as findings."""

from collections.abc import Iterable, Mapping
from typing import Any

from validator.engines.catalogue import engine_rule, rule_text_of
from validator.engines.implied import implied
from validator.engines.inputs import EngineInput, EngineOptions, Judged, not_done, numbered, sentence
from validator.engines.names import CFN_LINT
from validator.engines.own_suppressions import OwnSuppression, cfn_lint_suppressions, suppression_of
from validator.engines.places import place_of, written_type
from validator.model import Diagnostic, Finding, Span, Verdict

_CRASHED = "E0002"
_UNREAD = ("E0000", "E0001")
_SECTIONS = ("Resources", "Parameters", "Outputs", "Mappings", "Conditions", "Rules", "Globals", "Metadata")


def start_options(options: EngineOptions) -> dict[str, object]:
    """What the worker needs once."""
    return {"root": str(options.root), "region": options.region, "informational": options.informational}


def requests(given: EngineInput) -> list[dict[str, object]]:
    """The one request for a template: its source as it is."""
    return [{"text": given.template.document.text, "file": str(given.file)}]


def judged(given: EngineInput, answers: list[dict[str, Any]]) -> Judged:
    """The matches of an answer as findings."""
    (answer,) = answers
    matches = answer["matches"]
    own = cfn_lint_suppressions(given.template) if given.suppressions else ()
    shown = [match for match in matches if match["rule"] != _CRASHED]
    findings = tuple(numbered(_finding(match, given, own) for match in shown))
    rules = {finding.rule: rule_text_of(engine_rule(CFN_LINT, finding.rule)) for finding in findings}
    return Judged(findings, tuple(_problems(given, answer, matches)), rules)


def _problems(
    given: EngineInput, answer: Mapping[str, Any], matches: Iterable[Mapping[str, Any]]
) -> list[Diagnostic]:
    found = [
        not_done(CFN_LINT, given.path, f"failed: {sentence(match['message'])}", "the other rules of cfn-lint ran")
        for match in matches
        if match["rule"] == _CRASHED
    ]
    if answer["unread"]:
        first = next((match for match in matches if match["rule"] in _UNREAD), None)
        why = "" if first is None else f": {sentence(first['message'])}"
        found.append(
            not_done(CFN_LINT, given.path, f"cannot read it, so nothing was linted{why}", "correct it first")
        )
    return found


def _finding(match: Mapping[str, Any], given: EngineInput, own: tuple[OwnSuppression, ...]) -> Finding:
    rule = engine_rule(CFN_LINT, match["rule"])
    resource, resource_type, target = _subject(match["path"], given)
    refutation = implied(match["message"], match["path"], given)
    suppression = suppression_of(own, rule.id, resource if match["path"][:1] == ["Resources"] else "")
    verdict = Verdict.REFUTED if refutation else Verdict.SUPPRESSED if suppression else Verdict.FAIL
    return Finding(
        rule=rule.id,
        category=rule.category,
        verdict=verdict,
        severity=rule.severity,
        resource=resource,
        resource_type=resource_type,
        message=sentence(match["message"]),
        why=rule.why,
        fix=rule.fix,
        span=_span(match, given),
        target=target,
        source=CFN_LINT,
        suppression=suppression if verdict is Verdict.SUPPRESSED else None,
        refutation=refutation,
        template=given.path,
    )


def _subject(path: list[object], given: EngineInput) -> tuple[str, str, str]:
    """Logical ID, type and the property's path below it."""
    if not path:
        return "Template", "Template", ""
    section = str(path[0])
    if section not in _SECTIONS or len(path) < 2:
        return section, "Template", ".".join(map(str, path[1:]))
    name, below = str(path[1]), ".".join(map(str, path[2:]))
    if section != "Resources":
        return name, section, below
    return name, written_type(given.template.document, name) or "Resources", below


def _span(match: Mapping[str, Any], given: EngineInput) -> Span:
    found = place_of(given.template.document, match["path"]) if match["path"] else None
    if found is not None:
        return found
    line, column = max(match["line"], 1), max(match["column"], 1)
    end_line, end_column = max(match["end_line"], line), max(match["end_column"], 1)
    if (end_line, end_column) < (line, column):
        end_line, end_column = line, column
    return Span(given.path, line, column, end_line, end_column)
