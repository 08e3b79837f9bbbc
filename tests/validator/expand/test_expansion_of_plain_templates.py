"""Sections, malformed entries, what is no template."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validator.expand.expanding import expanded, remarks
from validator.expand import expand
from validator.load import load_document
from validator.load.nodes import plain
from validator.model import ExpandError, Span


def test_sections_become_fields() -> None:
    template = expanded(
        """\
        Parameters: {Stage: {Type: String}}
        Mappings: {M: {a: {b: c}}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Rules: {R: {Assertions: []}}
        Resources:
          Topic: {Type: AWS::SNS::Topic, Condition: IsProd, DeletionPolicy: Retain}
        Outputs:
          Arn: {Value: !Ref Topic, Export: {Name: !Sub '${Stage}-arn'}, Condition: IsProd}
          Empty: {Description: no value}
        """
    )

    assert (template.path, template.dialect) == ("template.yaml", "cloudformation")
    assert plain(template.parameters["Stage"]) == {"Type": "String"}
    assert plain(template.mappings["M"]) == {"a": {"b": "c"}}
    assert plain(template.conditions["IsProd"]) == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    assert list(template.rules) == ["R"]
    topic = template.resources["Topic"]
    assert plain(topic.body) == {"Type": "AWS::SNS::Topic", "Condition": "IsProd", "DeletionPolicy": "Retain"}
    assert topic.origin.span == Span("template.yaml", 6, 3, 6, 8)
    assert (topic.origin.logical_id, topic.origin.resource_type, topic.origin.note) == (
        "Topic",
        "AWS::SNS::Topic",
        "",
    )
    output = template.outputs["Arn"]
    assert (plain(output.value), output.span.line, output.condition) == ({"Ref": "Topic"}, 8, "IsProd")
    assert output.export is not None
    assert plain(output.export) == {"Fn::Sub": "${Stage}-arn"}
    assert list(template.outputs) == ["Arn"]
    assert template.diagnostics == ()


def test_malformed_resources_are_errors_with_their_place() -> None:
    template = expanded(
        """\
        Resources:
          Good: {Type: AWS::SNS::Topic}
          Text: hello
          NoType: {Properties: {}}
          ListType: {Type: [AWS::SNS::Topic]}
        """
    )

    assert list(template.resources) == ["Good"]
    assert remarks(template) == [
        ("error", "resource-malformed", "resource Text is not a map; it is not checked", 3, 3),
        ("error", "resource-malformed", "resource NoType has no Type; it is not checked", 4, 3),
        ("error", "resource-malformed", "resource ListType has no Type; it is not checked", 5, 3),
    ]


@pytest.mark.parametrize("text", ["Description: x\n", "Resources: []\n", "Resources:\n"])
def test_a_document_without_resources_is_no_template(text: str) -> None:
    with pytest.raises(ExpandError) as caught:
        expanded(text)

    assert caught.value.message == "the document has no Resources, so it is no CloudFormation template"
    assert caught.value.span is not None
    assert caught.value.code == "no-template"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES, VALUES, st.sampled_from(["AWS::SNS::Topic", "AWS::Serverless::Function", "AWS::Serverless::Api"]))
def test_no_properties_make_it_fail(properties: object, transform: object, resource_type: str) -> None:
    text = json.dumps(
        {
            "Transform": transform,
            "Globals": properties,
            "Resources": {"A": {"Type": resource_type, "Properties": properties}, "B": properties},
        }
    )
    document = load_document(text.encode(), "template.json")
    template = expand(document, root=Path(), file=Path("template.json"), parameters={})

    assert "A" in template.resources
