"""``AWS::Include`` and other macros.

AWS documents: Template Reference, "AWS::Include transform"; User Guide, "Perform custom processing with
template macros". A local include is read and merged in. What cannot be carried out leaves an open place:
an opaque node where the macro stands for a value, and under the key ``Fn::Transform`` where it stands
among other keys.
"""

from dataclasses import dataclass, field

from validator.expand.local_files import LocalFiles, Unreadable
from validator.expand.transforms import INCLUDE, Transform
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel

KEY = "Fn::Transform"


@dataclass(slots=True)
class Included:
    """A document root after its includes, and whether anything was merged in."""

    root: MapNode
    merged: bool = False
    unknown: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def carry_out_macros(root: MapNode, transforms: tuple[Transform, ...], files: LocalFiles) -> Included:
    """Merges local includes into the document and marks the places of all other macros."""
    result = Included(root)
    walk = _Walk(files, result)
    entries = {
        key: entry if key == "Transform" else MapEntry(entry.key_span, walk.node(entry.value), entry.duplicated)
        for key, entry in root.entries.items()
    }
    result.root = MapNode(entries, root.span)
    for transform in transforms:
        if transform.name == INCLUDE:
            _include_sections(transform, files, result)
        elif transform.is_macro:
            _report_macro(transform, result)
    return result


def _report_macro(transform: Transform, result: Included) -> None:
    name = transform.name or "without a plain name"
    sentence = f"the macro {name} may change anything in the template"
    result.unknown.append(sentence)
    result.diagnostics.append(
        Diagnostic(
            DiagnosticLevel.WARNING,
            "macro",
            f"{sentence}; it is not carried out",
            transform.span,
            "check the processed template (aws cloudformation get-template --template-stage Processed)",
        )
    )


def _include_sections(transform: Transform, files: LocalFiles, result: Included) -> None:
    """A top-level include: its content joins the template's sections."""
    try:
        content = _content(transform.node, files)
    except Unreadable as reason:
        sentence = f"the template-level include may add anything, because {reason}"
        result.unknown.append(sentence)
        result.diagnostics.append(_unreadable(transform.node, reason))
        return
    result.merged = True
    entries = dict(result.root.entries)
    for key, entry in content.entries.items():
        present = entries.get(key)
        if present is not None and isinstance(present.value, MapNode) and isinstance(entry.value, MapNode):
            entry = MapEntry(present.key_span, _merged(present.value, entry.value), present.duplicated)
        elif present is not None:
            entry = MapEntry(present.key_span, present.value, duplicated=True)
        entries[key] = entry
    result.root = MapNode(entries, result.root.span)


class _Walk:
    """Visits every map of the document once."""

    def __init__(self, files: LocalFiles, result: Included) -> None:
        self._files = files
        self._result = result

    def node(self, node: Node) -> Node:
        """The node with the macros below it carried out or marked."""
        match node:
            case MapNode():
                return self._map(node)
            case ListNode():
                return ListNode(tuple(self.node(item) for item in node.items), node.span)
            case _:
                return node

    def _map(self, node: MapNode) -> Node:
        entries = {
            key: MapEntry(entry.key_span, self.node(entry.value), entry.duplicated)
            for key, entry in node.entries.items()
            if key != KEY
        }
        macro = node.entries.get(KEY)
        if macro is None:
            return MapNode(entries, node.span)
        if isinstance(macro.value, OpaqueNode):
            return MapNode({**entries, KEY: macro}, node.span)
        replaced = self._replaced(macro)
        rest = MapNode(entries, node.span)
        if isinstance(replaced, MapNode):
            return replaced if not entries else _merged(rest, replaced)
        return replaced if not entries else _open(rest, macro, replaced)

    def _replaced(self, macro: MapEntry) -> MapNode | OpaqueNode:
        value, span = _argument(macro.value), macro.key_span
        name = value.get("Name") if isinstance(value, MapNode) else None
        if not isinstance(name, ScalarNode) or name.text != INCLUDE:
            called = name.text if isinstance(name, ScalarNode) else "without a plain name"
            message = f"the macro {called} is not carried out"
            self._result.diagnostics.append(Diagnostic(DiagnosticLevel.WARNING, "macro", message, span))
            return OpaqueNode(message, span, "check the processed template")
        try:
            content = _content(value, self._files)
        except Unreadable as reason:
            self._result.diagnostics.append(_unreadable(value, reason))
            return OpaqueNode(str(reason), span, "put the included file below the project's root")
        self._result.merged = True
        return content


def _argument(node: Node) -> Node:
    """A macro's map, which may also be written as the only item of a list."""
    return node.items[0] if isinstance(node, ListNode) and len(node.items) == 1 else node


def _open(rest: MapNode, macro: MapEntry, opaque: OpaqueNode) -> MapNode:
    return MapNode({**rest.entries, KEY: MapEntry(macro.key_span, opaque)}, rest.span)


def _unreadable(node: Node, reason: Unreadable) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.WARNING,
        "include-unreadable",
        f"the include is not read, because {reason}",
        node.span,
        "put the included file below the project's root",
    )


def _content(macro: Node, files: LocalFiles) -> MapNode:
    """The included map. Macros inside it are not carried out: AWS does not nest includes."""
    parameters = macro.get("Parameters") if isinstance(macro, MapNode) else None
    location = parameters.get("Location") if isinstance(parameters, MapNode) else None
    if not isinstance(location, ScalarNode):
        raise Unreadable("its location is not a plain text")
    content = files.read(location.text).root
    if not isinstance(content, MapNode):
        raise Unreadable(f"{location.text} holds no map")
    return _sealed(content)


def _sealed(node: MapNode) -> MapNode:
    """The map with every macro in it made an open place."""
    return MapNode({key: _sealed_entry(key, entry) for key, entry in node.entries.items()}, node.span)


def _sealed_entry(key: str, entry: MapEntry) -> MapEntry:
    if key == KEY:
        reason = "a macro inside an included file is not carried out"
        return MapEntry(entry.key_span, OpaqueNode(reason, entry.key_span))
    return MapEntry(entry.key_span, _sealed_node(entry.value), entry.duplicated)


def _sealed_node(node: Node) -> Node:
    match node:
        case MapNode():
            return _sealed(node)
        case ListNode():
            return ListNode(tuple(_sealed_node(item) for item in node.items), node.span)
        case _:
            return node


def _merged(written: MapNode, included: MapNode) -> MapNode:
    """Both maps' entries; a key that both have keeps the written value and is marked as duplicated."""
    entries = dict(written.entries)
    for key, entry in included.entries.items():
        present = entries.get(key)
        entries[key] = entry if present is None else MapEntry(present.key_span, present.value, duplicated=True)
    return MapNode(entries, written.span)
