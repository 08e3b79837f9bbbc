"""From a document to a template: loops, includes and macros, SAM, sections, in this order."""

from collections.abc import Mapping
from pathlib import Path

from validator.expand.for_each import Unrolled, unroll_loops
from validator.expand.known_values import KnownValues
from validator.expand.local_files import LocalFiles
from validator.expand.macros import carry_out_macros
from validator.expand.packaged_files import with_local_definitions
from validator.expand.sam import SamExpansion, expand_sam
from validator.expand.sam.source import SourceResource
from validator.expand.sections import read_outputs, read_parameters, read_resources, read_section
from validator.expand.template import Template, TemplateResource
from validator.expand.transforms import LANGUAGE_EXTENSIONS, Transform, transforms_of
from validator.load.nodes import Document, MapEntry, MapNode, OpaqueNode
from validator.model import Diagnostic, DiagnosticLevel, ExpandError, Origin, Span


def expand(
    document: Document, *, root: Path, file: Path, parameters: Mapping[str, str], region: str | None = None
) -> Template:
    """The template that a document describes, after all its transforms.

    ``root`` is the project's root, below which files are read, ``file`` the document's own path on disk,
    ``parameters`` the values that the run was given, as canonical texts, ``region`` the region if known.

    Raises ExpandError only when the document is no template: it has no ``Resources``. All else that is
    wrong becomes a diagnostic, a refused resource or an opaque node.
    """
    return _Expansion(document, LocalFiles(root, file), parameters, region).run()


class _Expansion:
    """The steps of one expansion and what they collect."""

    def __init__(
        self, document: Document, files: LocalFiles, parameters: Mapping[str, str], region: str | None
    ) -> None:
        self._document = document
        self._files = files
        self._given = parameters
        self._region = region
        self._diagnostics: list[Diagnostic] = []
        self._unknown: list[str] = []
        self._notes: dict[tuple[str, str], str] = {}

    def run(self) -> Template:
        """The expanded template."""
        root = self._document.root
        if not isinstance(root, MapNode):
            raise ExpandError("the document is not a map", span=root.span, code="no-template")
        transforms = transforms_of(root)
        root = self._loops(root, transforms)
        included = carry_out_macros(root, transforms, self._files)
        self._diagnostics += included.diagnostics
        self._unknown += included.unknown
        root = self._loops(included.root, transforms) if included.merged else included.root
        self._require_resources(root)
        return self._template(root, transforms)

    def _loops(self, root: MapNode, transforms: tuple[Transform, ...]) -> MapNode:
        unrolled: Unrolled = unroll_loops(root, KnownValues(root, self._given, self._region))
        self._diagnostics += unrolled.diagnostics
        self._unknown += unrolled.unknown
        self._notes.update(unrolled.notes)
        if unrolled.loops and all(transform.name != LANGUAGE_EXTENSIONS for transform in transforms):
            message = f"Fn::ForEach needs the transform {LANGUAGE_EXTENSIONS}; it is unrolled all the same"
            self._warn("missing-transform", message, unrolled.loops[0], LANGUAGE_EXTENSIONS)
        return unrolled.root

    def _warn(self, code: str, message: str, span: Span, transform: str) -> None:
        hint = f"add {transform} to Transform"
        self._diagnostics.append(Diagnostic(DiagnosticLevel.WARNING, code, message, span, hint))

    def _require_resources(self, root: MapNode) -> None:
        if not isinstance(root.get("Resources"), MapNode | OpaqueNode) and not self._unknown:
            message = "the document has no Resources, so it is no CloudFormation template"
            hint = "a template has a map Resources with at least one resource"
            raise ExpandError(message, span=root.span, hint=hint, code="no-template")

    def _template(self, root: MapNode, transforms: tuple[Transform, ...]) -> Template:
        resources = read_resources(root, self._notes, self._diagnostics, self._unknown)
        sam = {name: resource for name, resource in resources.items() if resource.is_sam}
        serverless = any(transform.is_serverless for transform in transforms)
        if sam and not serverless:
            first = next(iter(sam.values()))
            message = f"{first.type} needs the transform AWS::Serverless-2016-10-31; it is expanded all the same"
            self._warn("missing-transform", message, first.key_span, "AWS::Serverless-2016-10-31")
        expanded = self._expanded(root, resources, bool(sam))
        self._diagnostics += expanded.diagnostics
        self._unknown += expanded.unknown
        sections = {name: MapEntry(root.span, node) for name, node in expanded.sections.items()}
        root = MapNode({**root.entries, **sections}, root.span)
        return Template(
            path=self._document.path,
            document=self._document,
            dialect="sam" if sam or serverless else "cloudformation",
            parameters=read_parameters(root, self._diagnostics),
            mappings=read_section(root, "Mappings", self._unknown),
            conditions=read_section(root, "Conditions", self._unknown),
            rules=read_section(root, "Rules", self._unknown),
            resources=with_local_definitions(expanded.resources, self._files),
            outputs=read_outputs(root, self._unknown),
            sam_resources={name: _as_written(resource) for name, resource in sam.items()},
            uncertain=tuple(dict.fromkeys(self._unknown)),
            decided_by_default=expanded.decided_by_default,
            event_operations=expanded.event_operations,
            included=self._files.documents,
            diagnostics=tuple(dict.fromkeys(self._diagnostics)),
        )

    def _expanded(self, root: MapNode, resources: Mapping[str, SourceResource], has_sam: bool) -> SamExpansion:
        if not has_sam:
            return SamExpansion(resources={name: _as_written(item) for name, item in resources.items()})
        values = KnownValues(root, self._given, self._region)
        return expand_sam(root, resources, values, self._files, self._region)


def _as_written(resource: SourceResource) -> TemplateResource:
    origin = Origin(resource.key_span, resource.logical_id, resource.type, resource.note)
    return TemplateResource(resource.logical_id, resource.type, resource.body, origin)
