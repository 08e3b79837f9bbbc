"""Damaged folders of linked templates: a review comes out, whatever is broken in them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workloads.running import IMPORTING, NETWORK, STORE, run
from tests.workloads.test_nested_stacks import ROOT

FILES = {"root.yaml": ROOT, "network.yaml": NETWORK, "store.yaml": STORE, "importing.yaml": IMPORTING}
PIECES = (
    "Ref",
    "GetAtt",
    "Outputs",
    "Parameters",
    "Env",
    "network.yaml",
    "root.yaml",
    "[",
    "{",
    ",",
    "IsProd",
    ":",
    "",
)


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_texts_cut_and_exchanged_anywhere(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    files = dict(FILES)
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(files)))
        text = files[name]
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        files[name] = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    result = run(tmp_path_factory.mktemp("damaged"), files)
    assert not [d for d in result.diagnostics if d.code in ("internal-error", "rule-failed")]


VALUES = st.recursive(
    st.sampled_from(["a", "Env", "AWS::NoValue", "IsProd", "", 1, None]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Ref", "Fn::If", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::ImportValue", "Fn::Select"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)


@given(passed=VALUES, condition=VALUES, output=VALUES, export=VALUES)
@settings(max_examples=60, deadline=None)
def test_any_expression_passed_given_exported_and_compared(
    passed: object, condition: object, output: object, export: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack = {"Type": "AWS::CloudFormation::Stack"}
    root = {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "a"]}},
        "Resources": {
            "Child": {**stack, "Properties": {"TemplateURL": "child.json", "Parameters": {"P": passed, "Q": "a"}}},
            "Other": {
                **stack,
                "Properties": {
                    "TemplateURL": "child.json",
                    "Parameters": {"P": {"Fn::GetAtt": "Child.Outputs.X"}, "Q": {"Fn::ImportValue": "a"}},
                },
            },
        },
    }
    child = {
        "Parameters": {"P": {"Type": "CommaDelimitedList"}, "Q": {"Type": "String", "AllowedValues": ["a", "b"]}},
        "Conditions": {"IsProd": condition, "Is": {"Fn::Equals": [{"Ref": "Q"}, "a"]}},
        "Resources": {
            "Db": {
                "Type": "AWS::RDS::DBInstance",
                "Condition": "Is",
                "Properties": {
                    "PubliclyAccessible": {"Fn::If": ["IsProd", True, False]},
                    "VPCSecurityGroups": {"Ref": "P"},
                },
            }
        },
        "Outputs": {"X": {"Value": output, "Condition": "Is", "Export": {"Name": export}}},
    }
    folder = tmp_path_factory.mktemp("any")
    result = run(folder, {"root.json": json.dumps(root), "child.json": json.dumps(child)})
    assert not [d for d in result.diagnostics if d.code in ("internal-error", "rule-failed")], result.diagnostics
