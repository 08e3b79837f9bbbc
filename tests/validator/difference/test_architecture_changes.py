"""What a change does to the architecture, in sentences; near misses beside them."""

from tests.validator.difference.states import differing, sentences

API = """\
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: api, ProtocolType: HTTP}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: GET /orders
      AuthorizationType: AWS_IAM
      Target: !Sub integrations/${Integration}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Get.Arn}
  Get:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: {ZipFile: x}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [dynamodb:GetItem], Resource: !GetAtt Orders.Arn}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
"""


def changed(*replacements: tuple[str, str]) -> list[tuple[str, str]]:
    head = API
    for old, new in replacements:
        assert old in head
        head = head.replace(old, new)
    return sentences(differing(API, head, judged=False))


def test_a_grant_opens_a_new_path():
    assert changed(("Resource: !GetAtt Orders.Arn", "Resource: [!GetAtt Orders.Arn, !GetAtt Customers.Arn]")) == [
        ("notable", "the Internet can now reach Customers through Api → Get (callers are asked: IAM)"),
        ("plain", "Role may now use dynamodb:GetItem on Customers"),
    ]


def test_a_wider_action_is_a_grant_and_a_narrower_one_is_safer():
    wide = API.replace("[dynamodb:GetItem]", "['dynamodb:*']")

    assert changed(("[dynamodb:GetItem]", "['dynamodb:*']")) == [
        ("dangerous", "Role may now use dynamodb:* on Orders")
    ]
    assert sentences(differing(wide, API, judged=False)) == [("safer", "Role may no longer use dynamodb:* on Orders")]


def test_a_condition_on_a_statement_that_goes_is_a_grant():
    bound = API.replace(
        "Resource: !GetAtt Orders.Arn}",
        "Resource: !GetAtt Orders.Arn, Condition: {StringEquals: {'aws:PrincipalTag/team': shop}}}",
    )

    assert sentences(differing(bound, API, judged=False))[0] == (
        "plain",
        "Role may now use dynamodb:GetItem on Orders",
    )


def test_an_authorizer_that_goes_in_one_scenario_is_lost_there():
    assert changed(("AuthorizationType: AWS_IAM", "AuthorizationType: !If [IsProd, AWS_IAM, NONE]")) == [
        (
            "dangerous",
            "GET /orders of Api lost its authorizer: it demanded IAM and now demands nothing when IsProd is false",
        )
    ]


def test_an_edge_in_more_scenarios_is_a_change_and_the_other_way_round_is_safer():
    narrow = API.replace(
        "    Type: AWS::ApiGatewayV2::Route\n", "    Type: AWS::ApiGatewayV2::Route\n    Condition: IsProd\n"
    )

    found = sentences(differing(narrow, API, judged=False))

    assert found[0] == (
        "notable",
        "the Internet can now also reach Orders through Api → Get when IsProd is false (callers are asked: IAM)",
    )
    assert sentences(differing(API, narrow, judged=False))[-1][0] == "safer"


def test_a_condition_with_another_name_is_no_change_and_with_another_meaning_is_one():
    narrow = API.replace(
        "    Type: AWS::ApiGatewayV2::Route\n", "    Type: AWS::ApiGatewayV2::Route\n    Condition: IsProd\n"
    )

    assert sentences(differing(narrow, narrow.replace("IsProd", "IsProduction"), judged=False)) == []
    assert sentences(differing(narrow, narrow.replace("!Ref Stage, prod", "!Ref Stage, dev"), judged=False)) == [
        ("notable", "condition IsProd is written differently: what depends on it may exist elsewhere now")
    ]


def test_an_open_url_is_a_dangerous_path():
    url = """\
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Get, AuthType: NONE}
"""
    found = sentences(differing(API, API + url, judged=False))

    assert found[0] == (
        "dangerous",
        "the Internet can now reach Orders through Url → Get, and nobody is asked who they are",
    )


def test_a_new_operation_is_told_once():
    route = """\
  Second:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: POST /orders
      Target: !Sub integrations/${Integration}
"""
    assert sentences(differing(API, API + route, judged=False)) == [
        ("dangerous", "POST /orders of Api is new and demands no authorization")
    ]


def test_moved_to_another_template_the_rest_stays():
    other = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"

    found = differing({"a.yaml": API, "b.yaml": other}, {"z.yaml": API, "b.yaml": other}, judged=False)

    assert (found.changes, found.nodes, found.edges) == ((), (), ())


def test_two_templates_that_swap_their_names_are_no_change():
    other = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"

    found = differing({"a.yaml": API, "b.yaml": other}, {"a.yaml": other, "b.yaml": API}, judged=False)

    assert (found.changes, found.nodes, found.edges) == ((), (), ())


def test_a_copy_of_a_template_is_added():
    found = differing({"a.yaml": API}, {"a.yaml": API, "b.yaml": API}, judged=False)

    assert {one.template for one in found.nodes if one.resource_type} == {"b.yaml"}
    assert any("reach Orders" in sentence for _, sentence in sentences(found))


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {Authorizers: {Partners: {FunctionArn: !GetAtt Check.Arn}}}
  Check:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, InlineCode: x}
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /, Method: get, Auth: {Authorizer: Partners}}}
"""


def test_what_the_transform_refuses_is_undecided_and_not_closed():
    broken = SAM.replace("      Auth: {Authorizers: {Partners: {FunctionArn: !GetAtt Check.Arn}}}\n", "")

    assert sentences(differing(SAM, broken, judged=False)) == [
        ("notable", "Get (AWS::Serverless::Function) can no longer be expanded: what it does is not decided")
    ]
