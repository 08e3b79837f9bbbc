"""Conditions: which combinations of truth values a template's parameters can give.

Conditions that share parameters form a group. Each group is enumerated on its own, over the values its
parameters are compared with and one "other" value each; whole templates would reach 2^20 combinations,
groups stay small. A group over the bound is not enumerated: its conditions are taken as free and every
verdict that reads them is tainted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.model import ParameterDeclaration
from validator.resolve.condition_truth import FreeAtom, Other, Symbol, TruthEvaluator
from validator.resolve.parameters import Environment, admits, is_kept_elsewhere, is_list
from validator.resolve.substitution import substitution_parts

ASSIGNMENTS_BOUND = 4096
BOTH = frozenset((True, False))


@dataclass(slots=True)
class _Vector:
    """One satisfiable combination of a group's truth values, and the parameter values that lead to it."""

    truth: dict[str, bool]
    values: dict[str, set[str | None]] = field(default_factory=dict)
    at_defaults: bool = False


@dataclass(slots=True)
class _Group:
    names: tuple[str, ...]
    vectors: list[_Vector]
    exact: bool


class ConditionSolver:
    """Answers which truth values a stack's conditions can take together.

    Takes the template's ``Conditions``, ``Mappings`` and ``Rules`` nodes, its parameter declarations and the
    environment of the run. ``Rules`` assertions that use only the functions of conditions narrow the
    assignments, the others are ignored (User Guide, *Rules*: a failing assertion stops the stack).
    """

    def __init__(
        self,
        conditions: Mapping[str, Node],
        parameters: Mapping[str, ParameterDeclaration],
        mappings: Mapping[str, Node],
        rules: Mapping[str, Node],
        environment: Environment,
    ) -> None:
        self._conditions = conditions
        self._parameters = parameters
        self._mappings = mappings
        self._environment = environment
        self._constraints = tuple(_constraints(rules))
        self._constrained = tuple(self._variables_of(constraint, frozenset()) for constraint in self._constraints)
        self._variables = {name: self._variables_of(node, frozenset((name,))) for name, node in conditions.items()}
        self._members = self._grouped()
        self._solved: dict[tuple[str, ...], _Group] = {}

    def _group(self, name: str) -> "_Group | None":
        """The group of a condition, solved when it is first asked for; None for one that is not declared."""
        names = self._members.get(name)
        if names is None:
            return None
        if names not in self._solved:
            self._solved[names] = self._enumerate(names)
        return self._solved[names]

    def _groups_of(self, decided: Iterable[str]) -> list["_Group"]:
        groups = (self._group(name) for name in dict.fromkeys(decided))
        return list({id(group): group for group in groups if group is not None}.values())

    def possible(self, name: str, decided: Mapping[str, bool]) -> frozenset[bool]:
        """The truth values that ``name`` can take beside the decided conditions.

        A condition that the template does not declare can be either.
        """
        group = self._group(name)
        if name in decided:
            return frozenset((decided[name],))
        if group is None or not group.exact:
            return BOTH
        return frozenset(vector.truth[name] for vector in _agreeing(group, decided)) or BOTH

    def exact(self, name: str) -> bool:
        """False when the condition is undeclared or its group was too large to enumerate."""
        group = self._group(name)
        return group is not None and group.exact

    def parameter(self, name: str, decided: Mapping[str, bool]) -> frozenset[str | None]:
        """The values the parameter can take beside the decisions; None stands for any other value.

        Empty when the parameter takes no part in a decided condition.
        """
        values: set[str | None] = set()
        for group in self._groups_of(decided):
            for vector in _agreeing(group, decided) if group.exact else ():
                values |= vector.values.get(name, set())
        return frozenset(values)

    def at_defaults(self, decided: Mapping[str, bool]) -> bool:
        """Whether the parameters' defaults (and given values) lead to the decided truth values."""
        for group in self._groups_of(decided):
            if group.exact and not any(v.at_defaults for v in _agreeing(group, decided)):
                return False
        return True

    def witness(self, decided: Mapping[str, bool]) -> dict[str, str]:
        """Parameter values that lead to the decided truth values, as far as they are fixed by them."""
        found: dict[str, str] = {}
        for group in self._groups_of(decided):
            vectors = list(_agreeing(group, decided)) if group.exact else []
            for name in vectors[0].values if vectors else ():
                values = set().union(*(vector.values[name] for vector in vectors))
                if len(values) == 1 and (only := next(iter(values))) is not None:
                    found[name] = only
        return found

    def _variables_of(self, node: Node, seen: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        for name, value in _calls(node):
            if name == "Ref" and isinstance(value, ScalarNode):
                found.add(value.text)
            elif name == "Fn::Sub":
                found.update(_substituted(value))
            elif name == "Condition" and isinstance(value, ScalarNode) and value.text not in seen:
                target = self._conditions.get(value.text)
                if target is not None:
                    found |= self._variables_of(target, seen | {value.text})
            elif name == "Fn::If" and (condition := _condition_of_if(value)) not in seen:
                target = self._conditions.get(condition)
                if target is not None:
                    found |= self._variables_of(target, seen | {condition})
        return frozenset(found)

    def _grouped(self) -> dict[str, tuple[str, ...]]:
        """The conditions that each one shares variables with, itself included, in the order of the template."""
        groups = _Joined()
        for name, own in self._variables.items():
            groups.join(("condition", name), *(("variable", variable) for variable in own))
        for shared in self._constrained:
            groups.join(*(("variable", variable) for variable in shared))
        members: dict[object, list[str]] = {}
        for name in self._variables:
            members.setdefault(groups.root(("condition", name)), []).append(name)
        return {name: tuple(names) for names in members.values() for name in names}

    def _enumerate(self, names: tuple[str, ...]) -> _Group:
        variables = sorted(frozenset().union(*(self._variables[name] for name in names)))
        nodes = [self._conditions[name] for name in names]
        binding = self._binding(frozenset(variables))
        constraints = [self._constraints[number] for number in binding]
        variables = sorted(set(variables).union(*(self._constrained[number] for number in binding)))
        domains: dict[str, tuple[Symbol | bool, ...]] = {
            variable: self._domain(variable, [*nodes, *constraints]) for variable in variables
        }
        vectors: dict[tuple[bool, ...], _Vector] = {}
        work = [domains]
        while work:
            current = work.pop()
            if prod(map(len, current.values())) > ASSIGNMENTS_BOUND:
                return _Group(names, [], exact=False)
            free = self._enumerate_over(names, variables, current, constraints, vectors)
            if free is not None:
                vectors.clear()
                work.append({**current, free: (True, False)})
        return _Group(names, list(vectors.values()), exact=bool(vectors))

    def _binding(self, variables: frozenset[str]) -> list[int]:
        """The constraints that the variables take part in, also through variables of other constraints."""
        found: dict[int, None] = {}
        while True:
            more = [n for n, own in enumerate(self._constrained) if n not in found and own & variables]
            if not more:
                return sorted(found)
            found.update(dict.fromkeys(more))
            variables = variables.union(*(self._constrained[number] for number in more))

    def _enumerate_over(
        self,
        names: tuple[str, ...],
        variables: list[str],
        domains: Mapping[str, tuple[Symbol | bool, ...]],
        constraints: list[Node],
        vectors: dict[tuple[bool, ...], _Vector],
    ) -> str | None:
        """Fill ``vectors``; returns the name of a comparison that has to become a variable of its own."""
        for values in product(*domains.values()):
            assignment = dict(zip(domains, values, strict=True))
            evaluator = TruthEvaluator(self._conditions, self._mappings, assignment)
            try:
                if not all(evaluator.truth(constraint) for constraint in constraints):
                    continue
                truth = {name: evaluator.condition(name) for name in names}
            except FreeAtom as atom:
                return atom.name
            vector = vectors.setdefault(tuple(truth.values()), _Vector(truth))
            for variable in variables:
                value = assignment[variable]
                vector.values.setdefault(variable, set()).add(value if isinstance(value, str) else None)
            vector.at_defaults |= all(self._is_default(v, assignment[v]) for v in variables)
        return None

    def _is_default(self, variable: str, value: Symbol | bool) -> bool:
        parameter = self._parameters.get(variable)
        known = None if parameter is None else self._environment.value(parameter)
        return known is None or value == known

    def _domain(self, variable: str, nodes: list[Node]) -> tuple[Symbol, ...]:
        pseudo = (self._environment.pseudo or {}).get(variable)
        if pseudo is not None:
            return (pseudo,)
        parameter = self._parameters.get(variable)
        literals = sorted({text for node in nodes for text in self._literals(node, frozenset())})
        peers = sorted({peer for node in nodes for peer in self._compared_with(node, variable, frozenset())})
        others: tuple[Symbol, ...] = (Other(variable), *(Other(peer) for peer in peers))
        if parameter is None:
            return (*literals, *others)
        known = self._environment.value(parameter)
        if self._environment.is_fixed(parameter) and known is not None:
            return (known,)
        if parameter.allowed_values is not None and not (is_kept_elsewhere(parameter) or is_list(parameter)):
            return parameter.allowed_values or ("",)
        if is_kept_elsewhere(parameter):
            return (*literals, *others)
        texts = dict.fromkeys(([known] if known is not None else []) + literals)
        return (*(text for text in texts if admits(parameter, text)), *others)

    def _literals(self, node: Node, seen: frozenset[str]) -> Iterator[str]:
        """Texts that the variables of the node may be compared with: sides of Equals, keys of maps."""
        for name, value in _calls(node):
            if name == "Fn::Equals" and isinstance(value, ListNode):
                sides = (leaf for side in value.items for leaf in _leaves(side))
                yield from (leaf.text for leaf in sides if isinstance(leaf, ScalarNode))
            elif name in ("Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals"):
                yield from _scalars(value)
            elif name == "Fn::FindInMap" and isinstance(value, ListNode) and value.items:
                yield from self._map_keys(value)
            elif name == "Condition" and isinstance(value, ScalarNode) and value.text not in seen:
                target = self._conditions.get(value.text)
                if target is not None:
                    yield from self._literals(target, seen | {value.text})

    def _map_keys(self, arguments: ListNode) -> Iterator[str]:
        first = arguments.items[0]
        mapping = self._mappings.get(first.text) if isinstance(first, ScalarNode) else None
        if not isinstance(mapping, MapNode):
            return
        if len(arguments.items) > 1 and not isinstance(arguments.items[1], ScalarNode):
            yield from mapping.entries
        if len(arguments.items) > 2 and not isinstance(arguments.items[2], ScalarNode):
            for _, second in mapping.items():
                yield from second.entries if isinstance(second, MapNode) else ()

    def _compared_with(self, node: Node, variable: str, seen: frozenset[str]) -> Iterator[str]:
        for name, value in _calls(node):
            if name == "Fn::Equals" and isinstance(value, ListNode) and len(value.items) == 2:
                left, right = ({_ref(leaf) for leaf in _leaves(side)} - {None} for side in value.items)
                if variable in left | right:
                    others = (right if variable in left else set()) | (left if variable in right else set())
                    yield from (other for other in others if other is not None and other != variable)
            elif name == "Condition" and isinstance(value, ScalarNode) and value.text not in seen:
                target = self._conditions.get(value.text)
                if target is not None:
                    yield from self._compared_with(target, variable, seen | {value.text})


def _agreeing(group: _Group, decided: Mapping[str, bool]) -> Iterator[_Vector]:
    relevant = [(name, value) for name, value in decided.items() if name in group.names]
    return (v for v in group.vectors if all(v.truth[name] == value for name, value in relevant))


def _calls(node: Node) -> Iterator[tuple[str, Node]]:
    """Every map entry below the node, the node's own included, as (key, value)."""
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, MapNode):
            for key, value in current.items():
                yield key, value
                pending.append(value)
        elif isinstance(current, ListNode):
            pending.extend(current.items)


