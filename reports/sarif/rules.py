"""Rules as SARIF's reporting descriptors, and the tool components that hold them.

The driver is tierlens and each other engine is an extension of it: code scanning then shows one list under
one tool, and a rule still says whose it is. See *SARIF support for code scanning* in GitHub's documentation
for what it reads of a descriptor.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from reports.facts import OWN_SOURCE
from reports.sarif.places import Json
from reports.strings import cut, visible, well_formed
from validator.model import CORE_CATEGORIES, Category, EngineStatus, Finding, Review, RuleText, Severity, Verdict

UNDECIDED = "/undecided"
"""What is appended to the id of a rule for its unknown verdicts: SARIF's hierarchical ids, section 3.27.5."""

LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}

# GitHub: above 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. It wants a string.
_SECURITY_SEVERITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
_PROBLEM_SEVERITY = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "recommendation",
}
_SECURITY = {*CORE_CATEGORIES, Category.DATA_PROTECTION, Category.RESOURCE_CONFIGURATION}
_SHORT = 1024
_TAGS = 10
"""GitHub shows the first ten tags of a rule."""


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where the descriptor of a rule stands: in the driver, or in the extension with this index."""

    index: int
    extension: int | None


@dataclass(slots=True)
class Catalogue:
    """The tool object of a run, and where each rule stands in it."""

    tool: Json
    places: dict[tuple[str, str], RulePlace] = field(default_factory=dict)

    def reference(self, finding: Finding) -> Json:
        """The properties of a result that name its rule."""
        place = self.places[finding.source, rule_id(finding)]
        shown = visible(rule_id(finding))
        if place.extension is None:
            return {"ruleId": shown, "ruleIndex": place.index}
        component = {"index": place.extension}
        return {"ruleId": shown, "rule": {"id": shown, "index": place.index, "toolComponent": component}}


def rule_id(finding: Finding) -> str:
    """The id under which a finding is filed.

    An unknown is filed apart: GitHub reads the severity of an alert off its rule, and what nobody could
    decide is not as bad as what is proven.
    """
    return finding.rule + UNDECIDED if finding.verdict is Verdict.UNKNOWN else finding.rule


def catalogue(review: Review, findings: Iterable[Finding]) -> Catalogue:
    """The tool with every rule that ran, and with those of ``findings`` that the review has no text of."""
    filed: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for text in review.rules.values():
        filed[text.source, text.id] = []
    for finding in findings:
        filed[finding.source, rule_id(finding)].append(finding)
    versions = {engine.name: engine.version for engine in review.engines}
    engines = {engine.name for engine in review.engines if engine.status is not EngineStatus.OFF}
    sources = sorted({*engines, *(source for source, _ in filed)} - {OWN_SOURCE})
    driver: Json = {"name": OWN_SOURCE, **_version(review.version)}
    result = Catalogue(tool={"driver": driver})
    driver["rules"] = _descriptors(OWN_SOURCE, None, filed, review, result)
    if sources:
        result.tool["extensions"] = [
            {"name": visible(source) or "-", **_version(versions.get(source, ""))}
            | {"rules": _descriptors(source, number, filed, review, result)}
            for number, source in enumerate(sources)
        ]
    return result


def _version(version: str) -> Json:
    """SARIF's ``semanticVersion`` wants three numbers; what has another form is a plain version."""
    if not version:
        return {}
    numbers = version.split(".")
    is_semantic = len(numbers) == 3 and all(part.isdecimal() for part in numbers)
    shown = visible(version)
    return {"version": shown, "semanticVersion": shown} if is_semantic else {"version": shown}


def _descriptors(
    source: str,
    extension: int | None,
    filed: Mapping[tuple[str, str], list[Finding]],
    review: Review,
    result: Catalogue,
) -> list[Json]:
    descriptors: list[Json] = []
    for key in sorted(key for key in filed if key[0] == source):
        identifier = key[1]
        result.places[key] = RulePlace(len(descriptors), extension)
        text = review.rules.get(identifier.removesuffix(UNDECIDED))
        if text is None or text.source != source:
            text = _text_of(filed[key][0])
        descriptors.append(_descriptor(text, identifier, filed[key]))
    return descriptors


def _text_of(finding: Finding) -> RuleText:
    """What is known of a rule whose text the review does not hold; nothing of the resource goes in."""
    title = f"Rule {finding.rule} of {finding.source}"
    return RuleText(
        id=finding.rule,
        title=title,
        category=finding.category,
        severity=finding.severity,
        why="",
        explanation="",
        lens=finding.lens,
        practices=finding.practices,
        source=finding.source,
    )


def _descriptor(text: RuleText, identifier: str, findings: list[Finding]) -> Json:
    undecided = identifier.endswith(UNDECIDED)
    # Settings can rate a rule anew, and a rule can rate a case: alerts show the worst that was given.
    severity = max((f.severity for f in findings), default=text.severity)
    title = visible(text.title) or visible(text.id)
    if undecided:
        title = f"{title} (undecided: the template does not say)"
    descriptor: Json = {
        "id": visible(identifier),
        "shortDescription": {"text": cut(title, _SHORT)},
        "fullDescription": {"text": cut(visible(text.why) or title, _SHORT)},
        "help": {"text": _help_text(text, title), "markdown": _help_markdown(text, title)},
        "defaultConfiguration": {"level": "none" if undecided else LEVELS[severity]},
        "properties": _properties(text, severity, undecided),
    }
    address = next((r for r in text.references if r.startswith(("https://", "http://"))), "")
    return descriptor | {"helpUri": _uri(address)} if address else descriptor


def _properties(text: RuleText, severity: Severity, undecided: bool) -> Json:
    security = text.category in _SECURITY or any(name.startswith("SEC") for name in (*text.lens, *text.practices))
    tags = ["security"] if security else []
    tags += [text.category.value, *(f"lens/{visible(name)}" for name in (*text.lens, *text.practices))]
    properties: Json = {"precision": "high" if text.source in (OWN_SOURCE, "cfn-lint") else "medium"}
    properties["tags"] = list(dict.fromkeys(tags))[:_TAGS]
    if undecided:
        return properties | {"problem.severity": "recommendation"}
    if security:
        return properties | {"security-severity": _SECURITY_SEVERITY[severity]}
    return properties | {"problem.severity": _PROBLEM_SEVERITY[severity]}


def _help_text(text: RuleText, title: str) -> str:
    parts = (title, text.why, text.explanation, *text.references)
    return well_formed("\n\n".join(part.strip() for part in parts if part.strip()))


def _help_markdown(text: RuleText, title: str) -> str:
    """The explanation of the rule as its author wrote it: it comes with the rule, not with a template."""
    parts = [f"**{title}**", text.why, text.explanation]
    if text.lens or text.practices:
        parts.append(f"Serverless Lens: {', '.join((*text.lens, *text.practices))}")
    parts += [f"<{_uri(r)}>" if r.startswith(("https://", "http://")) else r for r in text.references]
    return well_formed("\n\n".join(part.strip() for part in parts if part.strip()))


def _uri(address: str) -> str:
    return quote(well_formed(address), safe=":/?#[]@!$&'()*+,;=%-._~")
