"""Which stacks of a run are linked: what each gives under a name, what each reads, and which of it meets.

Follows the CloudFormation User Guide, *Exported stack output values*: a name is exported once in an account and a
region, and a stack cannot import what needs the stack itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from validator.expand.template import TemplateResource
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel, Missing, Span
from validator.resolve import Scope
from validator.resolve.mentions import calls
from validator.resolve.parameters import is_kept_elsewhere
from validator.workload.keys import Key, plain_parameter, shape_of, shown
from validator.workload.links import (
    LinkTable,
    Source,
    output_key,
    output_keys,
    possible_names,
    read_parameters,
    stored_name,
)

_SSM_PARAMETER = "AWS::SSM::Parameter"
_WRITER = "Custom::CrossRegionExportWriter"
_EXPORT, _STORED, _OUTPUT = "export", "SSM parameter", "output"
_KEYS = {_EXPORT: "import", _STORED: "ssm", _OUTPUT: "output"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One name that a stack reads, and where."""

    stack: str
    kind: str
    key: Key
    span: Span
    region: str | None = None
    """The region in which it looks, where that is written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack lives, as far as it is known."""

    region: str | None
    account: str | None

    def at(self, region: str | None) -> "Place":
        """The same account in another region, where one is written."""
        return self if region is None else Place(region, self.account)

    def meets(self, other: "Place") -> bool:
        """Whether both may be in one region of one account."""
        return _may_be_one(self.region, other.region) and _may_be_one(self.account, other.account)


