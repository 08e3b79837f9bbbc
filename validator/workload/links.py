"""The links between the stacks of one architecture: outputs of nested stacks, exports, SSM parameters.

Follows the CloudFormation User Guide, *Exported stack output values*, *Nested stacks* and *Dynamic references*.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from validator.load.nodes import MapNode, Node
from validator.model import Missing, Span
from validator.resolve import DynamicReference, Scope, Text, Unknown, Value
from validator.resolve.mentions import named_by
from validator.resolve.parameters import is_kept_elsewhere
from validator.workload.keys import Key, key_of, may_be, pattern_of, plain_parameter, shape_of, shown
from validator.workload.passing import PassedParameters


@dataclass(frozen=True, slots=True)
class Source:
    """What gives a value a name: an exported output, or a resource that writes an SSM parameter."""

    stack: str
    """Name of the scope."""
    element: str
    """The output, or the logical ID of the resource."""
    value: Node
    name: Node
    condition: str | None
    span: Span
    names: frozenset[Key] = frozenset()
    """Every name that it has in some scenario."""
    region: str | None = None
    """The region that it is given in, where that is not its stack's."""

    def exists(self, scope: Scope) -> bool:
        """Whether it is made in the scenario in force."""
        return scope.is_made() and (self.condition is None or scope.holds(self.condition))


