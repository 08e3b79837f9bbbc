"""Which rules run: ids, prefixes of ids and categories that were named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from validator.model import Category, UsageError
from validator.settings import did_you_mean


@dataclass(frozen=True, slots=True)
class Selection:
    """The names after ``--select`` and ``--ignore``, or the settings of the same names.

    A name is a rule's id (``AUTH001``), the start of ids (``AUTH``) or a category (``api-auth``). An empty
    ``select`` means every rule; ``ignore`` is the stronger of the two.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def matches(self, rule_id: str, category: Category) -> bool:
        """Whether the rule runs."""
        selected = not self.select or any(_names(name, rule_id, category) for name in self.select)
        return selected and not any(_names(name, rule_id, category) for name in self.ignore)

    def chosen(self, rules: Mapping[str, Category]) -> frozenset[str]:
        """The ids of the rules that run, out of all rules by id.

        Raises:
            UsageError: a name matches no rule, or no rule is left: a gate that checks nothing is no gate.
        """
        for option, names in (("select", self.select), ("ignore", self.ignore)):
            require_known_names(names, rules, option)
        chosen = frozenset(rule_id for rule_id, category in rules.items() if self.matches(rule_id, category))
        if not chosen:
            raise UsageError("the selection leaves no rule to run", hint="name more in select, or less in ignore")
        return chosen


def require_known_names(names: Iterable[str], rules: Mapping[str, Category], option: str) -> None:
    """Refuses names that match no rule; ``option`` is where they were given (``select``).

    Raises:
        UsageError: one error that lists every such name with the nearest that is known.
    """
    problems = []
    for name in names:
        if not any(_names(name, rule_id, category) for rule_id, category in rules.items()):
            near = did_you_mean(name, _all_names(rules))
            problems.append(f"{option}: '{name}' matches no rule{': ' + near if near else ''}")
    if problems:
        raise UsageError(
            "\n".join(problems), hint="name rule ids, prefixes of ids or categories; tierlens rules lists them"
        )


def require_known_ids(ids: Iterable[str], rules: Mapping[str, Category], option: str) -> None:
    """Refuses what is no full rule id: ``severity`` remaps single rules only.

    Raises:
        UsageError: one error that lists every such id with the nearest that is known.
    """
    unknown = [rule_id for rule_id in ids if rule_id not in rules]
    if unknown:
        suggestions = ((rule_id, did_you_mean(rule_id, rules)) for rule_id in unknown)
        raise UsageError(
            "\n".join(
                f"{option}: there is no rule '{rule_id}'{': ' + near if near else ''}"
                for rule_id, near in suggestions
            ),
            hint="name rules by their ids; tierlens rules lists them",
        )


def _all_names(rules: Mapping[str, Category]) -> set[str]:
    prefixes = (rule_id.rstrip("0123456789") for rule_id in rules)
    return {*rules, *prefixes, *(category.value for category in rules.values())}


def _names(name: str, rule_id: str, category: Category) -> bool:
    return bool(name) and (rule_id.startswith(name) or name == category.value)
