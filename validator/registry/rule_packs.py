"""Rule packs: the group ``tierlens.rules``."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

from validator.model import RulePackError
from validator.registry.entry_points import call_error, entry_points_of, is_ours, label_of, load

if TYPE_CHECKING:
    from validator.rulekit import Rule

GROUP = "tierlens.rules"


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules that one entry point brings."""

    name: str
    """Entry point and distribution: ``builtin (from the package tierlens)``."""
    rules: "tuple[Rule, ...]"
    is_ours: bool = False
    """Whether it comes with tierlens: then its rules have the releases of tierlens."""


def load_rule_packs() -> tuple[RulePack, ...]:
    """Every installed rule pack, ours first.

    An entry point of ``tierlens.rules`` names a callable without arguments that returns a sequence of rules.
    Raises RulePackError when a pack cannot be imported, fails, gives something else than rules, or when two
    rules have one id: a run never has fewer rules than are installed.
    """
    packs = tuple(_load_pack(entry_point) for entry_point in entry_points_of(GROUP))
    _refuse_clashes(packs)
    return packs


def _load_pack(entry_point: EntryPoint) -> RulePack:
    make = load(entry_point, "rule pack")
    if not callable(make):
        raise _malformed(entry_point, f"{entry_point.value} cannot be called")
    try:
        rules: object = make()
    except (Exception, SystemExit) as error:
        raise call_error(entry_point, "rule pack", error) from error
    if not isinstance(rules, Sequence) or isinstance(rules, str | bytes):
        raise _malformed(entry_point, f"{entry_point.value} returned {type(rules).__name__}, not a sequence of rules")
    return RulePack(label_of(entry_point), tuple(_checked(rule, entry_point) for rule in rules), is_ours(entry_point))


def _checked(rule: object, entry_point: EntryPoint) -> "Rule":
    # Imported here: the list of report formats comes from this package too and needs no graph.
    from validator.rulekit import Rule, RuleMeta

    if not isinstance(rule, Rule):
        kind = f"the class {rule.__name__}" if isinstance(rule, type) else f"an object of {type(rule).__name__}"
        raise _malformed(entry_point, f"it holds {kind} where an instance of a rule is expected")
    if not isinstance(getattr(rule, "meta", None), RuleMeta):
        raise _malformed(entry_point, f"its rule {type(rule).__name__} has no metadata")
    return rule


def _malformed(entry_point: EntryPoint, reason: str) -> RulePackError:
    return RulePackError(
        f"the rule pack {label_of(entry_point)} cannot be used: {reason}",
        hint="an entry point of tierlens.rules names a function that returns a tuple of rule instances",
    )


def _refuse_clashes(packs: Sequence[RulePack]) -> None:
    owners: dict[str, RulePack] = {}
    for pack in packs:
        for rule in pack.rules:
            rule_id = rule.meta.id
            owner = owners.get(rule_id.casefold())
            if owner is pack:
                raise RulePackError(
                    f"the rule pack {pack.name} uses the rule id {rule_id} twice",
                    hint="give each rule its own id",
                )
            if owner is not None:
                raise RulePackError(
                    f"the rule id {rule_id} is used by two rule packs: {owner.name} and {pack.name}",
                    hint="rename the rule in one of them, or uninstall one of the packages",
                )
            owners[rule_id.casefold()] = pack
