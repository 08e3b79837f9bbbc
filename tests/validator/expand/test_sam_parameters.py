"""SAM: values that the translator takes for granted, and those that stay symbolic."""

import pytest

from tests.validator.expand.expanding import SAM, expanded, plain_at

API = """\
Parameters:
  Authorizer: {Type: String, Default: AWS_IAM, AllowedValues: [AWS_IAM, NONE]}
  Pool: {Type: String, Default: arn}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: !Ref Authorizer}
  Other:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: !Ref Pool}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: get}}
        Put: {Type: Api, Properties: {RestApiId: !Ref Other, Path: /a, Method: put}}
"""


def test_structure_that_rests_on_a_default_is_named() -> None:
    template = expanded(SAM + API)

    assert plain_at(template, "Api", "Properties", "Body", "paths", "/a", "get", "security") == [{"AWS_IAM": []}]
    assert template.decided_by_default == {"Authorizer": ("Api",)}


def test_a_given_value_decides() -> None:
    template = expanded(SAM + API, parameters={"Authorizer": "NONE"})

    assert template.decided_by_default == {}
    assert "security" not in plain_at(template, "Api", "Properties", "Body", "paths", "/a", "get")  # type: ignore[operator] # a map


def test_globals_of_the_implicit_api_count_for_the_functions_with_its_events() -> None:
    template = expanded(
        SAM
        + """\
Parameters: {Authorizer: {Type: String, Default: AWS_IAM}}
Globals: {Api: {Auth: {DefaultAuthorizer: !Ref Authorizer}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: Api, Properties: {Path: /a, Method: get}}}
"""
    )

    assert template.decided_by_default == {"Authorizer": ("F",)}


FUNCTION = """\
Parameters:
  P: {Type: String%s}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Tracing: !Ref P
      AutoPublishAlias: !Ref P
"""


@pytest.mark.parametrize(("default", "alias"), [("", "FAliasP"), (", Default: Active", "FAliasActive")])
def test_an_alias_name_stays_symbolic_with_and_without_a_default(default: str, alias: str) -> None:
    template = expanded(SAM + FUNCTION % default)

    assert plain_at(template, alias, "Properties", "Name") == {"Ref": "P"}
    assert plain_at(template, "F", "Properties", "TracingConfig", "Mode") == {"Ref": "P"}
    assert template.decided_by_default == {}


def test_tracing_left_out_by_a_default_is_named() -> None:
    template = expanded(SAM + FUNCTION % ", Default: Disabled")

    assert template.decided_by_default == {"P": ("F",)}


def test_the_region_stays_symbolic() -> None:
    text = SAM + API.replace("!Ref Pool", "!Sub 'arn:${AWS::Partition}:${AWS::Region}:${Pool}'")
    template = expanded(text, region="eu-west-1")

    scheme = ("Other", "Properties", "Body", "securityDefinitions", "Users", "x-amazon-apigateway-authorizer")
    assert plain_at(template, *scheme, "providerARNs") == [
        {"Fn::Sub": "arn:${AWS::Partition}:${AWS::Region}:${Pool}"}
    ]


def test_texts_built_from_a_definition_are_restored() -> None:
    template = expanded(
        SAM
        + """\
Parameters: {P: {Type: String, Default: x}}
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Role: arn
      Definition: {States: {A: {Resource: !Sub 'arn:${P}:${AWS::Region}'}}}
"""
    )

    assert "tierlens" not in str(plain_at(template, "Flow", "Properties"))
    assert "arn:${P}:${AWS::Region}" in str(plain_at(template, "Flow", "Properties"))


def test_the_partition_follows_the_region() -> None:
    properties = "{InlineCode: x, Handler: a.b, Runtime: python3.12}"
    function = f"F: {{Type: AWS::Serverless::Function, Properties: {properties}}}"
    template = expanded(f"{SAM}Resources: {{{function}}}\n", region="cn-north-1")

    assert plain_at(template, "FRole", "Properties", "ManagedPolicyArns") == [
        "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    ]


def test_without_the_transform_it_is_expanded_with_a_warning() -> None:
    template = expanded("Resources: {T: {Type: AWS::Serverless::SimpleTable}}\n")

    assert template.resources["T"].type == "AWS::DynamoDB::Table"
    assert template.dialect == "sam"
    assert [diagnostic.message for diagnostic in template.diagnostics] == [
        "AWS::Serverless::SimpleTable needs the transform AWS::Serverless-2016-10-31; it is expanded all the same"
    ]


def test_globals_count_beneath_what_an_api_writes_itself() -> None:
    template = expanded(
        SAM
        + """\
Parameters: {Authorizer: {Type: String, Default: AWS_IAM}}
Globals: {Api: {Auth: {DefaultAuthorizer: !Ref Authorizer}}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: live, Auth: {ApiKeyRequired: true}}
"""
    )

    assert template.decided_by_default == {"Authorizer": ("Api",)}