def _scalars(node: Node) -> Iterator[str]:
    if isinstance(node, ScalarNode):
        yield node.text
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item)


def _leaves(node: Node) -> Iterator[Node]:
    """What an expression may be: itself, or the branches of its ``Fn::If``."""
    branches = node.get("Fn::If") if isinstance(node, MapNode) and len(node.entries) == 1 else None
    if isinstance(branches, ListNode) and len(branches.items) == 3:
        for branch in branches.items[1:]:
            yield from _leaves(branch)
    else:
        yield node


def _condition_of_if(argument: Node) -> str:
    first = argument.items[0] if isinstance(argument, ListNode) and argument.items else None
    return first.text if isinstance(first, ScalarNode) else ""


def _ref(node: Node) -> str | None:
    value = node.get("Ref") if isinstance(node, MapNode) else None
    return value.text if isinstance(value, ScalarNode) else None


def _substituted(node: Node) -> Iterator[str]:
    text = node.items[0] if isinstance(node, ListNode) and node.items else node
    if isinstance(text, ScalarNode):
        yield from (name for kind, name in substitution_parts(text.text) if kind == "name")


class _Joined:
    """Disjoint sets: what was joined, directly or through others, has one root."""

    def __init__(self) -> None:
        self._parents: dict[object, object] = {}

    def root(self, item: object) -> object:
        path = []
        while (parent := self._parents.setdefault(item, item)) != item:
            path.append(item)
            item = parent
        for passed in path:
            self._parents[passed] = item
        return item

    def join(self, *items: object) -> None:
        for item in items[1:]:
            self._parents[self.root(item)] = self.root(items[0])
        if items:
            self.root(items[0])


def _constraints(rules: Mapping[str, Node]) -> Iterator[Node]:
    """Each assertion of the ``Rules`` section as a condition that must hold; undecidable ones are left out."""
    for rule in rules.values():
        if not isinstance(rule, MapNode):
            continue
        assertions = rule.get("Assertions")
        guard = rule.get("RuleCondition")
        for item in assertions.items if isinstance(assertions, ListNode) else ():
            assertion = item.get("Assert") if isinstance(item, MapNode) else None
            if assertion is None or not _decidable(assertion) or (guard is not None and not _decidable(guard)):
                continue
            if guard is None:
                yield assertion
            else:
                yield _implies(guard, assertion)


_RULE_FUNCTIONS = {"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Contains", "Fn::If", "Ref", "Condition"}


def _decidable(node: Node) -> bool:
    return all(name in _RULE_FUNCTIONS for name, _ in _calls(node))


def _implies(guard: Node, assertion: Node) -> Node:
    span = assertion.span

    def call(name: str, *items: Node) -> MapNode:
        return MapNode({name: MapEntry(span, ListNode(items, span))}, span)

    return call("Fn::Or", call("Fn::Not", guard), assertion)
