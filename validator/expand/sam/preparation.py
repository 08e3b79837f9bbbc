"""What a SAM document needs before the translator takes it, and what is put back afterwards.

The translator wants what ``sam package`` has made: uploaded code and definitions. Local ones get a
placeholder here; a Repair puts what was written into the translated resource.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from validator.expand.known_values import KnownValues
from validator.expand.local_files import LocalFiles, Unreadable
from validator.expand.marks import marked
from validator.expand.sam.source import (
    API_ID_PROPERTY,
    IMPLICIT_APIS,
    PREFIX,
    SamSource,
    SourceEvent,
    SourceResource,
    is_intrinsic,
)
from validator.load.nodes import MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel, Span

SOURCE_KEY = "tierlens:source"
"""Metadata key that carries the source's logical ID through the translator."""

_PLACEHOLDER = "s3://tierlens/placeholder"
_STUB_TYPE = "Tierlens::Refused::Resource"
_INLINE_ONLY = {
    f"{PREFIX}Api": ("Auth", "Cors", "GatewayResponses", "Models", "MergeDefinitions", "DisableExecuteApiEndpoint"),
    f"{PREFIX}HttpApi": ("Auth", "CorsConfiguration", "Tags", "DisableExecuteApiEndpoint"),
}
"""Properties that SAM refuses beside a definition that is not written in the template."""
_API_TARGET = {f"{PREFIX}Api": "AWS::ApiGateway::RestApi", f"{PREFIX}HttpApi": "AWS::ApiGatewayV2::Api"}


@dataclass(frozen=True, slots=True)
class Repair:
    """A property of a translated resource that gets back what was written."""

    source: str
    target_type: str
    property: str
    entry: MapEntry
    drop: str = ""


@dataclass(slots=True)
class Prepared:
    """The translator's input, what to put back, and what there is to say."""

    document: dict[str, Any]
    repairs: list[Repair] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    dropped_events: set[tuple[str, str]] = field(default_factory=set)


def prepare(
    source: SamSource,
    refused: Collection[str],
    hidden: frozenset[str],
    values: KnownValues,
    files: LocalFiles,
    supported: Any,
) -> Prepared:
    """The document for the translator; ``refused`` names resources (or implicit APIs) to leave out."""
    prepared = Prepared({"Resources": {}})
    for section in ("Mappings", "Conditions", "Outputs"):
        node = source.root.get(section)
        if isinstance(node, MapNode):
            prepared.document[section] = marked(node, hidden)
    _prepare_globals(source, prepared, hidden, supported)
    for resource in source.resources.values():
        if resource.logical_id in refused:
            body: Any = {"Type": _STUB_TYPE}
        else:
            body = marked(resource.body, hidden)
            if resource.is_sam:
                _Preparation(source, resource, body, prepared, values, files, refused).run()
        prepared.document["Resources"][resource.logical_id] = body
    return prepared


def _prepare_globals(source: SamSource, prepared: Prepared, hidden: frozenset[str], supported: Any) -> None:
    section = source.root.get("Globals")
    if not isinstance(section, MapNode):
        return
    document: dict[str, Any] = marked(section, hidden)
    for name, entry in section.entries.items():
        allowed = supported.get(PREFIX + name)
        if allowed is None or not isinstance(entry.value, MapNode):
            _report_globals(prepared, name, entry.key_span)
            del document[name]
            continue
        for key, inner in entry.value.entries.items():
            if key not in allowed:
                _report_globals(prepared, f"{name}.{key}", inner.key_span)
                del document[name][key]
    for shared in document.values():
        shared.pop("AlwaysDeploy", None)
    if document:
        prepared.document["Globals"] = document


def _report_globals(prepared: Prepared, what: str, span: Span) -> None:
    message = f"Globals.{what} is not supported by SAM, which refuses the template; it is left out here"
    prepared.diagnostics.append(Diagnostic(DiagnosticLevel.ERROR, "sam-refused", message, span))


