import json
import string

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.validator.load.reading import load
from validator.load import Document, ListNode, MapNode, Node, plain
from validator.load.source import LINE_BREAK
from validator.model import LoadError

CALM = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PRINTABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4),
    max_leaves=20,
)
TEMPLATES = st.dictionaries(PRINTABLE, VALUES, max_size=5)
FRAGMENTS = st.lists(
    st.sampled_from(
        ["a", ": ", "\n", "- ", "  ", "!Ref ", "!Sub", "!X ", "&b ", "*b", "<<", "[", "]", "{", "}", ",", "'", '"',
         "|", "# tierlens:", "? ", "---", "0123", "!GetAtt A.B", "\t", "\r\n", "é", "😀", "\u2028", "%",
         "@", "\x00", "A.B.C"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def children(node: Node) -> list[Node]:
    match node:
        case MapNode():
            return [value for _, value in node.items()]
        case ListNode():
            return list(node.items)
    return []


def loaded_or_refused(data: bytes) -> Document | None:
    """The document, or None when it was refused as people need it: with words, a code and a place."""
    try:
        return load(data)
    except LoadError as error:
        refusal = error
    assert refusal.message
    assert refusal.code
    assert refusal.span is not None
    return None


def assert_spans_fit(document: Document) -> None:
    lines = LINE_BREAK.split(document.text)
    pending = [document.root]
    while pending:
        node = pending.pop()
        span = node.span
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines)
        assert span.column <= len(lines[span.line - 1]) + 1
        assert span.end_column <= len(lines[span.end_line - 1]) + 1
        for child in children(node):
            if "*" not in document.text:
                assert (span.line, span.column) <= (child.span.line, child.span.column)
                assert (child.span.end_line, child.span.end_column) <= (span.end_line, span.end_column)
            pending.append(child)


@CALM
@given(st.one_of(FRAGMENTS, FRAGMENTS.map("a: ".__add__), st.text(max_size=60), st.text(string.printable)))
def test_any_text_gives_a_document_or_a_positioned_error(text):
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    document = loaded_or_refused(data)
    if document is not None:
        assert_spans_fit(document)


@CALM
@given(st.binary(max_size=60))
def test_any_bytes_give_a_document_or_an_error(data):
    document = loaded_or_refused(data)
    assert document is None or isinstance(document.root, MapNode)


@CALM
@given(TEMPLATES)
def test_json_and_yaml_of_the_same_data_are_read_alike(data):
    from_json = load(json.dumps(data), "t.json")
    assert plain(from_json.root) == data
    assert plain(load(json.dumps(data, ensure_ascii=False, indent=1), "t.json").root) == data
    from_yaml = load(yaml.safe_dump(data, allow_unicode=True))
    assert plain(from_yaml.root) == data
    assert_spans_fit(from_json)
    assert_spans_fit(from_yaml)


@CALM
@given(st.text(max_size=30).filter(lambda text: not any(0xD800 <= ord(char) <= 0xDFFF for char in text)))
def test_any_text_in_json_is_kept(text):
    assert plain(load(json.dumps({"a": text}), "t.json").root) == {"a": text}
    assert plain(load(json.dumps({"a": text}, ensure_ascii=False), "t.json").root) == {"a": text}


@pytest.mark.parametrize("position", range(3))
def test_the_check_of_spans_can_fail(position):
    document = load("a: [x]\n")
    broken = Document("t", document.root, ["", "a", "a: ["][position])
    with pytest.raises(AssertionError):
        assert_spans_fit(broken)