@dataclass(frozen=True, slots=True)
class LinkTable:
    """What the stacks that may be linked give to each other, by name, and the readings that are refused."""

    exports: Mapping[Key, tuple[Source, ...]] = field(default_factory=lambda: MappingProxyType({}))
    stored: Mapping[Key, tuple[Source, ...]] = field(default_factory=lambda: MappingProxyType({}))
    outputs: Mapping[Key, tuple[Source, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Outputs of stacks with a known name, by ``stack.output`` (``Fn::GetStackOutput``)."""
    givers: Mapping[tuple[str, Key], frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """By the reader's scope and the name: the stacks that give it where the reader looks (region and account)."""
    shapes: frozenset[tuple[str, ...]] = frozenset()
    """Shapes of the names of exports: a name of one of them may be an export of the run."""
    read: frozenset[tuple[str, str]] = frozenset()
    """Stack and element of each source that a stack of the run reads."""
    refused: Mapping[tuple[str, Key], Missing] = field(default_factory=lambda: MappingProxyType({}))
    """By the reader's scope and the name: why the reading gives nothing (ambiguous, circular)."""


class StackLinks:
    """Answers each stack of an architecture for the others; see `validator.resolve.links.Links`.

    Scopes are added as they are made. Without a table only nested stacks are known.
    """

    def __init__(self, table: LinkTable | None = None) -> None:
        self._table = table or LinkTable()
        self._scopes: dict[str, Scope] = {}
        self._children: dict[tuple[str, str], Scope] = {}
        self._active: set[tuple[object, ...]] = set()

    def add(self, scope: Scope, parent: Scope | None = None, logical_id: str = "") -> None:
        """Make a scope known; a nested one with the stack that nests it."""
        self._scopes[scope.name] = scope
        if parent is not None:
            self._children[parent.name, logical_id] = scope

    def child(self, parent: str, logical_id: str) -> Scope | None:
        """The scope of a nested stack."""
        return self._children.get((parent, logical_id))

    def output(self, reader: Scope, logical_id: str, attribute: str, span: Span) -> Value | None:
        """The value of a nested stack's output; None for a stack that the run has not."""
        child = self._children.get((reader.name, logical_id))
        kind, _, name = attribute.partition(".")
        if child is None and (read := cross_region_import(reader, logical_id, attribute)) is not None:
            return _written_elsewhere(reader.resolve(read), attribute, span)
        if child is None or kind != "Outputs" or not name:
            return None
        key = f"output:{logical_id}.{name}"
        output = child.template.outputs.get(name)
        if output is None:
            reason = next(iter(child.template.uncertain), "")
            what = f"nested stack {logical_id} has no output {name}" + (f": {reason}" if reason else "")
            return Unknown(Missing(what, f"declare it in {child.template.path}, or correct the name", key), span)
        with self._once("output", child.name, name) as first:
            if not first:
                what = f"output {name} of nested stack {logical_id} depends on itself"
                return Unknown(Missing(what, "break the circle", key), span)
            if output.condition is not None and not child.holds(output.condition):
                what = f"nested stack {logical_id} has the output {name} only when {output.condition} is true"
                return Unknown(Missing(what, "read it under the same condition", key), span)
            return child.resolve(output.value)

    def exported(self, reader: Scope, name: Value, span: Span) -> Value | None:
        """The value that a stack of the run exports under the name."""
        key = key_of(name)
        if key is None:
            return self._nearly(name, span)
        return self._given(reader, key, self._table.exports.get(key, ()), span, "export", f"import:{shown(key)}")

    def stored(self, reader: Scope, name: Text, span: Span) -> Value | None:
        """The value that another stack of the run writes into the SSM parameter."""
        key = plain_parameter(name)
        if key is None:
            return None
        sources = [source for source in self._table.stored.get(key, ()) if source.stack != reader.name]
        return self._given(reader, key, sources, span, "SSM parameter", f"ssm:{shown(key)}")

    def stack_output(self, reader: Scope, stack: str, output: str, span: Span) -> Value | None:
        """The output of a stack of the run by the stack's name."""
        key = output_key(stack, output)
        return self._given(reader, key, self._table.outputs.get(key, ()), span, "output", f"output:{shown(key)}")

    def _nearly(self, name: Value, span: Span) -> Unknown | None:
        """A name that is known but for a piece, and could be that of an export of the run: the piece is missing."""
        cause = name.missing
        if cause is None or shape_of(name) not in self._table.shapes:
            return None
        return Unknown(cause, span)

    def _given(
        self, reader: Scope, key: Key, sources: Iterable[Source], span: Span, kind: str, missing: str
    ) -> Value | None:
        refused = self._table.refused.get((reader.name, key))
        if refused is not None:
            return Unknown(refused, span)
        met = self._table.givers.get((reader.name, key))
        known = [
            (source, self._scopes[source.stack])
            for source in sources
            if source.stack in self._scopes and (met is None or source.stack in met)
        ]
        if not known:
            return None
        with self._once(kind, key) as first:
            if not first:
                what = f"the {kind} {shown(key)} depends on itself"
                return Unknown(Missing(what, "break the circle", missing), span)
            for source, scope in known:
                if not source.exists(scope):
                    continue
                if len(source.names) == 1 or key_of(scope.resolve(source.name)) == key:
                    return scope.resolve(source.value)
        source, _ = known[0]
        what = f"the {kind} {shown(key)} at {source.span} is not made in this combination of conditions"
        return Unknown(Missing(what, "read it under the same conditions", missing), span)

    @contextmanager
    def _once(self, *key: object) -> Iterator[bool]:
        """Whether the key is not being resolved already."""
        if key in self._active:
            yield False
            return
        self._active.add(key)
        try:
            yield True
        finally:
            self._active.discard(key)

    def nests(self, reader: Scope, logical_id: str) -> bool:
        """Whether the resource is a nested stack of the run."""
        return (reader.name, logical_id) in self._children

    def is_used(self, giver: Scope, element: str) -> bool:
        """Whether a stack of the run reads it; what a nested stack does not export is its parent's alone."""
        output = giver.template.outputs.get(element)
        if giver.path and output is not None and output.export is None:
            return True
        return (giver.name, element) in self._table.read

    def leads_to(self, reader: Scope, function: str, argument: Node) -> Iterator[tuple[Scope, Node]]:
        """What a call may give of other stacks: passed parameters, outputs, exports, SSM parameters."""
        if function == "Fn::ImportValue":
            yield from self._imported(reader, argument)
        elif function == "Fn::GetStackOutput":
            for key in output_keys(reader, argument):
                yield from self._at(reader, self._table.outputs, key)
        elif not function:
            for read in read_parameters(reader, argument):
                yield from self._sources(reader, self._table.stored, partial(_same, read))
        for name, attribute in named_by(function, argument):
            child = self._children.get((reader.name, name))
            output = None if child is None else child.template.outputs.get(attribute.partition(".")[2])
            read_there = cross_region_import(reader, name, attribute)
            if child is not None and output is not None:
                yield child, output.value
            elif read_there is not None:
                yield reader, read_there
            elif isinstance(reader.passed, PassedParameters) and name in reader.passed:
                yield reader.passed.parent, reader.passed.nodes[name]
            if name in reader.parameters and is_kept_elsewhere(reader.parameters[name]):
                yield from self._sources(reader, self._table.stored, partial(stored_name, reader, name))

    def _imported(self, reader: Scope, argument: Node) -> Iterator[tuple[Scope, Node]]:
        """The exports that an import means in some scenario, or may mean while a piece of the name is missing."""

        def read() -> tuple[Key | None, re.Pattern[str] | None]:
            name = reader.resolve(argument)
            key = key_of(name)
            return key, pattern_of(name) if key is None else None

        exports = self._table.exports
        exploration = reader.evaluation.explore(read, anew=True)
        for key, pattern in dict.fromkeys(leaf.result for leaf in exploration.leaves):
            if pattern is not None:
                for other in [one for one in exports if may_be(pattern, one)]:
                    yield from self._at(reader, exports, other)
            elif key is not None:
                yield from self._at(reader, exports, key)

    def _sources(
        self, reader: Scope, table: Mapping[Key, tuple[Source, ...]], read: Callable[[], Value]
    ) -> Iterator[tuple[Scope, Node]]:
        for key in possible_names(reader, read):
            yield from self._at(reader, table, key)

    def _at(self, reader: Scope, table: Mapping[Key, tuple[Source, ...]], key: Key) -> Iterator[tuple[Scope, Node]]:
        for source in table.get(key, ()):
            if source.stack in self._scopes and (reader.name, key) not in self._table.refused:
                yield self._scopes[source.stack], source.value


def output_key(stack: str, output: str) -> Key:
    """The name under which a stack's output is found."""
    return (f"{stack}.{output}",)


def output_keys(scope: Scope, argument: Node) -> frozenset[Key]:
    """Every output that a ``Fn::GetStackOutput`` may mean in some scenario."""
    if not isinstance(argument, MapNode):
        return frozenset()

    def read() -> Key | None:
        nodes = (argument.get("StackName"), argument.get("OutputName"))
        stack, output = (None if node is None else scope.resolve(node).literal for node in nodes)
        return None if stack is None or output is None else output_key(stack, output)

    exploration = scope.evaluation.explore(read, anew=True)
    return frozenset(leaf.result for leaf in exploration.leaves if leaf.result is not None)


_READER = "Custom::CrossRegionExportReader"


def cross_region_import(reader: Scope, logical_id: str, attribute: str) -> Node | None:
    """What an attribute of the CDK's reader of cross-region references stands for: a dynamic reference.

    Follows aws-cdk-lib, *crossRegionReferences*: a writer in the one region puts SSM parameters into the other, and
    the reader gives them as attributes.
    """
    resource = reader.template.resources.get(logical_id)
    if resource is None or resource.type != _READER:
        return None
    node: Node | None = resource.body
    for key in ("Properties", "ReaderProps", "imports", attribute):
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def _written_elsewhere(value: Value, attribute: str, span: Span) -> Value:
    """The value that the writer's stack gives; unknown by name where that is not in the run."""
    parts = value.parts if isinstance(value, Text) else ()
    if any(isinstance(part, DynamicReference) for part in parts):
        what = f"{attribute} is written by a stack of another region that is not in the run"
        return Unknown(Missing(what, "add the stack that writes it to the run", f"ssm:{attribute}"), span)
    return value


def _same(value: Value) -> Value:
    return value


def stored_name(scope: Scope, name: str) -> Value:
    """The name of the SSM parameter that a parameter of the template reads."""
    parameter = scope.parameters[name]
    if name in scope.passed:
        return scope.passed[name]
    text = scope.environment.given.get(name, parameter.default)
    return Text(() if text is None else (text,), parameter.span)


def read_parameters(scope: Scope, node: Node) -> Iterator[Text]:
    """The names of the SSM parameters that a text reads by dynamic references, in any scenario."""
    exploration = scope.evaluation.explore(lambda: scope.resolve(node), anew=True)
    for leaf in exploration.leaves:
        for part in leaf.result.parts if isinstance(leaf.result, Text) else ():
            if isinstance(part, DynamicReference) and part.service == "ssm":
                yield Text(part.key, node.span)


def possible_names(scope: Scope, read: Callable[[], Value]) -> frozenset[Key]:
    """Every name that a value is in some scenario; what is not known in one is left out."""
    exploration = scope.evaluation.explore(lambda: key_of(read()), anew=True)
    return frozenset(leaf.result for leaf in exploration.leaves if leaf.result is not None)
