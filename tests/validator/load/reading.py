"""Ways to load a text in one line, and to say a span as a short text."""

import pytest

from validator.load import Document, ListNode, MapNode, Node, load_document
from validator.model import LoadError, Span


def load(text: str | bytes, path: str = "template.yaml") -> Document:
    return load_document(text if isinstance(text, bytes) else text.encode(), path)


def at(document: Document, *keys: str | int) -> Node:
    """The node under these keys and indexes; fails where there is none."""
    node = document.root
    for key in keys:
        if isinstance(key, int):
            assert isinstance(node, ListNode)
            node = node.items[key]
        else:
            assert isinstance(node, MapNode)
            found = node.get(key)
            assert found is not None, f"no {key} in {list(node.entries)}"
            node = found
    return node


def short(span: Span | None) -> str:
    assert span is not None
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def said(document: Document) -> list[tuple[str, str, str]]:
    """Level, code and place of every diagnostic."""
    return [
        (item.level.value, item.code, "" if item.span is None else f"{item.span.line}:{item.span.column}")
        for item in document.diagnostics
    ]


def refusal(text: str | bytes, path: str = "template.yaml") -> LoadError:
    with pytest.raises(LoadError) as caught:
        load(text, path)
    assert caught.value.span is not None
    assert caught.value.span.path == path
    return caught.value


def refused_at(text: str | bytes, path: str = "template.yaml") -> tuple[str, int, int]:
    """Code, line and column of the refusal."""
    error = refusal(text, path)
    assert error.span is not None
    return error.code, error.span.line, error.span.column