class _Preparation:
    """Repairs one SAM resource in the translator's input."""

    def __init__(
        self,
        source: SamSource,
        resource: SourceResource,
        body: dict[str, Any],
        prepared: Prepared,
        values: KnownValues,
        files: LocalFiles,
        refused: Collection[str],
    ) -> None:
        self._source = source
        self._resource = resource
        self._body = body
        self._prepared = prepared
        self._values = values
        self._files = files
        self._refused = refused
        self._written = source.written_properties(resource)

    def run(self) -> None:
        """Tags the resource with its own ID and repairs what its type needs."""
        metadata = self._body.get("Metadata")
        if metadata is None:
            self._body["Metadata"] = {SOURCE_KEY: self._resource.logical_id}
        elif isinstance(metadata, dict):
            metadata[SOURCE_KEY] = self._resource.logical_id
        if not isinstance(self._body.get("Properties"), dict):
            if self._resource.body.get("Properties") is not None and self._body["Properties"] is not None:
                return
            self._body["Properties"] = {}
        self._properties: dict[str, Any] = self._body["Properties"]
        match self._resource.type.removeprefix(PREFIX):
            case "Function":
                self._function()
            case "LayerVersion":
                self._location("ContentUri", "AWS::Lambda::LayerVersion", "Content")
            case "StateMachine":
                if "Definition" not in self._written.entries:
                    self._machine()
            case "Api" | "HttpApi":
                self._properties.pop("AlwaysDeploy", None)
                self._api()
        self._events()

    def _function(self) -> None:
        self._alias()
        package = self._written.get("PackageType")
        if isinstance(package, ScalarNode) and package.text == "Image":
            if "ImageUri" not in self._written.entries:
                reason = OpaqueNode("the image is built later", self._resource.key_span)
                self._placeholder("ImageUri", "AWS::Lambda::Function", "Code", None, reason)
        elif "InlineCode" not in self._written.entries and "ImageUri" not in self._written.entries:
            self._location("CodeUri", "AWS::Lambda::Function", "Code")

    def _location(self, name: str, target_type: str, target: str) -> None:
        """A place of code that ``sam package`` would have replaced by an upload."""
        entry = self._written.entries.get(name)
        if entry is None:
            missing = OpaqueNode(f"{name} is not written", self._resource.key_span)
            self._placeholder(name, target_type, target, None, missing)
        elif not _is_uploaded(entry.value):
            self._placeholder(name, target_type, target, entry, entry.value)

    def _placeholder(
        self, name: str, target_type: str, target: str, entry: MapEntry | None, value: Node, drop: str = ""
    ) -> None:
        self._properties[name] = _PLACEHOLDER
        span = entry.key_span if entry is not None else self._resource.key_span
        self._prepared.repairs.append(
            Repair(self._resource.logical_id, target_type, target, MapEntry(span, value), drop)
        )

    def _machine(self) -> None:
        """A workflow in a file beside the template is read; one that cannot be stays a place of code."""
        target, location = "AWS::StepFunctions::StateMachine", self._written.entries.get("DefinitionUri")
        if location is not None and isinstance(location.value, ScalarNode) and not _is_uploaded(location.value):
            try:
                definition = self._files.read(location.value.text).root
            except Unreadable:
                pass
            else:
                self._placeholder("DefinitionUri", target, "Definition", location, definition, "DefinitionS3Location")
                return
        self._location("DefinitionUri", target, "DefinitionS3Location")

    def _alias(self) -> None:
        """SAM reads the alias name from a parameter's value: keep it symbolic, whatever the value."""
        entry = self._written.entries.get("AutoPublishAlias")
        if entry is None or not is_intrinsic(entry.value) or not isinstance(entry.value, MapNode):
            return
        name = entry.value.get("Ref")
        if isinstance(name, ScalarNode) and name.text.isalnum():
            self._properties["AutoPublishAlias"] = self._values.parameter(name.text) or name.text
            self._prepared.repairs.append(Repair(self._resource.logical_id, "AWS::Lambda::Alias", "Name", entry))

    def _api(self) -> None:
        """A definition outside the template is used as it is; SAM adds nothing to it."""
        target = _API_TARGET[self._resource.type]
        body = self._written.entries.get("DefinitionBody")
        location = self._written.entries.get("DefinitionUri")
        if body is not None and isinstance(body.value, OpaqueNode):
            self._properties.pop("DefinitionBody", None)
            self._placeholder("DefinitionUri", target, "Body", body, body.value, "BodyS3Location")
            self._set_aside(report=False)
        elif location is not None and body is None:
            if not _is_uploaded(location.value):
                self._local_definition(target, location)
            self._set_aside(report=True)

    def _local_definition(self, target: str, location: MapEntry) -> None:
        if not isinstance(location.value, ScalarNode):
            self._placeholder("DefinitionUri", target, "BodyS3Location", location, location.value)
            return
        try:
            definition: Node = self._files.read(location.value.text).root
        except Unreadable as reason:
            hint = "put the definition below the project's root"
            message = f"the API definition of {self._resource.logical_id} is not read, because {reason}"
            self._report(DiagnosticLevel.WARNING, "include-unreadable", message, location.value.span, hint)
            definition = OpaqueNode(str(reason), location.value.span, hint)
        self._placeholder("DefinitionUri", target, "Body", location, definition, "BodyS3Location")

    def _set_aside(self, *, report: bool) -> None:
        names = [name for name in _INLINE_ONLY[self._resource.type] if name in self._written.entries]
        shared = self._source.globals_for(self._resource.type)
        for name in names:
            self._properties.pop(name, None)
            if report:
                message = (
                    f"SAM refuses {name} beside DefinitionUri; {self._resource.logical_id} is checked as its "
                    f"definition says, without {name}"
                )
                span = self._written.entries[name].key_span
                self._report(DiagnosticLevel.WARNING, "sam-set-aside", message, span)
        if shared is not None and any(name in shared.entries for name in names):
            self._ignore_globals([name for name in names if name in shared.entries])

    def _ignore_globals(self, names: list[str]) -> None:
        present = self._body.get("IgnoreGlobals")
        if present == "*":
            return
        self._body["IgnoreGlobals"] = [*(present if isinstance(present, list) else []), *names]

    def _events(self) -> None:
        events = self._properties.get("Events")
        if not isinstance(events, dict):
            return
        for event in self._resource.events:
            if event.type not in API_ID_PROPERTY:
                continue
            if event.is_implicit and IMPLICIT_APIS[event.type] in self._refused:
                self._drop(events, event)
            elif not event.is_implicit and not self._is_api_of_template(event.api_id):
                self._drop(events, event)
                message = (
                    f"event {event.name} of {self._resource.logical_id} names an API outside the template, "
                    "which SAM refuses; the event is left out"
                )
                hint = f"let {API_ID_PROPERTY[event.type]} refer to an API of this template"
                self._report(DiagnosticLevel.WARNING, "sam-set-aside", message, event.key_span, hint)
            elif is_intrinsic(event.properties.get("Path")):
                self._symbolic_path(events, event)

    def _is_api_of_template(self, logical_id: str | None) -> bool:
        return logical_id in self._source.resources or logical_id in IMPLICIT_APIS.values()

    def _drop(self, events: dict[str, Any], event: SourceEvent) -> None:
        events.pop(event.name, None)
        self._prepared.dropped_events.add((self._resource.logical_id, event.name))

    def _symbolic_path(self, events: dict[str, Any], event: SourceEvent) -> None:
        path = symbolic_path(event.properties.get("Path"), self._resource.logical_id, event.name)
        events[event.name]["Properties"]["Path"] = path
        message = f"the path of event {event.name} is built by a function; it is shown as {path}"
        self._report(DiagnosticLevel.NOTICE, "sam-set-aside", message, event.key_span)

    def _report(self, level: DiagnosticLevel, code: str, message: str, span: Span, hint: str = "") -> None:
        self._prepared.diagnostics.append(Diagnostic(level, code, message, span, hint))


def symbolic_path(node: Node | None, logical_id: str, event: str) -> str:
    """The text that stands for an event's path, which SAM wants as a text."""
    written = node.get("Ref") or node.get("Fn::Sub") if isinstance(node, MapNode) else None
    if not isinstance(written, ScalarNode):
        return f"/unknown-path-of-{logical_id}-{event}"
    text = f"${{{written.text}}}" if isinstance(node, MapNode) and "Ref" in node.entries else written.text
    return text if text.startswith("/") else f"/{text}"


def _is_uploaded(node: Node) -> bool:
    """True when the translator takes the location as it is: an S3 URI, or a map with bucket and key."""
    match node:
        case ScalarNode():
            bucket, _, key = node.text.removeprefix("s3://").partition("/")
            return node.text.startswith("s3://") and bool(bucket and key)
        case MapNode():
            return {"Bucket", "Key"} <= set(node.entries)
        case _:
            return False
