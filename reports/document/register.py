"""The findings of a review in the order of the document, with the numbers that text and picture share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reports.facts import OWN_SOURCE
from validator.model import Category, Finding, Review, RuleText, Severity, Verdict

VERDICTS = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SUPPRESSED, Verdict.REFUTED, Verdict.PASS)
"""The order of the document: what needs people first."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding and its number, which counts from 1 over the whole document."""

    number: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The findings of one rule with one verdict."""

    number: int
    """Counts from 1 over all groups."""
    verdict: Verdict
    rule: str
    source: str
    title: str
    why: str
    is_translated: bool
    """Whether title and reason are in the language of the document; else they are in the rule's own, English."""
    references: tuple[str, ...]
    severity: Severity
    """The worst of its findings."""
    category: Category
    practices: tuple[str, ...]
    items: tuple[Numbered, ...]

    @property
    def common_fix(self) -> str:
        """What to do, where it is one thing for several findings; else empty."""
        fixes = {item.finding.fix for item in self.items}
        return next(iter(fixes)) if len(fixes) == 1 and len(self.items) > 1 else ""


class Register:
    """All findings, grouped and numbered: failures first, worst first, ours before those of other engines."""

    def __init__(self, review: Review, language: str = "en") -> None:
        self.groups = _groups(review, language)
        self._by_identity = {id(item.finding): item for group in self.groups for item in group.items}
        self._groups = {item.number: group for group in self.groups for item in group.items}

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Failing findings by number: what the picture is given."""
        return tuple(item.finding for group in self.of_verdict(Verdict.FAIL) for item in group.items)

    @property
    def count(self) -> int:
        """How many findings there are."""
        return len(self._by_identity)

    def of_verdict(self, verdict: Verdict) -> tuple[RuleGroup, ...]:
        """The groups with that verdict."""
        return tuple(group for group in self.groups if group.verdict is verdict)

    def numbered(self, findings: Iterable[Finding]) -> tuple[Numbered, ...]:
        """These findings with their numbers, in the order of the document."""
        found = (self._by_identity[id(finding)] for finding in findings)
        return tuple(sorted(found, key=lambda item: item.number))

    def group_of(self, item: Numbered) -> RuleGroup:
        """The group that a finding stands in."""
        return self._groups[item.number]


def _groups(review: Review, language: str) -> tuple[RuleGroup, ...]:
    found: dict[tuple[Verdict, str, str], list[Finding]] = defaultdict(list)
    for finding in review.findings:
        found[finding.verdict, finding.source, finding.rule].append(finding)
    ordered = sorted(found.items(), key=lambda entry: _order(*entry))
    groups: list[RuleGroup] = []
    number = 0
    for (verdict, source, rule), findings in ordered:
        worst_first = sorted(findings, key=lambda finding: -finding.severity.rank)
        items = tuple(Numbered(number + place, finding) for place, finding in enumerate(worst_first, 1))
        number += len(items)
        groups.append(_group(len(groups) + 1, verdict, source, rule, items, review.rules.get(rule), language))
    return tuple(groups)


def _order(key: tuple[Verdict, str, str], findings: list[Finding]) -> tuple[int, int, bool, str, str]:
    verdict, source, rule = key
    worst = max(finding.severity.rank for finding in findings)
    return VERDICTS.index(verdict), -worst, source != OWN_SOURCE, source, rule


def _group(
    number: int,
    verdict: Verdict,
    source: str,
    rule: str,
    items: tuple[Numbered, ...],
    text: RuleText | None,
    language: str,
) -> RuleGroup:
    worst = items[0].finding
    wording = None if text is None else text.wording(language)
    title, why = worst.message if text is None else text.title, worst.why
    if text is not None and wording is not None and why in ("", text.why):
        title, why = wording.title, wording.why
    references = () if text is None else tuple(url for url in text.references if _is_address(url))
    return RuleGroup(
        number=number,
        verdict=verdict,
        rule=rule,
        source=source,
        title=title,
        why=why,
        is_translated=wording is not None and title == wording.title,
        references=references,
        severity=worst.severity,
        category=worst.category,
        practices=tuple(sorted({practice for item in items for practice in item.finding.practices})),
        items=items,
    )


def _is_address(url: str) -> bool:
    # A rule pack is anybody's: nothing but plain addresses becomes a link.
    return url.startswith(("https://", "http://"))
