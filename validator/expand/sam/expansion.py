"""SAM resources to plain CloudFormation, each with its origin and its places.

AWS documents: SAM developer guide, "AWS SAM template anatomy" and "Generated CloudFormation resources".
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from validator.expand.known_values import KnownValues
from validator.expand.local_files import LocalFiles
from validator.expand.marks import ParameterText, parameter_text, restored
from validator.expand.sam.fixed_values import decided_by_default
from validator.expand.sam.origins import Origins, Provenance
from validator.expand.sam.places import Places
from validator.expand.sam.preparation import SOURCE_KEY, Prepared, Repair, prepare
from validator.expand.sam.refusals import Attempt, translate_what_can_be
from validator.expand.sam.source import IMPLICIT_APIS, PREFIX, SamSource, SourceResource, at
from validator.expand.sam.translator import supported_globals
from validator.expand.template import EventSource, TemplateResource
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel, Origin

_PSEUDO_PARAMETERS = ("AWS::Region", "AWS::Partition")
_ANY = "x-amazon-apigateway-any-method"


@dataclass(slots=True)
class SamExpansion:
    """The result: resources in source order, and the sections that the translator rewrites."""

    resources: dict[str, TemplateResource] = field(default_factory=dict)
    sections: dict[str, Node] = field(default_factory=dict)
    event_operations: dict[tuple[str, str, str], EventSource] = field(default_factory=dict)
    decided_by_default: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def expand_sam(
    root: MapNode,
    resources: Mapping[str, SourceResource],
    values: KnownValues,
    files: LocalFiles,
    region: str | None,
) -> SamExpansion:
    """Translates all ``AWS::Serverless::*`` resources of a document.

    Never raises for a bad template: what the translator refuses stays with its SAM type and a reason.
    """
    source = SamSource(root, resources)
    hidden = frozenset(values.declared()) | frozenset(_PSEUDO_PARAMETERS)
    supported = supported_globals()

    def attempt(refused: Collection[str]) -> Prepared:
        return prepare(source, refused, hidden, values, files, supported)

    outcome = translate_what_can_be(source, attempt, _parameter_values(values, region), region)
    expansion = SamExpansion(
        diagnostics=outcome.prepared.diagnostics,
        decided_by_default=decided_by_default(source, values),
    )
    _report_refusals(source, outcome, expansion)
    _Writer(source, outcome, expansion).write()
    return expansion


def _parameter_values(values: KnownValues, region: str | None) -> dict[str, ParameterText]:
    known = {name: text for name in values.declared() if (text := values.parameter(name)) is not None}
    known["AWS::Region"] = region or "us-east-1"
    known["AWS::Partition"] = _partition(known["AWS::Region"])
    return {name: parameter_text(text, name) for name, text in known.items()}


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _report_refusals(source: SamSource, outcome: Attempt, expansion: SamExpansion) -> None:
    for logical_id, message in outcome.refused.items():
        resource = source.resources.get(logical_id)
        span = resource.key_span if resource is not None else source.root.span
        if resource is None:
            event_type = next(kind for kind, api in IMPLICIT_APIS.items() if api == logical_id)
            span = source.implicit_sources(event_type)[0].key_span
        expansion.diagnostics.append(
            Diagnostic(
                DiagnosticLevel.ERROR,
                "sam-refused",
                f"SAM refuses {logical_id}: {message}",
                span,
                "correct the resource; sam validate shows the same message",
            )
        )


class _Writer:
    """Turns the translator's output into nodes."""

    def __init__(self, source: SamSource, outcome: Attempt, expansion: SamExpansion) -> None:
        self._source = source
        self._outcome = outcome
        self._expansion = expansion
        self._origins = Origins(source)
        self._places = Places(source, outcome.prepared.dropped_events)

    def write(self) -> None:
        """Fills the expansion: resources grouped behind their source, in source order."""
        groups: dict[str, list[TemplateResource]] = {name: [] for name in self._source.resources}
        for logical_id, body in self._outcome.translated.get("Resources", {}).items():
            if logical_id in self._outcome.refused:
                continue
            provenance = self._origins.of(logical_id, body)
            groups[provenance.source.logical_id].append(self._resource(logical_id, body, provenance))
        for logical_id, group in groups.items():
            if logical_id in self._outcome.refused:
                self._add(self._refused(self._source.resources[logical_id]))
            for resource in sorted(group, key=lambda resource: resource.logical_id != logical_id):
                self._add(resource)
        self._refused_implicit_apis()
        for section in ("Conditions", "Outputs"):
            written = self._source.root.get(section)
            value = self._outcome.translated.get(section)
            if isinstance(value, dict):
                span = written.span if written is not None else self._source.root.span
                self._expansion.sections[section] = restored(value, written, span)
        self._keep_real_operations()
        self._report_lost_parts()

    def _add(self, resource: TemplateResource) -> None:
        self._expansion.resources[resource.logical_id] = resource

    def _resource(self, logical_id: str, body: dict[str, Any], provenance: Provenance) -> TemplateResource:
        _drop_tag(body)
        shadow = self._places.shadow(logical_id, body, provenance)
        span = provenance.event.key_span if provenance.event is not None else provenance.source.key_span
        node = restored(body, shadow, span)
        assert isinstance(node, MapNode)
        for repair in self._outcome.prepared.repairs:
            node = _repaired(node, repair, provenance)
        resource_type = str(body.get("Type", ""))
        return TemplateResource(logical_id, resource_type, node, provenance.origin)

    def _refused(self, resource: SourceResource) -> TemplateResource:
        origin = Origin(resource.key_span, resource.logical_id, resource.type, resource.note)
        message = self._outcome.refused[resource.logical_id]
        return TemplateResource(resource.logical_id, resource.type, resource.body, origin, message)

    def _refused_implicit_apis(self) -> None:
        for event_type, api in IMPLICIT_APIS.items():
            if api not in self._outcome.refused or api in self._source.resources:
                continue
            sources = self._source.implicit_sources(event_type)
            first = sources[0]
            note = f"implicit API of events of {', '.join(source.logical_id for source in sources)}"
            type_name = f"{PREFIX}{event_type}"
            scalar_node = ScalarNode(type_name, type_name, first.key_span)
            body = MapNode({"Type": MapEntry(first.key_span, scalar_node)}, first.key_span)
            origin = Origin(first.key_span, first.logical_id, first.type, note)
            self._add(TemplateResource(api, type_name, body, origin, self._outcome.refused[api]))

    def _keep_real_operations(self) -> None:
        """Events whose operation the translated body holds."""
        for (api, path, method), event in self._places.operations.items():
            resource = self._expansion.resources.get(api)
            paths = at(resource.body, "Properties", "Body", "paths") if resource is not None else None
            if event.logical_id in self._outcome.refused:
                continue
            for written in (path, f"/{path}"):
                if _holds(at(paths, written), _ANY if method == "any" else method):
                    self._expansion.event_operations[api, written, method] = event
                    break

    def _report_lost_parts(self) -> None:
        """Open places that the translator did not pass on must not be forgotten."""
        kept = {opaque for item in self._expansion.resources.values() for opaque in _opaque(item.body)}
        for resource in self._source.sam_resources:
            for opaque in _opaque(resource.body):
                if opaque not in kept:
                    reason = f"part of {resource.logical_id} is not known, because {opaque.reason}"
                    self._expansion.unknown.append(reason)


