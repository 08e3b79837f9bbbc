"""A stack in one scenario as plain data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness import line_of, scope
from validator.engines.rendering import RenderedResource, render
from validator.engines.scenarios import fixed, scenarios_of

TEXTS = st.text("abc/-", min_size=1, max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=12,
)


def rendered(template: str, number: int = 0, **parameters: str) -> RenderedResource:
    """The resource A in one of the template's scenarios."""
    stack = scope(template, **parameters)
    found = scenarios_of(stack).all[number]
    return render(stack.template.resources["A"], fixed(stack, found))


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_has_no_functions_stays_as_it_is(properties: dict[str, object]) -> None:
    body = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": properties}}}
    found = rendered(json.dumps(body))
    assert found.data == {"Type": "AWS::SNS::Topic", "Properties": properties}
    assert found.unknown == {}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Ref Given", "x"),
        ("!Ref Flag", True),
        ("!Ref Count", 7),
        ("!Ref Account", "000123456789"),
        ("!Ref Topic", {"Ref": "Topic"}),
        ("!GetAtt Topic.TopicName", {"Fn::GetAtt": ["Topic", "TopicName"]}),
        ("!Ref AWS::Region", {"Ref": "AWS::Region"}),
        ('!Sub "a-${Given}-${!Literal}"', "a-x-${Literal}"),
        (
            '!Sub "a:${Topic}:${Topic.TopicName}:${AWS::Region}"',
            {"Fn::Sub": "a:${Topic}:${Topic.TopicName}:${AWS::Region}"},
        ),
        ('!Join ["-", [a, !Ref Given]]', "a-x"),
        ("!FindInMap [Sizes, small, size]", 1),
        ('"{{resolve:secretsmanager:db:SecretString}}"', "{{resolve:secretsmanager:db:SecretString}}"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("[!Ref AWS::NoValue, a]", ["a"]),
        ("!If [IsFlag, {B: 1}, {C: 2}]", {"B": 1}),
        ("{Key: !Ref Flag}", {"Key": "true"}),
    ],
)
def test_what_functions_become(written: str, value: object) -> None:
    template = f"""\
Parameters:
  Given: {{Type: String, Default: x}}
  Flag: {{Type: String, Default: "true"}}
  Count: {{Type: Number, Default: 7}}
  Account: {{Type: String, Default: "000123456789"}}
Conditions:
  IsFlag: !Equals [!Ref Flag, "true"]
Mappings:
  Sizes: {{small: {{size: 1}}}}
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  A:
    Type: AWS::SNS::Topic
    Properties:
      Here: {written}
"""
    found = rendered(template)
    assert found.data["Properties"] == {"Here": value}
    assert found.unknown == {}
    assert found.places["Properties/Here"].line == line_of(template, "Here:")


def test_what_is_not_known_says_what_lacks() -> None:
    template = """\
Parameters:
  Open: {Type: String}
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      Whole: !Ref Open
      Piece: !Sub "arn:${Open}"
      Import: !ImportValue other
"""
    found = rendered(template)
    assert found.data["Properties"] == {
        "Whole": {"Ref": "Open"},
        "Piece": {"Fn::Sub": "arn:${Open}"},
        "Import": {"Fn::ImportValue": "other"},
    }
    assert {path: missing.key for path, missing in found.unknown.items()} == {
        "Properties/Whole": "parameter:Open",
        "Properties/Piece": "parameter:Open",
        "Properties/Import": "import:other",
    }
    assert found.open == {"Properties/Whole", "Properties/Import"}


def test_every_resource_is_in_a_scenario() -> None:
    stages = ["a", "b", "c", "d"]
    conditions = "".join(f"  Is{stage}: !Equals [!Ref Stage, {stage}]\n" for stage in stages)
    resources = "".join(f"  R{stage}: {{Type: AWS::SNS::Topic, Condition: Is{stage}}}\n" for stage in stages)
    template = f"Parameters:\n  Stage: {{Type: String, Default: b}}\nConditions:\n{conditions}Resources:\n{resources}"
    found = scenarios_of(scope(template))
    assert found.left_out == ()
    assert found.all[0].truth == {"Isa": False, "Isb": True, "Isc": False, "Isd": False}
    assert [scenario.at_defaults for scenario in found.all] == [True] + [False] * (len(found.all) - 1)
    for stage in stages:
        assert any(scenario.has(f"Is{stage}") for scenario in found.all)


def test_a_resource_that_never_exists_is_in_none() -> None:
    template = """\
Conditions:
  Never: !Equals [a, b]
Resources:
  A: {Type: AWS::SNS::Topic, Condition: Never}
"""
    found = scenarios_of(scope(template))
    assert found.left_out == ()
    assert not any(scenario.has("Never") for scenario in found.all)
