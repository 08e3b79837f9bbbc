"""One stack of a run: resolves the nodes of its template to values in the scenario in force."""

from collections.abc import Callable, Mapping
from functools import cached_property

from validator.expand.template import Template
from validator.load.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Missing, ParameterDeclaration, Span
from validator.resolve.conditions import ConditionSolver
from validator.resolve.evaluation import Evaluation
from validator.resolve.functions import FUNCTIONS, joined, parts_of, split
from validator.resolve.links import Links, NoLinks
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
    placed,
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

_OF_EACH_STACK = ("AWS::StackName", "AWS::StackId")

Imports = Callable[[str], Value | None]


class Scope:
    """The names of one stack: parameters, pseudo parameters, mappings, conditions and resources.

    ``name`` tells the stacks of a run apart. ``evaluation`` is shared by all stacks of the run. ``imports``
    answers what another stack of the run exports under a name; ``bound`` holds parameter values that a
    parent stack passes (they win over the environment's). ``links`` answers for the other stacks of a workload;
    with them, values that are each stack's own (``AWS::StackName``) are told apart. ``made`` says whether the stack
    itself is made in the scenario in force: a nested one is with the resource that nests it; ``path`` are the logical
    IDs of those resources from the root stack down.
    """

    def __init__(
        self,
        name: str,
        template: Template,
        environment: Environment,
        evaluation: Evaluation,
        imports: Imports = lambda _name: None,
        bound: Mapping[str, Value] | None = None,
        links: Links | None = None,
        made: Callable[[], bool] = lambda: True,
        path: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.path = path
        self.template = template
        self.environment = environment
        self.evaluation = evaluation
        self.imports = imports
        self.links: Links = links or NoLinks()
        self.is_made = made
        self.is_one_of_several = links is not None
        """Whether findings tell its stack: it is reviewed as a stack of a workload and not as a template."""
        self.passed: Mapping[str, Value] = bound if bound is not None else {}
        evaluation.solvers[name] = self.solver
        evaluation.scopes[name] = self

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
        made = _with_dynamic_references(text_of(parts, span).parts)
        if not any(isinstance(part, DynamicReference) for part in made):
            return text_of(made, span)
        return text_of([piece for part in made for piece in self._read(part, span)], span)

    def _read(self, part: Part, span: Span) -> list[Part]:
        """The part, or what it reads of an SSM parameter that another stack of the run writes."""
        if not isinstance(part, DynamicReference) or part.service != "ssm":
            return [part]
        stored = self.links.stored(self, Text(part.key, span), span)
        return [part] if stored is None else parts_of(stored)

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
            own = self.name if self.is_one_of_several and name in _OF_EACH_STACK else ""
            return Text((Pseudo(name, own) if known is None else known,), span)
        if name in self.parameters:
            return self._parameter(self.parameters[name], span)
        if name in self.template.resources:
            return Text((ResourceRef(self.name, name),), span)
        return self.unknown(f"name:{name}", f"{name} is neither a parameter nor a resource", "declare it", span)

    def _parameter(self, parameter: ParameterDeclaration, span: Span) -> Value:
        passed = self.passed.get(parameter.name)
        if passed is not None and not passed.is_absent:
            return self._passed(parameter, placed(passed, span), span)
        if is_kept_elsewhere(parameter):
            name = self.environment.given.get(parameter.name, parameter.default)
            stored = None if name is None else self.links.stored(self, Text((name,), span), span)
            if stored is not None:
                return self._as_declared(parameter, placed(stored, span), span)
        text = self._parameter_text(parameter)
        if text is None:
            return self._without_value(parameter, span)
        if not is_list(parameter):
            return self.text([text], span)
        items = [item.strip() for item in text.split(",")] if text else []
        return ListValue(span, made=tuple(self.text([item], span) for item in items))

    def _passed(self, parameter: ParameterDeclaration, value: Value, span: Span) -> Value:
        """What a parent passes, as the declaration makes of it."""
        if not is_kept_elsewhere(parameter):
            return self._as_declared(parameter, value, span)
        stored = self.links.stored(self, value, span) if isinstance(value, Text) else None
        if stored is not None:
            return self._as_declared(parameter, placed(stored, span), span)
        return self._without_value(parameter, span)

    def _as_declared(self, parameter: ParameterDeclaration, value: Value, span: Span) -> Value:
        """A value from another stack: all parameters are texts, a list type holds items between commas."""
        if isinstance(value, Unknown):
            return value
        if not is_list(parameter):
            return joined(self, ",", value.items(), span)
        if isinstance(value, Text):
            return split(value, ",", span, trim=True) if value.parts else ListValue(span)
        parts = [split(one, ",", span, trim=True) if isinstance(one, Text) else one for one in value.items()]
        return ListValue(span, made=tuple(item for part in parts for item in _several(part)))

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


def _several(value: Value) -> tuple[Value, ...]:
    return value.items() if isinstance(value, ListValue) else (value,)


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
