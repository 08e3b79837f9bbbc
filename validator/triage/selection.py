"""Which rules run: ids, prefixes of ids and categories that were named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from validator.model import Category, UsageError
from validator.settings import did_you_mean

OWN_RULES = "tierlens"
NO_RULES: Mapping[str, Category] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Selection:
    """The names after ``--select`` and ``--ignore``, or the settings of the same names.

    A name is a rule's id (``AUTH001``), the start of ids (``AUTH``), a category (``api-auth``) or an engine
    (``checkov``). An empty ``select`` means every rule; ``ignore`` is the stronger of the two.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def matches(self, rule_id: str, category: Category, source: str = OWN_RULES) -> bool:
        """Whether the rule of an engine runs, by default of ours."""
        selected = not self.select or any(names_rule(name, rule_id, category, source) for name in self.select)
        return selected and not any(names_rule(name, rule_id, category, source) for name in self.ignore)

    def chosen(
        self,
        rules: Mapping[str, Category],
        others: Mapping[str, Category] = NO_RULES,
        engines: Iterable[str] = (),
        others_left: bool = False,
    ) -> frozenset[str]:
        """The ids of the rules that run, out of all rules by id.

        ``others`` are rules of other engines and ``engines`` their names: they may be named too.
        ``others_left`` says that some of them run, so that none of ``rules`` has to.

        Raises:
            UsageError: a name matches no rule, or no rule is left: a gate that checks nothing is no gate.
        """
        for option, names in (("select", self.select), ("ignore", self.ignore)):
            require_known_names([name for name in names if name not in engines], {**others, **rules}, option)
        chosen = frozenset(rule_id for rule_id, category in rules.items() if self.matches(rule_id, category))
        if not chosen and not others_left:
            raise UsageError("the selection leaves no rule to run", hint="name more in select, or less in ignore")
        return chosen


def require_known_names(names: Iterable[str], rules: Mapping[str, Category], option: str) -> None:
    """Refuses names that match no rule; ``option`` is where they were given (``select``).

    Raises:
        UsageError: one error that lists every such name with the nearest that is known.
    """
    problems = []
    for name in names:
        if not any(names_rule(name, rule_id, category) for rule_id, category in rules.items()):
            near = did_you_mean(name, _all_names(rules))
            problems.append(f"{option}: '{name}' matches no rule{': ' + near if near else ''}")
    if problems:
        raise UsageError(
            "\n".join(problems), hint="name rule ids, prefixes of ids or categories; tierlens rules lists them"
        )


def _all_names(rules: Mapping[str, Category]) -> set[str]:
    prefixes = (rule_id.rstrip("0123456789") for rule_id in rules)
    return {*rules, *prefixes, *(category.value for category in rules.values())}


def names_rule(name: str, rule_id: str, category: Category, source: str = OWN_RULES) -> bool:
    """Whether a name speaks of a rule: its id, the start of it, its category or its engine."""
    return bool(name) and (rule_id.startswith(name) or name in (category.value, source))
