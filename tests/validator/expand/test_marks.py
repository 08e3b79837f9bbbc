"""Marked values: to the translator ordinary dicts, lists and texts; back to the very same nodes."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from validator.expand.marks import MarkedDict, MarkedList, marked, parameter_text, restored
from validator.load import load_document
from validator.load.nodes import MapNode, plain
from validator.model import Span

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
ELSEWHERE = Span("template.yaml", 9, 9, 9, 10)


def node(text: str) -> MapNode:
    root = load_document(text.encode(), "template.yaml").root
    assert isinstance(root, MapNode)
    return root


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), VALUES, min_size=1, max_size=4))
def test_a_copy_of_marked_values_gives_the_same_nodes_with_all_places(value: dict[str, object]) -> None:
    root = node(json.dumps(value))
    values = marked(root, frozenset())

    assert values == plain(root)
    assert json.dumps(values) == json.dumps(plain(root))
    assert restored(copy.deepcopy(values), None, ELSEWHERE) == root


def test_parameters_in_sub_texts_are_hidden_and_come_back() -> None:
    root = node("Fn::Sub: ['${P} ${Q} ${!P}', {Q: x}]\n")
    values = marked(root, frozenset({"P"}))

    assert values["Fn::Sub"][0] == "${!tierlens:P} ${Q} ${!P}"
    assert restored(values, None, ELSEWHERE) == root
    rewritten = str(values["Fn::Sub"][0]).replace("${Q}", "${Other}")
    assert plain(restored(rewritten, None, ELSEWHERE)) == "${P} ${Other} ${!P}"


def test_the_value_of_a_parameter_becomes_a_reference_again() -> None:
    written = node("Pool: !Ref P\n").get("Pool")

    assert plain(restored(parameter_text("value", "P"), None, ELSEWHERE)) == {"Ref": "P"}
    assert restored(parameter_text("value", "P"), written, ELSEWHERE) == written
    other = restored(parameter_text("value", "Q"), written, ELSEWHERE)
    assert written is not None
    assert (plain(other), other.span) == ({"Ref": "Q"}, written.span)


def test_unmarked_values_take_the_place_of_what_surrounds_them() -> None:
    root = node("A:\n  B: 1\n  C: x\n")
    values = marked(root, frozenset())
    values["A"]["New"] = {"D": [True]}
    values["A"]["B"] = 2
    again = restored(values, None, ELSEWHERE)

    assert plain(again) == {"A": {"B": 2, "C": "x", "New": {"D": [True]}}}
    assert isinstance(again, MapNode)
    inner = again.entries["A"].value
    assert isinstance(inner, MapNode)
    assert inner.entries["New"].key_span == inner.entries["New"].value.span == inner.span
    assert (inner.entries["B"].key_span.line, inner.entries["B"].value.span.line) == (2, 2)


def test_a_duplicated_key_stays_marked() -> None:
    root = node("A: {B: 1, B: 2}\n")
    again = restored(copy.deepcopy(marked(root, frozenset())), None, ELSEWHERE)

    assert isinstance(again, MapNode)
    inner = again.entries["A"].value
    assert isinstance(inner, MapNode)
    assert inner.entries["B"].duplicated


def test_what_the_translator_makes_of_a_marked_type_has_no_mark() -> None:
    made = [MarkedList([1]), MarkedDict({"a": 1})]

    assert [copied.node for copied in copy.deepcopy(made)] == [None, None]
