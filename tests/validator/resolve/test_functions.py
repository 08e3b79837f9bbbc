"""Intrinsic functions, one at a time, and what they leave open."""

import pytest

from tests.harness import scope
from validator.resolve import Absent, Hole, ListValue, Pseudo, ResourceRef, Text, Unknown, Value

HEAD = """
Parameters:
  Env: {Type: String, Default: dev}
  Open: {Type: String}
  Ids: {Type: 'List<AWS::EC2::Subnet::Id>', Default: 'a, b'}
  Kept: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /net/id}
Mappings:
  Size: {dev: {n: small, zones: [x, y]}, prod: {n: large, zones: [z]}}
  Same: {us-east-1: {v: one}, eu-west-1: {v: one}}
  ByRegion: {us-east-1: {v: one}, eu-west-1: {v: two}}
Resources:
  Table: {Type: 'AWS::DynamoDB::Table'}
  Subject:
    Type: AWS::SNS::Topic
    Properties:
      Value: """


def value(text: str, **parameters: str) -> Value:
    stack = scope(HEAD + text + "\n", **parameters)
    return stack.resolve(stack.template.resources["Subject"].body).get("Properties", "Value")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref Env", "dev"),
        ("!Sub '${Env}-x-${!Env}'", "dev-x-${Env}"),
        ("!Sub ['${A}/${Env}', {A: !Ref Env}]", "dev/dev"),
        ("!Join ['-', [a, !Ref 'AWS::NoValue', !Ref Env]]", "a-dev"),
        ("!Join [',', !Ref Ids]", "a,b"),
        ("!Select [1, !Ref Ids]", "b"),
        ("!Select ['0', [!Ref 'AWS::NoValue', k]]", "k"),
        ("!Select [2, !Split [':', 'a:b:c']]", "c"),
        ("!FindInMap [Size, !Ref Env, n]", "small"),
        ("!FindInMap [Same, !Ref 'AWS::Region', v]", "one"),
        ("!Select [1, !FindInMap [Size, dev, zones]]", "y"),
        ("!Select [1, !Cidr ['10.0.0.0/16', 4, 8]]", "10.0.1.0/24"),
        ("{'Fn::Base64': !Sub 'run ${Env}'}", "run dev"),
        ("{'Fn::Length': !Ref Ids}", "2"),
        ("{'Fn::ToJsonString': {A: [!Ref Env, 1, true], B: 'q\"'}}", '{"A":["dev",1,true],"B":"q\\""}'),
        ("true", "true"),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_known_values_are_computed(text: str, expected: str) -> None:
    assert value(text).literal == expected


def test_references_stay_parts_of_a_text() -> None:
    found = value("!Sub 'arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/${Table}/index/*'")
    assert isinstance(found, Text)
    assert found.parts == (
        "arn:",
        Pseudo("AWS::Partition"),
        ":dynamodb:*:",
        Pseudo("AWS::AccountId"),
        ":table/",
        ResourceRef("template.yaml", "Table"),
        "/index/*",
    )
    assert found.literal is None
    assert found.missing is None


def test_get_att_splits_at_the_first_dot() -> None:
    assert value("!GetAtt Table.A.B").reference == ResourceRef("template.yaml", "Table", "A.B")
    assert value("!GetAtt [Table, A.B]").reference == ResourceRef("template.yaml", "Table", "A.B")


def test_an_arn_that_joins_equals_the_arn_that_substitutes() -> None:
    joined = value("!Join ['', ['arn:x:', !Ref Table, '/*']]")
    substituted = value("!Sub 'arn:x:${Table}/*'")
    assert isinstance(joined, Text)
    assert isinstance(substituted, Text)
    assert joined.parts == substituted.parts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("!Ref Open", "parameter:Open"),
        ("!Ref Kept", "parameter:Kept"),
        ("!Ref Nobody", "name:Nobody"),
        ("!ImportValue net-Id", "import:net-Id"),
        ("!ImportValue {'Fn::Sub': '${Env}-Id'}", "import:dev-Id"),
        ("!Select [0, !Split [',', !ImportValue ids]]", "import:ids"),
        ("!GetAZs ''", "zones:here"),
        ("!FindInMap [Size, !Ref Open, n]", "parameter:Open"),
    ],
)
def test_what_is_not_decided_names_what_is_missing(text: str, key: str) -> None:
    found = value(text)
    assert isinstance(found, Unknown)
    assert found.cause.key == key


def test_a_hole_in_a_text_is_named() -> None:
    found = value("!Sub '${Open}-x'")
    assert isinstance(found, Text)
    assert isinstance(found.parts[0], Hole)
    assert found.missing is not None
    assert found.missing.key == "parameter:Open"


def test_candidates_of_a_mapping_by_region() -> None:
    found = value("!FindInMap [ByRegion, !Ref 'AWS::Region', v]")
    assert isinstance(found, Unknown)
    assert found.candidates == ("one", "two")


def test_two_zones_by_index_are_two_zones_and_one_is_itself() -> None:
    zone = "!Select [{}, !GetAZs '']"
    assert value(zone.format(0)) == value(zone.format(0))
    first, second = value(zone.format(0)), value(zone.format(1))
    assert isinstance(first, Text)
    assert isinstance(second, Text)
    assert first.parts != second.parts


def test_given_values_replace_defaults() -> None:
    assert value("!Ref Env", Env="prod").literal == "prod"
    assert [item.literal for item in value("!Ref Ids", Ids="c").items()] == ["c"]


def test_the_value_of_an_ssm_typed_parameter_is_unknown_even_when_given() -> None:
    assert isinstance(value("!Ref Kept", Kept="/other"), Unknown)


def test_no_value_removes() -> None:
    assert isinstance(value("!Ref AWS::NoValue"), Absent)
    found = value("[a, !Ref 'AWS::NoValue']")
    assert isinstance(found, ListValue)
    assert [item.literal for item in found.items()] == ["a"]


def test_a_dynamic_reference_keeps_the_secret_it_names() -> None:
    found = value("!Sub '{{resolve:secretsmanager:${Table}:SecretString:password}}'")
    assert isinstance(found, Text)
    assert found.references == (ResourceRef("template.yaml", "Table"),)
    assert found.literal is None
    assert found.missing is not None


def test_malformed_calls_are_unknown_not_errors() -> None:
    for text in (
        "!Sub [a]",
        "!Join [a]",
        "!Select [9, [a]]",
        "!FindInMap [Size, a]",
        "!If [X, a]",
        "!Cidr [x, 1, 99]",
    ):
        assert isinstance(value(text), Unknown), text


def test_a_value_carries_its_place() -> None:
    found = value("{A: !Sub '${Env}'}").get("A")
    line = HEAD.count("\n") + 1
    assert (found.span.line, found.span.column) == (line, len("      Value: {A: ") + 1)


def test_cidr_takes_the_block_of_a_vpc_of_the_template() -> None:
    def block_of(vpc: str) -> str | None:
        made = f"\n  Network: {{Type: AWS::EC2::VPC, Properties: {{{vpc}}}}}"
        return value("!Select [1, !Cidr [!GetAtt Network.CidrBlock, 4, 8]]" + made).literal

    assert block_of("CidrBlock: 10.0.0.0/16") == "10.0.1.0/24"
    assert block_of("Ipv4IpamPoolId: pool-1") is None
