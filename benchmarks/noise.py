"""How much noise triage takes away: ``python -m benchmarks.noise [FOLDER] [--engine NAME]…``.

Runs the review over the templates of a folder and counts the failures of each rule before triage, and what became of
them: merged into another finding, refuted by the graph, or left.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from benchmarks.templates import default_folder
from validator.engines import DEFAULT_ENGINES
from validator.model import Finding, Verdict
from validator.review import ReviewRequest, pipeline, review
from validator.triage import Refutations, triage_findings

Rule = tuple[str, str]
"""An engine and a rule of it."""


@dataclass(slots=True)
class Noise:
    """Failures by rule, those that an engine's reader refutes already among them: merged, refuted and left."""

    before: Counter[Rule] = field(default_factory=Counter)
    merged: Counter[Rule] = field(default_factory=Counter)
    refuted: Counter[Rule] = field(default_factory=Counter)
    left: Counter[Rule] = field(default_factory=Counter)

    def count(self, before: Iterable[Finding], after: Iterable[Finding]) -> None:
        """Add a run's findings before and after triage."""
        self.before.update(_failures(before, Verdict.FAIL, Verdict.REFUTED))
        kept = list(after)
        self.left.update(_failures(kept, Verdict.FAIL))
        known = self._refuted_of(kept)
        self.refuted.update(known)
        for rule, number in self.before.items():
            self.merged[rule] = number - self.left[rule] - self.refuted[rule]

    def _refuted_of(self, findings: Iterable[Finding]) -> Counter[Rule]:
        """Refuted failures, those that were merged into other refuted ones among them."""
        found: Counter[Rule] = Counter()
        for finding in findings:
            if finding.verdict is Verdict.REFUTED:
                found[(finding.source, finding.rule)] += 1
                found.update((one.source, one.rule) for one in finding.also)
        return found

    def table(self) -> str:
        """The counts as a Markdown table: engines first, then their rules, the noisiest first."""
        lines = ["| engine | rule | before | merged | refuted | left |", "| --- | --- | --- | --- | --- | --- |"]
        for engine in sorted({engine for engine, _ in self.before}):
            rules = [rule for rule in self.before if rule[0] == engine]
            lines.append(self._row(f"**{engine}**", "all", rules))
            changed = [rule for rule in rules if self.left[rule] < self.before[rule]]
            for rule in sorted(changed, key=lambda rule: (self.left[rule] - self.before[rule], rule)):
                lines.append(self._row(engine, rule[1], [rule]))
        lines.append(self._row("**all**", "all", list(self.before)))
        return "\n".join(lines)

    def _row(self, engine: str, name: str, rules: list[Rule]) -> str:
        counts = (self.before, self.merged, self.refuted, self.left)
        numbers = " | ".join(str(sum(count[rule] for rule in rules)) for count in counts)
        return f"| {engine} | {name} | {numbers} |"


def _failures(findings: Iterable[Finding], *verdicts: Verdict) -> Iterable[Rule]:
    return ((finding.source, finding.rule) for finding in findings if finding.verdict in verdicts)


def measure(folder: Path, engines: tuple[str, ...]) -> Noise:
    """Review a folder and count."""
    noise = Noise()

    def recorded(findings: Iterable[Finding], refutations: Refutations) -> tuple[Finding, ...]:
        before = list(findings)
        after = triage_findings(before, refutations)
        noise.count(before, after)
        return after

    with patch.object(pipeline, "triage_findings", recorded):
        review(ReviewRequest(paths=(str(folder),), root=folder, engines=engines))
    return noise


def main() -> None:
    """Measure what the command line names and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=default_folder())
    parser.add_argument("--engine", action="append", default=[])
    given = parser.parse_args()
    noise = measure(given.folder.resolve(), tuple(given.engine) or DEFAULT_ENGINES)
    sys.stdout.write(f"{noise.table()}\n")


if __name__ == "__main__":
    main()
