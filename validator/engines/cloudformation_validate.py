"""cloudformation-validate: AWS's own rules, and through it an organisation's Guard, Rego and CEL rules."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from validator.engines.catalogue import engine_rule, organization_rule_text, rule_text_of
from validator.engines.implied import implied
from validator.engines.inputs import EngineInput, EngineOptions, Judged, not_done, numbered, sentence
from validator.engines.names import GUARD, VALIDATE
from validator.engines.places import is_written, place_of, written_type
from validator.files import doubtful
from validator.model import Category, Diagnostic, Finding, RuleText, Severity, Span, Verdict

_SEVERITIES = {"FATAL": Severity.HIGH, "ERROR": Severity.HIGH, "WARN": Severity.LOW}
_OWN = ("GUARD", "CUSTOM")


def start_options(options: EngineOptions, builtin: bool) -> dict[str, object]:
    """What the worker needs once; ``builtin`` False runs the organisation's rules only."""
    rules = [(file.kind, file.name, file.text) for file in options.guard]
    return {"rules": rules, "builtin": builtin, "region": options.region}


def requests(given: EngineInput) -> list[dict[str, object]]:
    """The one request for a template: its source and the values of the run."""
    return [
        {
            "text": given.template.document.text,
            "name": given.path,
            "parameters": dict(given.given),
            "region": given.region,
        }
    ]


def judged(given: EngineInput, answers: list[dict[str, Any]], informational: bool) -> Judged:
    """The matches of an answer as findings."""
    (answer,) = answers
    shown = [match for match in answer["matches"] if _is_shown(match, informational)]
    pairs = [_finding(match, given) for match in shown]
    rules = {finding.rule: text for finding, text in pairs}
    findings = tuple(numbered(finding for finding, _ in pairs))
    return Judged(findings, tuple(_problems(given, answer)), rules)


def _is_shown(match: Mapping[str, Any], informational: bool) -> bool:
    return match["source"] in _OWN or match["severity"] in _SEVERITIES or informational


def _problems(given: EngineInput, answer: Mapping[str, Any]) -> list[Diagnostic]:
    if answer["status"] == "ERROR":
        return [not_done(VALIDATE, given.path, "cannot read it, so nothing was validated", "correct it first")]
    if answer["status"] != "OK":
        doubtful(f"{VALIDATE} did not finish")
        what = f"did not finish: {answer['status'].lower().replace('_', ' ')}"
        return [not_done(VALIDATE, given.path, what, "split the template, or leave this engine out")]
    if given.template.resources and not answer["scanned"]:
        return [not_done(VALIDATE, given.path, "looked at no resource", "report this with the template")]
    return []


def _finding(match: Mapping[str, Any], given: EngineInput) -> tuple[Finding, RuleText]:
    own = match["source"] in _OWN
    severity = _SEVERITIES.get(match["severity"], Severity.LOW)
    if own:
        text = organization_rule_text(match["rule_id"], match["rule_description"] or match["message"], severity)
    else:
        text = rule_text_of(engine_rule(VALIDATE, match["rule_id"]))
    resource, resource_type = _subject(match, given)
    refutation = None if own else implied(match["message"], _steps(match), given)
    return (
        Finding(
            rule=match["rule_id"],
            category=Category.ORGANIZATION_RULES if own else Category.TEMPLATE_VALIDITY,
            verdict=Verdict.FAIL if refutation is None else Verdict.REFUTED,
            severity=severity,
            resource=resource,
            resource_type=resource_type,
            message=sentence(match["message"]),
            why=text.why,
            fix=match["suggested_fix"] or "correct the template as the message says",
            span=_span(match, given),
            target=match["property_path"] or "",
            source=GUARD if own else VALIDATE,
            scenario=_scenario(match),
            refutation=refutation,
            template=given.path,
        ),
        text,
    )


def _subject(match: Mapping[str, Any], given: EngineInput) -> tuple[str, str]:
    entity = match["entity"] or {}
    name = str(entity.get("logical_id") or "Template")
    kind = str(entity.get("resource_type") or "")
    if not kind:
        kind = written_type(given.template.document, name) if entity.get("logical_id") else "Template"
    made = given.template.resources.get(name)
    if made is not None and not is_written(given.template.document, name):
        return made.origin.logical_id, made.origin.resource_type
    return name, kind or "Template"


def _span(match: Mapping[str, Any], given: EngineInput) -> Span:
    found = place_of(given.template.document, _steps(match))
    if found is not None:
        return found
    line, column = max(match["start_line"] or 1, 1), max(match["start_column"] or 1, 1)
    end_line, end_column = max(match["end_line"] or 1, line), max(match["end_column"] or 1, 1)
    return Span(given.path, line, column, end_line, max(end_column, column) if end_line == line else end_column)


def _steps(match: Mapping[str, Any]) -> tuple[str, ...]:
    """The path of what a match speaks of; empty where that is not a property of a resource."""
    entity, path = match["entity"] or {}, match["property_path"]
    if entity.get("entity_type") != "RESOURCE" or not path:
        return ()
    return ("Resources", entity["logical_id"], *str(path).replace("[", ".").replace("]", "").split("."))


def _scenario(match: Mapping[str, Any]) -> Mapping[str, bool]:
    given = match["condition_scenario"]
    if not isinstance(given, dict):
        return MappingProxyType({})
    return MappingProxyType({str(name): value for name, value in given.items() if isinstance(value, bool)})
