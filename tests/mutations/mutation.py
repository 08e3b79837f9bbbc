"""What a mutation is: one edit of one good template, and the verdicts that it has to change."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.mutations.edits import Data, Edit, both
from tests.properties.rewriting import data_of

GOOD = Path(__file__).parent / "good"
REFERENCE_STACKS = Path(__file__).resolve().parents[2] / "reference_stacks"


@dataclass(frozen=True, slots=True)
class Fault:
    """A verdict that a mutation brings about: failing unless ``verdict`` says otherwise (``gone``: no more).

    ``target`` is None where the part of the resource is not compared. ``scenario`` is the conditions that the
    finding has to name. ``reason`` says why the mutation touches this property too (for those of ``also``).
    """

    rule: str
    resource: str
    target: str | None = None
    verdict: str = "fail"
    scenario: tuple[tuple[str, bool], ...] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break one property of a good template."""

    stack: str
    name: str
    edit: Edit
    faults: tuple[Fault, ...]
    also: tuple[Fault, ...] = field(default=())

    @property
    def rule(self) -> str:
        """The rule whose property is broken."""
        return self.faults[0].rule

    @property
    def label(self) -> str:
        """The mutation's name in the list of tests."""
        return f"{self.rule} {self.stack}: {self.name}"


@dataclass(frozen=True, slots=True)
class HarmlessEdit:
    """An edit that looks like a fault and breaks nothing: no verdict may change."""

    stack: str
    name: str
    edit: Edit

    @property
    def label(self) -> str:
        """The edit's name in the list of tests."""
        return f"{self.stack}: {self.name}"


def breaks(
    rule: str,
    stack: str,
    resources: str,
    name: str,
    *edits: Edit,
    target: str | None = None,
    when: dict[str, bool] | None = None,
    also: tuple[Fault, ...] = (),
    verdict: str = "fail",
) -> Mutation:
    """A mutation after which the rule fails on each of the resources (logical IDs, spaces between)."""
    scenario = None if when is None else tuple(sorted(when.items()))
    faults = tuple(Fault(rule, resource, target, verdict, scenario) for resource in resources.split())
    return Mutation(stack, name, both(*edits), faults, also)


def undecides(
    rule: str,
    stack: str,
    resources: str,
    name: str,
    *edits: Edit,
    target: str | None = None,
    also: tuple[Fault, ...] = (),
) -> Mutation:
    """A mutation after which the template no longer decides: the rule may neither pass nor fail."""
    return breaks(rule, stack, resources, name, *edits, target=target, also=also, verdict="unknown")


def too(
    rules: str, resources: str, reason: str, *, target: str | None = None, verdict: str = "fail"
) -> tuple[Fault, ...]:
    """Verdicts that the mutation unavoidably changes besides, and why."""
    return tuple(
        Fault(rule, resource, target, verdict, reason=reason)
        for rule in rules.split()
        for resource in resources.split()
    )


def gone(rules: str, resources: str, reason: str) -> tuple[Fault, ...]:
    """Passes that the mutation takes away, because the rule's property no longer applies, and why."""
    return too(rules, resources, reason, verdict="gone")


def harmless(stack: str, name: str, *edits: Edit) -> HarmlessEdit:
    """An edit after which every verdict is what it was."""
    return HarmlessEdit(stack, name, both(*edits))


def good_templates() -> dict[str, Path]:
    """The good templates by name: those of this folder, and the reference stacks as they come."""
    stacks = {path.parent.name: path for path in REFERENCE_STACKS.glob("*/template.yaml")}
    return {**stacks, **{path.stem: path for path in GOOD.glob("*.yaml")}}


@cache
def good_template(stack: str) -> Data:
    """The named good template as plain data; edits leave it as it is."""
    return data_of(good_templates()[stack].read_text(encoding="utf-8"))
