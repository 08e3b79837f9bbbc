"""Whatever stands in a template, it is checked or refused with a message; no rule and no step raises."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import pack
from tests.harness import architecture
from tests.properties.rewriting import as_json, data_of
from validator.graph.build import BUILDERS
from validator.graph.typed_graph import typed_graph
from validator.model import TierlensError
from validator.rulekit import run_rules

SOURCES = [example.template for rule in pack() for example in rule.examples]

JUNK: list[Any] = [
    None,
    "",
    "*",
    "text",
    0,
    -1,
    True,
    [],
    [[]],
    [None],
    {},
    {"Ref": "Nobody"},
    {"Ref": "AWS::NoValue"},
    {"Ref": ["x"]},
    {"Fn::GetAtt": "Nobody"},
    {"Fn::GetAtt": []},
    {"Fn::Sub": "${Nobody.Arn}:${"},
    {"Fn::Sub": ["${X}", {"X": {"Ref": "AWS::Region"}}]},
    {"Fn::If": ["Nobody", "a", ["b"]]},
    {"Fn::If": "x"},
    {"Fn::Join": ["", [{"Ref": "AWS::AccountId"}, {"a": 1}]]},
    {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-x"}},
    {"Fn::Split": [",", {"Fn::ImportValue": "x"}]},
    {"Fn::Transform": {"Name": "Macro"}},
    "{{resolve:secretsmanager:x:SecretString:y}}",
    "{{resolve:",
    '{"Statement": [',
    "arn:aws:::::",
    "0.0.0.0/99",
]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path below the template's sections."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def damaged(data: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """The same data with what stands at the path replaced."""
    if not path:
        return junk
    key, *rest = path
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[key] = damaged(changed[key], tuple(rest), junk)
    return changed


@pytest.mark.skipif(not SOURCES, reason="no rule has examples")
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    template = data_of(data.draw(st.sampled_from(SOURCES)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(places(template), key=repr)))
        template = damaged(template, path, data.draw(st.sampled_from(JUNK)))
    try:
        graph = architecture(as_json(template))
    except TierlensError:
        return
    result = run_rules(pack(), graph)
    assert not result.diagnostics, result.diagnostics
    typed_graph(graph, BUILDERS)