def _may_be_one(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


@dataclass(slots=True)
class Linked:
    """What the linking found: the table for resolving, the pairs of stacks that meet, and what is wrong."""

    table: LinkTable
    pairs: list[tuple[str, str]] = field(default_factory=list)
    """Reader and giver, as names of scopes."""
    diagnostics: list[Diagnostic] = field(default_factory=list)


def link(scopes: Sequence[Scope]) -> Linked:
    """Link the stacks of one partition of a run (one environment, one workload or none)."""
    exports, stored, shapes = _given(scopes)
    places = {scope.name: _place(scope) for scope in scopes}
    readings = [reading for scope in scopes for reading in _readings(scope)]
    refused: dict[tuple[str, Key], Missing] = {}
    outputs = _named_outputs(scopes) if any(reading.kind == _OUTPUT for reading in readings) else {}
    tables = {_EXPORT: exports, _STORED: stored, _OUTPUT: outputs}
    givers: dict[tuple[str, Key], frozenset[str]] = {}
    linked = Linked(LinkTable(exports, stored, outputs, givers, shapes, refused=refused))
    met: list[tuple[Reading, list[Source]]] = []
    told: set[object] = set()
    for reading in readings:
        table = tables[reading.kind]
        found = [
            source
            for source in table.get(reading.key, ())
            if places[source.stack].at(source.region).meets(places[reading.stack].at(reading.region))
            and not (reading.kind == _STORED and source.stack == reading.stack)
        ]
        if not found:
            if table.get(reading.key):
                refused[reading.stack, reading.key] = _elsewhere(reading, table[reading.key][0])
            continue
        if len({source.stack for source in found}) > 1:
            refused[reading.stack, reading.key] = _ambiguous(reading, found)
            if (key := (reading.kind, reading.key)) not in told:
                told.add(key)
                linked.diagnostics.append(_ambiguity(reading, found))
            continue
        met.append((reading, found))
        given = (reading.stack, reading.key)
        givers[given] = givers.get(given, frozenset()) | {source.stack for source in found}
    circles = _circles([(reading.stack, source.stack) for reading, found in met for source in found])
    read = frozenset((source.stack, source.element) for _, found in met for source in found)
    linked.table = replace(linked.table, read=read)
    for reading, found in met:
        pair = (reading.stack, found[0].stack)
        linked.pairs.append(pair)
        if pair in circles:
            refused[reading.stack, reading.key] = _circular(reading, found[0])
            if pair not in told:
                told.update((pair, pair[::-1]))
                linked.diagnostics.append(_circularity(reading, found[0], [one for one, _ in met]))
    return linked


def _place(scope: Scope) -> Place:
    pseudo = scope.environment.pseudo or {}
    return Place(pseudo.get("AWS::Region"), pseudo.get("AWS::AccountId"))


Sources = dict[Key, tuple[Source, ...]]


def _given(scopes: Iterable[Scope]) -> tuple[Sources, Sources, frozenset[tuple[str, ...]]]:
    exports: Sources = {}
    stored: Sources = {}
    shapes: set[tuple[str, ...]] = set()
    for scope in scopes:
        for source in _exported(scope):
            shapes |= _shapes(scope, source.name)
            for key in source.names:
                exports[key] = (*exports.get(key, ()), source)
        for source in _written(scope):
            for key in source.names:
                stored[key] = (*stored.get(key, ()), source)
    return exports, stored, frozenset(shapes)


def _named_outputs(scopes: Iterable[Scope]) -> Sources:
    """The outputs of root stacks whose name is known."""
    found: Sources = {}
    for scope in scopes:
        name = (scope.environment.pseudo or {}).get("AWS::StackName")
        if scope.path or name is None:
            continue
        for output in scope.template.outputs.values():
            key = output_key(name, output.name)
            shown_name = ScalarNode(output.name, output.name, output.span)
            made = Source(
                scope.name, output.name, output.value, shown_name, output.condition, output.span, frozenset((key,))
            )
            found[key] = (*found.get(key, ()), made)
    return found


def _shapes(scope: Scope, name: Node) -> set[tuple[str, ...]]:
    exploration = scope.evaluation.explore(lambda: shape_of(scope.resolve(name)), anew=True)
    # A name that is all unknown has the shape of every other: it says nothing.
    return {leaf.result for leaf in exploration.leaves if leaf.result is not None and any(leaf.result)}


def _exported(scope: Scope) -> Iterator[Source]:
    for output in scope.template.outputs.values():
        if output.export is None:
            continue
        names = _names(scope, output.export)
        yield Source(scope.name, output.name, output.value, output.export, output.condition, output.span, names)


def _written(scope: Scope) -> Iterator[Source]:
    for resource in scope.template.resources.values():
        if resource.type == _WRITER:
            yield from _written_across(scope, resource)
        if resource.type != _SSM_PARAMETER:
            continue
        properties = resource.body.get("Properties")
        if not isinstance(properties, MapNode):
            continue
        name, value = properties.get("Name"), properties.get("Value")
        condition = resource.body.get("Condition")
        if name is None or value is None:
            continue
        guard = condition.text if isinstance(condition, ScalarNode) else None
        names = _names(scope, name)
        yield Source(scope.name, resource.logical_id, value, name, guard, resource.origin.span, names)


def _written_across(scope: Scope, resource: TemplateResource) -> Iterator[Source]:
    """What the CDK's writer of cross-region references puts into SSM parameters of another region."""
    properties = resource.body.get("Properties")
    written = properties.get("WriterProps") if isinstance(properties, MapNode) else None
    exports = written.get("exports") if isinstance(written, MapNode) else None
    region = written.get("region") if isinstance(written, MapNode) else None
    if not isinstance(exports, MapNode) or not isinstance(region, ScalarNode):
        return
    for name, entry in exports.entries.items():
        key, at = ScalarNode(name, name, entry.key_span), resource.logical_id
        yield Source(scope.name, at, entry.value, key, None, entry.key_span, frozenset(((name,),)), region.text)


def _names(scope: Scope, node: Node) -> frozenset[Key]:
    return possible_names(scope, lambda: scope.resolve(node))


def _readings(scope: Scope) -> Iterator[Reading]:
    template = scope.template
    roots: list[Node] = [resource.body for resource in template.resources.values()]
    roots += [output.value for output in template.outputs.values()]
    for root in roots:
        for name, argument in calls(root):
            if name == "Fn::ImportValue":
                for key in _names(scope, argument):
                    yield Reading(scope.name, _EXPORT, key, argument.span)
            elif name == "Fn::GetStackOutput":
                region = _region_of(scope, argument)
                for key in output_keys(scope, argument):
                    yield Reading(scope.name, _OUTPUT, key, argument.span, region)
        yield from _dynamic(scope, root)
    for parameter in scope.parameters.values():
        if is_kept_elsewhere(parameter):
            for key in possible_names(scope, partial(stored_name, scope, parameter.name)):
                yield Reading(scope.name, _STORED, key, parameter.span)


def _region_of(scope: Scope, argument: Node) -> str | None:
    node = argument.get("Region") if isinstance(argument, MapNode) else None
    if node is None:
        return None
    leaves = scope.evaluation.explore(lambda: scope.resolve(node).literal, anew=True).leaves
    found = {leaf.result for leaf in leaves}
    return found.pop() if len(found) == 1 else None


def _dynamic(scope: Scope, root: Node) -> Iterator[Reading]:
    """The SSM parameters that ``{{resolve:ssm:…}}`` reads, wherever it stands in the node."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ListNode):
            pending.extend(node.items)
        elif isinstance(node, ScalarNode):
            if "{{resolve:ssm:" in node.text:
                yield from _read_by(scope, node)
        elif isinstance(node, MapNode):
            if len(node.entries) == 1 and next(iter(node.entries)) in ("Fn::Sub", "Fn::Join"):
                if any("{{resolve:ssm:" in text for text in _scalars(node)):
                    yield from _read_by(scope, node)
            else:
                pending.extend(value for _, value in node.items())


def _scalars(node: Node) -> Iterator[str]:
    if isinstance(node, ScalarNode):
        yield node.text
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, MapNode):
        for _, value in node.items():
            yield from _scalars(value)


def _read_by(scope: Scope, node: Node) -> Iterator[Reading]:
    for name in read_parameters(scope, node):
        key = plain_parameter(name)
        if key is not None:
            yield Reading(scope.name, _STORED, key, node.span)


def _circles(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The pairs (reader, giver) that lie on a circle of readings."""
    edges: dict[str, set[str]] = {}
    for reader, giver in pairs:
        edges.setdefault(reader, set()).add(giver)
        edges.setdefault(giver, set())
    part = _components(edges)
    return frozenset(
        (reader, giver) for reader, givers in edges.items() for giver in givers if part[reader] == part[giver]
    )


def _components(edges: Mapping[str, set[str]]) -> dict[str, int]:
    """The strongly connected component of each stack (Kosaraju, without recursion)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in edges:
        stack = [(start, iter(edges[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            node, others = stack[-1]
            following = next((other for other in others if other not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(edges[following])))
    backwards: dict[str, set[str]] = {node: set() for node in edges}
    for node, others_of in edges.items():
        for other in others_of:
            backwards[other].add(node)
    part: dict[str, int] = {}
    for number, start in enumerate(reversed(order)):
        pending = [start]
        while pending:
            node = pending.pop()
            if node not in part:
                part[node] = number
                pending.extend(backwards[node] - part.keys())
    return part


def _ambiguous(reading: Reading, found: Sequence[Source]) -> Missing:
    stacks = " and ".join(sorted({source.stack for source in found}))
    what = f"the {reading.kind} {shown(reading.key)} is given by several stacks of the run: {stacks}"
    return Missing(what, "review the stacks that belong together, or name the stacks", _key(reading))


def _ambiguity(reading: Reading, found: Sequence[Source]) -> Diagnostic:
    places = " and ".join(f"{source.span}" for source in found)
    message = f"the {reading.kind} {shown(reading.key)} is made twice, at {places}; {reading.span} reads it"
    hint = (
        "one account and region has it once: group the templates in [workload] tables, name the stacks (--stack), "
        "or give the parameters that tell the names apart"
    )
    return Diagnostic(DiagnosticLevel.ERROR, "link-ambiguous", message, reading.span, hint)


def _circular(reading: Reading, source: Source) -> Missing:
    what = f"stack {reading.stack} reads {shown(reading.key)} from stack {source.stack}, which needs it in turn"
    return Missing(what, "break the circle", _key(reading))


def _circularity(reading: Reading, source: Source, readings: Iterable[Reading]) -> Diagnostic:
    back = next((one for one in readings if one.stack == source.stack), reading)
    message = (
        f"stacks {reading.stack} and {source.stack} need each other: {reading.span} reads {shown(reading.key)}"
        + (f", and {back.span} reads {shown(back.key)}" if back is not reading else "")
    )
    if reading.stack == source.stack:
        message = f"stack {reading.stack} reads {shown(reading.key)} at {reading.span}, which it exports itself"
    hint = "neither can be deployed first: move what both need into a stack of its own"
    return Diagnostic(DiagnosticLevel.ERROR, "link-circular", message, reading.span, hint)


def _elsewhere(reading: Reading, source: Source) -> Missing:
    what = f"{source.stack} gives {shown(reading.key)} in another region or account"
    return Missing(what, "add the stack of this region and account", _key(reading))


def _key(reading: Reading) -> str:
    return f"{_KEYS[reading.kind]}:{shown(reading.key)}"
