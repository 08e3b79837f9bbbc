"""The mutation score as a page: ``python -m tests.mutations`` writes it to ``docs/mutation-score.md``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules import pack
from tests.mutations.mutation import Mutation, good_templates
from tests.mutations.operators import HARMLESS, MUTATIONS
from tests.mutations.verdicts import false_alarms_of, outcome_of, verdicts_before

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mutation-score.md"

NEVER_FAILS = {"DATA007": "it explains where the boundary of services without VPC placement is, and never fails"}
"""Rules without a mutation, and why."""

_HEAD = """\
# Mutation score

<!-- Written by `python -m tests.mutations`; do not edit. -->

Each mutation breaks one property of a good template in the way an author would. It counts as *detected* when
exactly the rule of that property fails, on that resource (and in those conditions, where the mutation names some);
where the edit leaves the template undecided, *detected* means that the verdict is *unknown*.
Every other verdict that changes is an *extra*, but for those that the mutation declares with a reason, because one
edit can break two properties at once. A *harmless* edit looks like a fault and is none: no verdict may change.
`tests/mutations` holds templates, mutations and edits, and asserts all of this.
"""


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one mutation."""

    mutation: Mutation
    detected: bool
    extra: int


def scores() -> tuple[Score, ...]:
    """Carry out all mutations, in their order."""
    outcomes = ((mutation, outcome_of(mutation)) for mutation in MUTATIONS)
    return tuple(Score(mutation, not outcome.missed, len(outcome.extra)) for mutation, outcome in outcomes)


def page() -> str:
    """The page, from carrying out all mutations and harmless edits."""
    scored = scores()
    alarms = sum(len(false_alarms_of(edit)) for edit in HARMLESS)
    detected, extra = sum(score.detected for score in scored), sum(score.extra for score in scored)
    good = sum(set(verdicts_before(stack).by_key.values()) == {"pass"} for stack in good_templates())
    summary = [
        f"- good templates, on which every verdict is a pass: {good} of {len(good_templates())}",
        f"- mutations detected: {detected} of {len(scored)} ({detected / len(scored):.1%})",
        f"- extra changes of verdicts: {extra}",
        f"- harmless edits: {len(HARMLESS)}, verdicts they change: {alarms}",
    ]
    unmutated = [f"{rule} has no mutation: {why}." for rule, why in NEVER_FAILS.items()]
    return "\n".join([_HEAD, *summary, "", *_by_rule(scored), "", *unmutated, "", *_listing(scored)])


def _by_rule(scored: Sequence[Score]) -> Iterator[str]:
    yield "| rule | property broken | mutations | detected | extra |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for rule in pack():
        own = [score for score in scored if score.mutation.rule == rule.meta.id]
        if own:
            detected, extra = sum(score.detected for score in own), sum(score.extra for score in own)
            yield f"| {rule.meta.id} | {rule.meta.title} | {len(own)} | {detected} | {extra} |"


def _listing(scored: Sequence[Score]) -> Iterator[str]:
    yield "## The mutations"
    yield ""
    yield "| rule | template | mutation | brings about | touches besides |"
    yield "| --- | --- | --- | --- | --- |"
    for score in sorted(scored, key=lambda score: (score.mutation.rule, score.mutation.stack, score.mutation.name)):
        mutation = score.mutation
        besides = "; ".join(dict.fromkeys(f"{fault.rule}: {fault.reason}" for fault in mutation.also))
        yield f"| {mutation.rule} | {mutation.stack} | {mutation.name} | {_brought(mutation)} | {besides} |"
    yield ""


def _brought(mutation: Mutation) -> str:
    fault = mutation.faults[0]
    conditions = " and ".join(f"{name} is {str(value).lower()}" for name, value in fault.scenario or ())
    return f"{fault.verdict} when {conditions}" if conditions else fault.verdict
