"""Findings as SARIF's results (section 3.27)."""

from reports.facts import also_named, rule_name, scenario, subject, surroundings, template_of
from reports.sarif.messages import message
from reports.sarif.places import Json, location
from reports.sarif.rules import LEVELS, Catalogue
from reports.strings import visible, well_formed
from validator.model import Change, Evidence, Finding, Review, SuppressionKind, Verdict

# GitHub refuses a file in which a result has more than 1,000 locations, and shows 100.
MOST_STEPS = 100

_KINDS = {
    Verdict.FAIL: "fail",
    Verdict.SUPPRESSED: "fail",
    Verdict.UNKNOWN: "open",
    Verdict.PASS: "pass",
    Verdict.REFUTED: "notApplicable",
}
_BASELINE = {Change.NEW: "new", Change.UNCHANGED: "unchanged", Change.FIXED: "absent"}


def result(finding: Finding, identity: str, catalogue: Catalogue, review: Review) -> Json:
    """One result. Only what has the kind ``fail`` has a level, as section 3.27.10 asks."""
    kind = _KINDS[finding.verdict]
    shown: Json = {
        **catalogue.reference(finding),
        "kind": kind,
        "level": LEVELS[finding.severity] if kind == "fail" else "none",
        "message": message(_message(finding, review)),
        "locations": [location(finding.span) | _logical(finding)],
        # GitHub tells alerts of one rule and file apart by primaryLocationLineHash alone; two targets of
        # one line would be one alert if it were left to hash the line.
        "partialFingerprints": {"tierlens/v1": identity, "primaryLocationLineHash": f"{identity}:1"},
        "properties": _properties(finding, review),
    }
    steps = finding.evidence[:MOST_STEPS]
    related = _related(finding, steps)
    if related:
        shown["relatedLocations"] = related
    if steps:
        shown["codeFlows"] = [{"threadFlows": [{"locations": [_step(step, finding) for step in steps]}]}]
    if finding.suppression is not None or finding.verdict is Verdict.SUPPRESSED:
        shown["suppressions"] = [_suppression(finding)]
    if finding.change is not None:
        shown["baselineState"] = _BASELINE[finding.change]
    return shown


def _message(finding: Finding, review: Review) -> str:
    """The fact first, in a paragraph that stands alone; then what else belongs to this one finding."""
    when = scenario(finding)
    where = surroundings(finding, review.environments)
    also = also_named(finding)
    paragraphs = [finding.message.strip() or f"{rule_name(finding)}: {subject(finding)}"]
    if finding.refutation is not None:
        paragraphs.append(f"Refuted: {finding.refutation.statement}")
    if when or where:
        paragraphs.append(f"Holds when {when}." if when else "")
        paragraphs.append(f"In {where}." if where else "")
    paragraphs += [f"Missing: {missing.what}; to settle it, {missing.how}" for missing in finding.missing]
    paragraphs.append(f"Also reported as {also}." if also else "")
    fix = finding.fix.strip() if finding.verdict is not Verdict.PASS else ""
    paragraphs.append(f"Fix: {fix}" if fix else "")
    return "\n\n".join(filter(None, paragraphs))


def _logical(finding: Finding) -> Json:
    name = visible(finding.resource) or "-"
    path = "/".join(filter(None, (visible(finding.stack), name)))
    return {"logicalLocations": [{"name": name, "fullyQualifiedName": well_formed(path), "kind": "resource"}]}


def _text(step: Evidence) -> str:
    return f"{visible(step.resource)} {step.relation}"


def _step(step: Evidence, finding: Finding) -> Json:
    # GitHub refuses a step without a place; one that has none is shown at the finding.
    return {"location": location(step.span or finding.span, _text(step))}


def _related(finding: Finding, steps: tuple[Evidence, ...]) -> list[Json]:
    """The other places of the path, each once."""
    places: dict[object, tuple[Evidence, Json]] = {}
    for step in steps:
        if step.span is not None and step.span != finding.span:
            places.setdefault(step.span, (step, location(step.span, _text(step))))
    return [{"id": number} | place for number, (_, place) in enumerate(places.values(), start=1)]


def _suppression(finding: Finding) -> Json:
    """A decision that a person wrote down and that is in force: its state is accepted."""
    decision = finding.suppression
    if decision is None:
        return {"kind": "external", "status": "accepted"}
    in_source = decision.kind is not SuppressionKind.BASELINE
    shown: Json = {
        "kind": "inSource" if in_source else "external",
        "status": "accepted",
        "justification": visible(decision.reason) or "no reason given",
    }
    if decision.span is not None:
        shown["location"] = location(decision.span)
    details = {
        "form": decision.kind.value,
        "owner": visible(decision.owner),
        "since": decision.since.isoformat() if decision.since else "",
        "until": decision.until.isoformat() if decision.until else "",
    }
    return shown | {"properties": {key: value for key, value in details.items() if value}}


def _properties(finding: Finding, review: Review) -> Json:
    """What SARIF has no property for; empty ones are left out."""
    properties: Json = {
        "severity": finding.severity.value,
        "category": finding.category.value,
        "source": finding.source,
        "resource": finding.resource,
        "resourceType": finding.resource_type,
        "target": finding.target,
        "template": template_of(finding),
        "newerThanPin": finding.newer_than_pin,
        "stack": finding.stack,
        "construct": finding.construct,
        "environments": list(finding.environments),
        "scenario": dict(sorted(finding.scenario.items())),
        "lens": list(finding.lens),
        "practices": list(finding.practices),
        "also": [{"source": other.source, "rule": other.rule} for other in finding.also],
        "missing": [missing.key or missing.what for missing in finding.missing],
        "fingerprint": finding.fingerprint,
    }
    return {key: value for key, value in properties.items() if value}
