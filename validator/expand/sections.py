"""The sections of an expanded document as the fields of a template."""

from collections.abc import Iterator, Mapping

from validator.expand.macros import KEY as MACRO_KEY
from validator.expand.sam.source import SourceResource
from validator.expand.template import Output
from validator.load.nodes import MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel


def read_resources(
    root: MapNode, notes: Mapping[tuple[str, str], str], diagnostics: list[Diagnostic], unknown: list[str]
) -> dict[str, SourceResource]:
    """The resources that are maps with a type; all others become diagnostics."""
    resources: dict[str, SourceResource] = {}
    for logical_id, entry in _entries(root, "Resources", unknown):
        body = entry.value
        if isinstance(body, OpaqueNode):
            unknown.append(f"resource {logical_id} is not known, because {body.reason}")
            continue
        resource_type = body.get("Type") if isinstance(body, MapNode) else None
        if not isinstance(body, MapNode):
            _report(diagnostics, f"resource {logical_id} is not a map; it is not checked", entry)
        elif MACRO_KEY in body.entries and resource_type is None:
            unknown.append(f"resource {logical_id} is made by a macro that is not carried out")
        elif not isinstance(resource_type, ScalarNode) or not isinstance(resource_type.value, str):
            _report(diagnostics, f"resource {logical_id} has no Type; it is not checked", entry)
        else:
            if MACRO_KEY in body.entries:
                unknown.append(f"resource {logical_id} may be changed by a macro that is not carried out")
            note = notes.get(("Resources", logical_id), "")
            resources[logical_id] = SourceResource(logical_id, resource_type.text, body, entry.key_span, note)
    return resources


def _report(diagnostics: list[Diagnostic], message: str, entry: MapEntry) -> None:
    hint = "a resource is a map with Type and Properties"
    diagnostics.append(Diagnostic(DiagnosticLevel.ERROR, "resource-malformed", message, entry.key_span, hint))


def read_section(root: MapNode, section: str, unknown: list[str]) -> dict[str, Node]:
    """A section's values by name; empty when the section is absent or not a map."""
    return {name: entry.value for name, entry in _entries(root, section, unknown)}


def read_parameters(root: MapNode, diagnostics: list[Diagnostic]) -> dict[str, MapNode]:
    """The declared parameters; one that is not a map becomes a diagnostic."""
    parameters: dict[str, MapNode] = {}
    for name, entry in _entries(root, "Parameters", []):
        if isinstance(entry.value, MapNode):
            parameters[name] = entry.value
        else:
            message = f"parameter {name} is not a map"
            diagnostics.append(Diagnostic(DiagnosticLevel.ERROR, "parameter-malformed", message, entry.key_span))
    return parameters


def read_outputs(root: MapNode, unknown: list[str]) -> dict[str, Output]:
    """The outputs that have a value."""
    outputs: dict[str, Output] = {}
    for name, entry in _entries(root, "Outputs", unknown):
        if not isinstance(entry.value, MapNode):
            continue
        value, export = entry.value.get("Value"), entry.value.get("Export")
        condition = entry.value.get("Condition")
        if value is not None:
            outputs[name] = Output(
                name,
                value,
                entry.key_span,
                export.get("Name") if isinstance(export, MapNode) else None,
                condition.text if isinstance(condition, ScalarNode) else None,
            )
    return outputs


def _entries(root: MapNode, section: str, unknown: list[str]) -> Iterator[tuple[str, MapEntry]]:
    node = root.get(section)
    if isinstance(node, OpaqueNode):
        unknown.append(f"the section {section} is not known, because {node.reason}")
    if not isinstance(node, MapNode):
        return
    for name, entry in node.entries.items():
        if name == MACRO_KEY:
            reason = entry.value.reason if isinstance(entry.value, OpaqueNode) else "it is a macro"
            unknown.append(f"the section {section} may have more entries, because {reason}")
            continue
        yield name, entry
