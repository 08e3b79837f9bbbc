"""One stack of a run: resolves the nodes of its template to values in the scenario in force."""

from collections.abc import Callable, Mapping
from functools import cached_property

from validator.expand.template import Template
from validator.load.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Missing, ParameterDeclaration, Span
from validator.resolve.conditions import ConditionSolver
from validator.resolve.evaluation import Evaluation
from validator.resolve.functions import FUNCTIONS
from validator.resolve.parameters import Environment, declaration, is_kept_elsewhere, is_list
from validator.resolve.values import (
    Absent,
    DynamicReference,
    Hole,
    ListValue,
    MapValue,
    Part,
    Pseudo,
    ResourceRef,
    Text,
    Unknown,
    Value,
    text_of,
)

PSEUDO_PARAMETERS = frozenset(
    (
        "AWS::AccountId",
        "AWS::Region",
        "AWS::Partition",
        "AWS::URLSuffix",
        "AWS::StackName",
        "AWS::StackId",
        "AWS::NotificationARNs",
    )
)

Imports = Callable[[str], Value | None]


class Scope:
    """The names of one stack: parameters, pseudo parameters, mappings, conditions and resources.

    ``name`` tells the stacks of a run apart. ``evaluation`` is shared by all stacks of the run. ``imports``
    answers what another stack of the run exports under a name; ``bound`` holds parameter values that a
    parent stack passes (they win over the environment's).
    """

    def __init__(
        self,
        name: str,
        template: Template,
        environment: Environment,
        evaluation: Evaluation,
        imports: Imports = lambda _name: None,
        bound: Mapping[str, Value] | None = None,
    ) -> None:
        self.name = name
        self.template = template
        self.environment = environment
        self.evaluation = evaluation
        self.imports = imports
        self._bound = bound or {}
        evaluation.solvers[name] = self.solver

    @cached_property
    def parameters(self) -> dict[str, ParameterDeclaration]:
        """The declared parameters."""
        return {name: declaration(name, node) for name, node in self.template.parameters.items()}

    @cached_property
    def solver(self) -> ConditionSolver:
        """The solver of this stack's conditions."""
        template = self.template
        return ConditionSolver(
            template.conditions, self.parameters, template.mappings, template.rules, self.environment
        )

    def holds(self, condition: str) -> bool:
        """Whether a named condition holds in the scenario in force."""
        return self.evaluation.holds(self.name, condition)

    def resolve(self, node: Node) -> Value:
        """The node's value in the scenario in force. Raises ``Undecided`` at a condition it leaves open."""
        match node:
            case ScalarNode():
                return Absent(node.span) if node.value is None else self._scalar(node)
            case ListNode():
                return ListValue(node.span, node, self)
            case OpaqueNode():
                return Unknown(Missing(node.reason, node.how, f"opaque:{node.span}"), node.span)
            case MapNode():
                return self._map(node)

    def _map(self, node: MapNode) -> Value:
        if len(node.entries) == 1:
            (name, argument), *_ = node.items()
            if name == "Ref":
                return self._ref(argument, node.span)
            function = FUNCTIONS.get(name)
            if function is not None:
                return function(self, argument, node.span)
        return MapValue(node.span, node, self)

    def absent_entry(self, node: MapNode, key: str) -> Value:
        """What a key that is not written in a map is: absent, unless a macro may add it."""
        transform = node.get("Fn::Transform")
        if transform is None:
            return Absent(node.span)
        reason = transform.reason if isinstance(transform, OpaqueNode) else "a macro may add it"
        how = transform.how if isinstance(transform, OpaqueNode) else "check the processed template"
        return Unknown(Missing(f"{key} may be set by a macro: {reason}", how, f"macro:{node.span}"), node.span)

    def _scalar(self, node: ScalarNode) -> Value:
        if "{{resolve:" not in node.text:
            return Text((node.text,), node.span, node.value)
        return self.text([node.text], node.span)

    def text(self, parts: list[Part], span: Span) -> Text:
        """A text of parts in which dynamic references are recognised."""
        return text_of(_with_dynamic_references(text_of(parts, span).parts), span)

    def _ref(self, argument: Node, span: Span) -> Value:
        name = argument.text if isinstance(argument, ScalarNode) else self.resolve(argument).literal
        if name is None:
            return self.unknown("reference", "the name in Ref is computed and not known", "write it out", span)
        return self.named(name, span)

    def named(self, name: str, span: Span) -> Value:
        """The value of a name: pseudo parameter, parameter or resource."""
        if name == "AWS::NoValue":
            return Absent(span)
        if name in PSEUDO_PARAMETERS:
            known = (self.environment.pseudo or {}).get(name)
            return Text((Pseudo(name) if known is None else known,), span)
        if name in self.parameters:
            return self._parameter(self.parameters[name], span)
        if name in self.template.resources:
            return Text((ResourceRef(self.name, name),), span)
        return self.unknown(f"name:{name}", f"{name} is neither a parameter nor a resource", "declare it", span)

    def _parameter(self, parameter: ParameterDeclaration, span: Span) -> Value:
        if parameter.name in self._bound:
            return self._bound[parameter.name]
        text = self._parameter_text(parameter)
        if text is None:
            return self._without_value(parameter, span)
        if not is_list(parameter):
            return self.text([text], span)
        items = [item.strip() for item in text.split(",")] if text else []
        return ListValue(span, made=tuple(self.text([item], span) for item in items))

    def _parameter_text(self, parameter: ParameterDeclaration) -> str | None:
        """The default or given text, unless the scenario's conditions say that it is another."""
        known = self.environment.value(parameter)
        possible = self.evaluation.parameter(self.name, parameter.name)
        if not possible or known in possible:
            return known
        return next(iter(possible)) if len(possible) == 1 else None

    def _without_value(self, parameter: ParameterDeclaration, span: Span) -> Unknown:
        name = parameter.name
        if is_kept_elsewhere(parameter):
            what = f"parameter {name} holds only the name of an SSM parameter"
            how = f'assume its value in the configuration: subject = "parameter:{name}", is = "value"'
        else:
            what = f"parameter {name} has no value"
            how = f"give --parameter {name}=… or a parameter file"
        candidates = () if is_kept_elsewhere(parameter) else parameter.allowed_values or ()
        return Unknown(Missing(what, how, f"parameter:{name}"), span, candidates)

    def unknown(self, key: str, what: str, how: str, span: Span) -> Unknown:
        """An unknown value with its cause."""
        return Unknown(Missing(what, how, key), span)


_OPEN = "{{resolve:"


def _with_dynamic_references(parts: tuple[Part, ...]) -> list[Part]:
    """Join the parts between ``{{resolve:`` and ``}}`` into one part; references inside are kept."""
    if not any(isinstance(part, str) and _OPEN in part for part in parts):
        return list(parts)
    done: list[Part] = []
    inside: list[Part] | None = None
    for part in parts:
        rest: Part = part
        while isinstance(rest, str) and rest:
            if inside is None:
                before, opened, rest = rest.partition(_OPEN)
                done.append(before)
                inside = [] if opened else None
            else:
                key, closed, after = rest.partition("}}")
                inside.append(key)
                rest = after
                if closed:
                    done.append(_dynamic_reference(inside))
                    inside = None
        if not isinstance(rest, str):
            (done if inside is None else inside).append(rest)
    return done if inside is None else [*done, _OPEN, *inside]


def _dynamic_reference(key: list[Part]) -> Part:
    first = key[0] if key and isinstance(key[0], str) else ""
    service, _, rest = first.partition(":")
    return DynamicReference(service, tuple(part for part in (rest, *key[1:]) if part != ""))


def hole(value: Unknown) -> Hole:
    """The unknown value as a piece of a text."""
    return Hole(value.cause)
