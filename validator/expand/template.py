"""The expanded template: sections and resources after all transforms, each with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from validator.load.nodes import Document, MapNode, Node
from validator.model import Diagnostic, Origin, Span


@dataclass(frozen=True, slots=True)
class TemplateResource:
    """A resource after expansion.

    ``body`` is the whole resource (``Type``, ``Properties``, ``Condition`` …) in long form. ``refused`` is
    empty, or says why the SAM translator could not expand this resource: it then still has its
    ``AWS::Serverless::*`` type and whatever depends on it is unknown.
    """

    logical_id: str
    type: str
    body: MapNode
    origin: Origin
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """An output: its value and, when exported, the name it is exported under (both unresolved)."""

    name: str
    value: Node
    span: Span
    export: Node | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class EventSource:
    """The event that put an operation into an API's body: whose it is, its name, and its key's place."""

    logical_id: str
    event: str
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """One template after expansion: plain CloudFormation, in which only intrinsic functions are left.

    ``sam_resources`` holds the ``AWS::Serverless::*`` resources as written (Globals not merged), for what
    the translator drops or fixes by parameter defaults. ``uncertain`` lists macros that may change anything
    in the template: with one present, a resource or a property that is absent may yet exist.
    ``decided_by_default`` maps a parameter to the source logical IDs whose expansion took its default for
    granted (SAM resolves structure by defaults). ``event_operations`` names, for (API, path, method), the
    event that SAM made the operation for (method in lower case, ``any`` for all methods).
    ``included`` are the other files that were read into the template.
    """

    path: str
    document: Document
    dialect: str
    parameters: Mapping[str, MapNode]
    mappings: Mapping[str, Node]
    conditions: Mapping[str, Node]
    rules: Mapping[str, Node]
    resources: Mapping[str, TemplateResource]
    outputs: Mapping[str, Output]
    sam_resources: Mapping[str, TemplateResource] = field(default_factory=dict)
    uncertain: tuple[str, ...] = ()
    decided_by_default: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    event_operations: Mapping[tuple[str, str, str], EventSource] = field(default_factory=dict)
    included: tuple[Document, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