def _opaque(node: Node) -> Iterator[OpaqueNode]:
    match node:
        case OpaqueNode():
            yield node
        case MapNode():
            for _, value in node.items():
                yield from _opaque(value)
        case ListNode():
            for item in node.items:
                yield from _opaque(item)


def _holds(path_item: Node | None, method: str) -> bool:
    """True when a path item, or a branch of the conditions around it, has the method."""
    branches = at(path_item, "Fn::If")
    if isinstance(branches, ListNode):
        return any(_holds(branch, method) for branch in branches.items[1:])
    return at(path_item, method) is not None


def _drop_tag(body: dict[str, Any]) -> None:
    metadata = body.get("Metadata")
    if isinstance(metadata, dict) and SOURCE_KEY in metadata:
        body["Metadata"] = {key: value for key, value in metadata.items() if key != SOURCE_KEY}
        if not body["Metadata"]:
            del body["Metadata"]


def _repaired(node: MapNode, repair: Repair, provenance: Provenance) -> MapNode:
    resource_type, properties = node.get("Type"), node.get("Properties")
    fits = isinstance(resource_type, ScalarNode) and resource_type.text == repair.target_type
    if not fits or repair.source != provenance.source.logical_id or not isinstance(properties, MapNode):
        return node
    entries = {key: entry for key, entry in properties.entries.items() if key != repair.drop}
    entries[repair.property] = repair.entry
    outer = dict(node.entries)
    outer["Properties"] = MapEntry(outer["Properties"].key_span, MapNode(entries, properties.span))
    return MapNode(outer, node.span)
