"""Fn::ForEach: what is written out, where it lies, and what stays open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validator.expand.expanding import (
    expanded,
    node_at,
    opaque_reason,
    place,
    plain_at,
    remarks,
)
from validator.expand import for_each
from validator.load.nodes import MapNode, plain

QUEUES = """\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue${Name}:
        Type: AWS::SQS::Queue
        DependsOn: Topic${Name}
        Properties:
          QueueName: !Ref Name
          Tags: [{Key: plain, Value: 'a ${Name} &{Name} ${!Name} ${Other}'}]
          Url: !Sub '${Name}.${AWS::Region}'
          Topic: !GetAtt 'Topic${Name}.Arn'
"""


def test_each_member_gets_a_copy_with_its_name_everywhere_and_the_places_of_the_body() -> None:
    template = expanded(QUEUES, parameters={"Names": "Users, Or-ders"})

    assert list(template.resources) == ["QueueUsers", "QueueOr-ders"]
    assert plain(template.resources["QueueOr-ders"].body) == {
        "Type": "AWS::SQS::Queue",
        "DependsOn": "TopicOr-ders",
        "Properties": {
            "QueueName": "Or-ders",
            "Tags": [{"Key": "plain", "Value": "a Or-ders Orders ${!Name} ${Other}"}],
            "Url": {"Fn::Sub": "Or-ders.${AWS::Region}"},
            "Topic": {"Fn::GetAtt": ["TopicOr-ders", "Arn"]},
        },
    }
    origin = template.resources["QueueUsers"].origin
    assert (origin.span.line, origin.span.column, origin.note) == (8, 7, "for Name = Users")
    assert place(template, "QueueUsers", "Properties", "QueueName") == (12, 22)
    assert template.diagnostics == ()


def test_a_loop_without_a_value_is_never_silently_absent() -> None:
    template = expanded(QUEUES)

    message = "the loop Queues is not unrolled, because parameter Names has no value"
    assert template.resources == {}
    assert template.uncertain == (f"{message} (Resources)",)
    assert remarks(template) == [("warning", "for-each-unknown", message, 5, 3)]
    assert template.diagnostics[0].hint == "give --parameter Names=…"


def test_a_default_serves_with_a_notice() -> None:
    template = expanded(QUEUES.replace("List}", "List, Default: 'A,B'}"))

    assert list(template.resources) == ["QueueA", "QueueB"]
    assert remarks(template) == [
        (
            "notice",
            "for-each-default",
            "the loop Queues is unrolled with the default of parameter Names",
            5,
            3,
        )
    ]


def test_a_list_kept_in_ssm_is_not_known_though_a_name_is_given() -> None:
    template = expanded(
        QUEUES.replace("CommaDelimitedList", "'AWS::SSM::Parameter::Value<CommaDelimitedList>'"),
        parameters={"Names": "/path/in/ssm"},
    )

    assert template.resources == {}
    assert "because the value of parameter Names is kept in SSM" in template.uncertain[0]


def test_without_the_transform_it_is_unrolled_with_a_warning() -> None:
    template = expanded(
        """\
        Resources:
          Fn::ForEach::Topics:
            - Name
            - [A]
            - Topic${Name}: {Type: AWS::SNS::Topic}
        """
    )

    assert list(template.resources) == ["TopicA"]
    assert remarks(template) == [
        (
            "warning",
            "missing-transform",
            "Fn::ForEach needs the transform AWS::LanguageExtensions; it is unrolled all the same",
            2,
            3,
        )
    ]


def test_loops_nest_and_read_mappings() -> None:
    template = expanded(
        """\
        Transform: [AWS::LanguageExtensions]
        Mappings:
          Stages: {Users: {List: [dev, prod]}, Orders: {List: [prod]}}
        Conditions:
          Fn::ForEach::Switches:
            - Stage
            - [dev]
            - Is${Stage}: !Equals ['${Stage}', dev]
        Resources:
          Fn::ForEach::Services:
            - Service
            - [Users, Orders]
            - Fn::ForEach::Stages:
                - Stage
                - !FindInMap [Stages, !Ref Service, List]
                - Table${Service}${Stage}: {Type: AWS::DynamoDB::Table}
              Topic${Service}: {Type: AWS::SNS::Topic}
        Outputs:
          Fn::ForEach::Names:
            - Service
            - [Users]
            - Name${Service}: {Value: !Ref 'Topic${Service}'}
        """
    )

    assert {name: resource.origin.note for name, resource in template.resources.items()} == {
        "TableUsersdev": "for Service = Users, Stage = dev",
        "TableUsersprod": "for Service = Users, Stage = prod",
        "TopicUsers": "for Service = Users",
        "TableOrdersprod": "for Service = Orders, Stage = prod",
        "TopicOrders": "for Service = Orders",
    }
    assert plain(template.conditions["Isdev"]) == {"Fn::Equals": ["dev", "dev"]}
    assert plain(template.outputs["NameUsers"].value) == {"Ref": "TopicUsers"}


def test_in_properties_known_loops_merge_and_unknown_ones_leave_the_map_open() -> None:
    template = expanded(
        """\
        Transform: AWS::LanguageExtensions
        Resources:
          Table:
            Type: AWS::DynamoDB::Table
            Properties:
              Kept: yes
              Fn::ForEach::Known: [N, [A, B], {'P${N}': '${N}'}]
              Fn::ForEach::Open: [N, !Split [',', x], {'Q${N}': '${N}'}]
        """
    )

    properties = node_at(template, "Table", "Properties")
    assert plain(properties) == {"Kept": True, "PA": "A", "PB": "B", "Fn::ForEach::Open": None}
    assert opaque_reason(node_at(template, "Table", "Properties", "Fn::ForEach::Open")) == (
        "the loop Open is not unrolled, because its collection is neither a list, a reference to a "
        "parameter nor a mapping"
    )


def test_two_rounds_with_one_key_are_reported_and_marked() -> None:
    template = expanded(
        """\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Topics:
            - Name
            - [a, b]
            - Topic:
                Type: AWS::SNS::Topic
                Properties: {TopicName: '${Name}'}
        """
    )

    assert plain_at(template, "Topic", "Properties", "TopicName") == "b"
    assert remarks(template) == [
        (
            "warning",
            "for-each-duplicate",
            "Topic is made more than once by Fn::ForEach; the last one is taken",
            6,
            7,
        )
    ]


@pytest.mark.parametrize("loop", ["[N, [A]]", "text", "[N, [A], text]", "[[N], [A], {}]"])
def test_a_malformed_loop_is_reported(loop: str) -> None:
    template = expanded(f"Resources:\n  Fn::ForEach::Bad: {loop}\n")

    assert remarks(template) == [
        (
            "warning",
            "for-each-unknown",
            "the loop Bad is not unrolled, because it is not written as [identifier, collection, map]",
            2,
            3,
        )
    ]


def test_too_many_copies_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(for_each, "_MAX_NODES", 50)
    members = ", ".join(f"m{number}" for number in range(60))
    template = expanded(
        f"""\
        Resources:
          Kept: {{Type: AWS::SNS::Topic}}
          Fn::ForEach::Many: [N, [{members}], {{'T${{N}}': {{Type: AWS::SNS::Topic}}}}]
        """
    )

    assert list(template.resources) == ["Kept"]
    assert remarks(template)[0] == (
        "error",
        "for-each-limit",
        "the loops of Resources make more than 50 values; they are not unrolled",
        1,
        1,
    )
    assert template.uncertain == ("the loops of Resources are not unrolled, because they make too many values",)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True), unique=True, max_size=6))
def test_one_resource_for_each_member(members: list[str]) -> None:
    template = expanded(QUEUES, parameters={"Names": ",".join(members)})

    assert list(template.resources) == [f"Queue{member}" for member in members]


def test_a_property_made_twice_is_marked_as_duplicated() -> None:
    template = expanded(
        """\
        Transform: AWS::LanguageExtensions
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              Fn::ForEach::Twice: [N, [a, b], {Same: '${N}', 'Own${N}': 1}]
        """
    )

    properties = node_at(template, "Topic", "Properties")
    assert isinstance(properties, MapNode)
    assert {key: entry.duplicated for key, entry in properties.entries.items()} == {
        "Same": True,
        "Owna": False,
        "Ownb": False,
    }
