"""The scenarios in which a template is shown to an engine that knows no conditions.

First the one that the parameters' defaults and given values lead to. Where conditions matter, a second with
every condition the other way round, as far as that can be; then one each for resources that exist in neither.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.resolve import ConditionKey, Evaluation, Scope

MAXIMUM_SCENARIOS = 6


@dataclass(frozen=True, slots=True)
class Scenario:
    """One truth value for each condition. ``open`` are those that the defaults do not decide."""

    truth: Mapping[str, bool]
    at_defaults: bool
    open: frozenset[str] = frozenset()

    def has(self, condition: str) -> bool:
        """Whether a resource under the condition exists; under no condition it always does."""
        return not condition or self.truth.get(condition, True)


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The scenarios of a template; the first is the one at defaults. ``left_out`` are resources in none."""

    all: tuple[Scenario, ...]
    left_out: tuple[str, ...] = ()
    relevant: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each resource after expansion: the conditions that it names."""


class _Fixed(Evaluation):
    """An evaluation in which the conditions of one stack are decided from the start, one after the other."""

    def __init__(self, scope: Scope, truth: Mapping[str, bool]) -> None:
        super().__init__()
        base = scope.evaluation
        self.solvers, self.scopes, self._joint = base.solvers, base.scopes, base._joint
        self._stack = scope.name
        self._decided = {self._key(name): value for name, value in truth.items()}

    def _key(self, name: str) -> ConditionKey:
        return ConditionKey(self._stack, name)

    def can_be(self, name: str) -> frozenset[bool]:
        """The truth values that a condition can take beside those decided."""
        return self._possible(self._key(name), self._decided)

    def is_default(self, name: str, value: bool) -> bool:
        """Whether the defaults lead to the value of the condition beside those decided."""
        return self.at_defaults({**self._decided, self._key(name): value})

    def decide(self, name: str, value: bool) -> None:
        """Fix one more condition."""
        self._decided[self._key(name)] = value


def fixed(scope: Scope, scenario: Scenario) -> Scope:
    """The stack in one scenario: its values resolve without a question left open."""
    found = copy(scope)
    found.evaluation = _Fixed(scope, scenario.truth)
    return found


def scenarios_of(scope: Scope) -> Scenarios:
    """The scenarios that a stack is judged in."""
    resources = scope.template.resources
    relevant = {name: frozenset(_conditions_in(resource.body)) for name, resource in resources.items()}
    names = tuple(dict.fromkeys((*scope.template.conditions, *sorted(frozenset().union(*relevant.values())))))
    first = _at_defaults(scope, names, {})
    if not any(relevant.values()):
        return Scenarios((first,), relevant=relevant)
    found = [first]
    second = _opposite(scope, names, first)
    if second.truth != first.truth:
        found.append(second)
    left_out = []
    for name, resource in resources.items():
        condition = condition_of(resource.body)
        if any(scenario.has(condition) for scenario in found):
            continue
        if True not in _Fixed(scope, {}).can_be(condition):
            continue
        if len(found) >= MAXIMUM_SCENARIOS:
            left_out.append(name)
            continue
        found.append(_at_defaults(scope, names, {condition: True}))
    return Scenarios(tuple(found), tuple(left_out), relevant)


def condition_of(body: MapNode) -> str:
    """The name of the resource's condition, empty when it has none."""
    condition = body.get("Condition")
    return condition.text if isinstance(condition, ScalarNode) else ""


def leads_there(scope: Scope, truth: Mapping[str, bool]) -> bool:
    """Whether the parameters' defaults and given values lead to these truth values."""
    return scope.evaluation.at_defaults({ConditionKey(scope.name, name): value for name, value in truth.items()})


def _at_defaults(scope: Scope, names: Iterable[str], start: Mapping[str, bool]) -> Scenario:
    evaluation = _Fixed(scope, start)
    truth: dict[str, bool] = dict(start)
    undecided: set[str] = set()
    for name in names:
        if name in truth:
            continue
        possible = sorted(evaluation.can_be(name), reverse=True)
        by_default = [value for value in possible if evaluation.is_default(name, value)]
        if len(possible) > 1 and len(by_default) != 1:
            undecided.add(name)
        truth[name] = (by_default or possible)[0]
        evaluation.decide(name, truth[name])
    return Scenario(truth, not start, frozenset(undecided))


def _opposite(scope: Scope, names: Iterable[str], first: Scenario) -> Scenario:
    evaluation = _Fixed(scope, {})
    truth: dict[str, bool] = {}
    # What the defaults leave open comes first: both of its sides are to be seen.
    for name in sorted(names, key=lambda name: name not in first.open):
        wanted = not first.truth[name]
        truth[name] = wanted if wanted in evaluation.can_be(name) else not wanted
        evaluation.decide(name, truth[name])
    return Scenario(truth, at_defaults=False)


def _conditions_in(body: MapNode) -> Iterator[str]:
    own = condition_of(body)
    if own:
        yield own
    pending: list[Node] = [value for key, value in body.items() if key != "Condition"]
    while pending:
        node = pending.pop()
        if isinstance(node, ListNode):
            pending.extend(node.items)
        elif isinstance(node, MapNode):
            choice = node.get("Fn::If")
            if isinstance(choice, ListNode) and choice.items and isinstance(choice.items[0], ScalarNode):
                yield choice.items[0].text
            pending.extend(value for _, value in node.items())
