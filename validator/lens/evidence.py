"""Which findings of a run bear on which practice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from validator.lens.catalogue import Decidable, Practice
from validator.lens.coverage import CoverageTable
from validator.model import Finding, Verdict


@dataclass(slots=True)
class Evidence:
    """The findings that bear on one practice, by what they say of it."""

    contradicting: list[Finding] = field(default_factory=list)
    supporting: list[Finding] = field(default_factory=list)
    concerns: list[Finding] = field(default_factory=list)
    unknown: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding, contradicts: bool) -> None:
        """File a finding; what the graph refutes says nothing."""
        match finding.verdict:
            case Verdict.FAIL:
                (self.contradicting if contradicts else self.concerns).append(finding)
            case Verdict.PASS:
                self.supporting.append(finding)
            case Verdict.UNKNOWN:
                self.unknown.append(finding)
            case Verdict.SUPPRESSED:
                self.suppressed.append(finding)
            case Verdict.REFUTED:
                pass


@dataclass(frozen=True, slots=True)
class Sorted:
    """All findings of a run by practice, by question, and those that bear on none."""

    by_practice: Mapping[str, Evidence]
    by_question: Mapping[str, tuple[Finding, ...]]
    unmapped: tuple[Finding, ...]


def sort_findings(findings: Iterable[Finding], table: CoverageTable, lens: Mapping[str, Practice]) -> Sorted:
    """File each finding under the practices and questions that it bears on.

    A failure contradicts no practice that only people can answer: there it is a concern. Practices that the lens
    does not have (another pack may name any) are left out.
    """
    by_practice: dict[str, Evidence] = defaultdict(Evidence)
    by_question: dict[str, list[Finding]] = defaultdict(list)
    unmapped: list[Finding] = []
    for finding in findings:
        practices = tuple(name for name in table.practices_of(finding) if name in lens)
        for practice in practices:
            is_for_people = lens[practice].decidable is Decidable.INTERVIEW
            by_practice[practice].add(finding, not is_for_people and table.contradicts(finding, practice))
        filed = {practice.partition(".")[0] for practice in practices}
        alone = [question for question in finding.lens if question not in filed]
        # A rule that is narrowed by type names practices beside the one that holds: those are no bare questions.
        bare = [question for question in alone if not any(p.startswith(f"{question}.") for p in finding.practices)]
        for question in bare:
            by_question[question].append(finding)
        if not practices and not bare and finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            unmapped.append(finding)
    return Sorted(by_practice, {name: tuple(found) for name, found in by_question.items()}, tuple(unmapped))
