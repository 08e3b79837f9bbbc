"""What the tests of this folder share: expand a text, and look at places."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from validator.expand import Template, expand
from validator.load import load_document
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, ScalarNode, plain

SAM = "Transform: AWS::Serverless-2016-10-31\n"


def expanded(
    text: str,
    *,
    root: Path = Path(),
    parameters: Mapping[str, str] | None = None,
    region: str | None = None,
) -> Template:
    document = load_document(dedent(text).encode(), "template.yaml")
    return expand(document, root=root, file=root / "template.yaml", parameters=parameters or {}, region=region)


def node_at(template: Template, logical_id: str, *path: str | int) -> Node:
    return entry_at(template, logical_id, *path).value


def entry_at(template: Template, logical_id: str, *path: str | int) -> MapEntry:
    body = template.resources[logical_id].body
    entry = MapEntry(body.span, body)
    for step in path:
        node = entry.value
        if isinstance(step, int):
            assert isinstance(node, ListNode)
            entry = MapEntry(node.items[step].span, node.items[step])
        else:
            assert isinstance(node, MapNode), f"{step} of {node}"
            entry = node.entries[step]
    return entry


def plain_at(template: Template, logical_id: str, *path: str | int) -> object:
    return plain(node_at(template, logical_id, *path))


def place(template: Template, logical_id: str, *path: str | int) -> tuple[int, int]:
    """Line and column of a value."""
    span = node_at(template, logical_id, *path).span
    return span.line, span.column


def key_place(template: Template, logical_id: str, *path: str | int) -> tuple[int, int]:
    """Line and column of the last key of a path."""
    span = entry_at(template, logical_id, *path).key_span
    return span.line, span.column


def remarks(template: Template) -> list[tuple[str, str, str, int, int]]:
    """Level, code, message, line and column of every diagnostic of the expansion."""
    return [
        (d.level.value, d.code, d.message, d.span.line, d.span.column)
        for d in template.diagnostics
        if d.span is not None
    ]


def opaque_reason(node: Node) -> str:
    assert isinstance(node, OpaqueNode), node
    return node.reason


def text_of(node: Node) -> str:
    assert isinstance(node, ScalarNode), node
    return node.text
