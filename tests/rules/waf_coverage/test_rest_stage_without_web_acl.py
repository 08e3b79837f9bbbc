"""WAF001: every form of association, every kind of stage."""

import pytest

from rules.waf_coverage.rest_stage_without_web_acl import RestStageWithoutWebAcl
from tests.harness import findings, verdicts

BASE = """\
Parameters:
  Outside: {Type: String}
  Name: {Type: String, Default: prod}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Other:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: other, EndpointConfiguration: {Types: [PRIVATE]}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d, StageName: prod}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Edge:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Old:
    Type: AWS::WAFRegional::WebACL
    Properties: {Name: old}
"""
ASSOCIATION = """\
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: RESOURCE
      WebACLArn: NAMED
"""
STAGE = "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod"
JOIN = "!Join ['', ['arn:aws:apigateway:', !Ref AWS::Region, '::/restapis/', !Ref Api, '/stages/', !Ref Live]]"


def _verdict(resource: str = STAGE, acl: str = "!GetAtt Acl.Arn") -> str:
    template = BASE + ASSOCIATION.replace("RESOURCE", resource).replace("NAMED", acl)
    return verdicts(template, RestStageWithoutWebAcl)["Live", "stage prod"]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (STAGE, "pass"),
        (JOIN, "pass"),
        ("!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Live}", "pass"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api.RestApiId}/stages/${Name}", "pass"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/Prod", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/*", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Other}/stages/prod", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}:${AWS::AccountId}:/restapis/${Api}/stages/prod", "fail"),
        ("!Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/prod", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/apis/${Api}/stages/prod", "fail"),
        ("!Ref Live", "fail"),
        ("!Ref Api", "fail"),
        ("!Ref Outside", "unknown"),
        ("!ImportValue stage-arn", "unknown"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Outside}/stages/prod", "unknown"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Outside}/stages/test", "fail"),
        ("!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Outside}", "unknown"),
    ],
)
def test_resource_arn(resource, expected) -> None:
    assert _verdict(resource=resource) == expected


@pytest.mark.parametrize(
    ("acl", "expected"),
    [
        ("!GetAtt Acl.Arn", "pass"),
        ("!Ref Outside", "pass"),
        ("!ImportValue acl-arn", "pass"),
        ("'{{resolve:ssm:/acl/arn}}'", "pass"),
        ("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1", "pass"),
        ("arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/1", "fail"),
        ("arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/a/1", "fail"),
        ("!Ref Acl", "fail"),
        ("!GetAtt Acl.Id", "fail"),
        ("!GetAtt Edge.Arn", "fail"),
        ("!Ref Old", "fail"),
        ("!Ref NotThere", "fail"),
        ("some-text", "unknown"),
    ],
)
def test_web_acl_arn(acl, expected) -> None:
    assert _verdict(acl=acl) == expected


def test_the_message_names_the_association_that_misses() -> None:
    template = BASE + ASSOCIATION.replace("RESOURCE", STAGE.replace("prod", "Prod")).replace(
        "NAMED", "!GetAtt Acl.Arn"
    )
    (finding,) = (f for f in findings(template, RestStageWithoutWebAcl))
    assert finding.message == "Live stage prod has no web ACL: Association names stage Prod, not stage prod"
    assert [step.resource for step in finding.evidence] == ["Live", "Association"]


def test_classic_associations_do_not_cover() -> None:
    template = BASE + ASSOCIATION.replace("WAFv2", "WAFRegional").replace("RESOURCE", STAGE).replace(
        "NAMED", "!Ref Old"
    )
    (finding,) = findings(template, RestStageWithoutWebAcl)
    assert finding.verdict == "fail"
    assert finding.evidence[-1].relation == "is of AWS WAF Classic, which ended on 2025-09-30"


def test_a_stage_of_a_deployment_counts() -> None:
    template = (
        BASE
        + """\
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api, StageName: dev}
  Silent:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
"""
        + ASSOCIATION.replace("RESOURCE", STAGE).replace("NAMED", "!GetAtt Acl.Arn")
    )
    assert verdicts(template, RestStageWithoutWebAcl) == {
        ("Live", "stage prod"): "pass",
        ("Deployment", "stage dev"): "fail",
    }


def test_private_apis_are_exempt() -> None:
    template = BASE.replace("RestApiId: !Ref Api", "RestApiId: !Ref Other")
    assert verdicts(template, RestStageWithoutWebAcl) == {("Live", "stage prod"): "pass"}


def test_an_association_covers_only_where_it_exists() -> None:
    conditional = ASSOCIATION.replace("RESOURCE", STAGE).replace("NAMED", "!GetAtt Acl.Arn")
    conditional = conditional.replace("    Properties:", "    Condition: IsProd\n    Properties:")
    template = "Conditions: {IsProd: !Equals [!Ref Outside, prod]}\n" + BASE + conditional
    (finding,) = findings(template, RestStageWithoutWebAcl)
    assert (finding.verdict, dict(finding.scenario)) == ("fail", {"IsProd": False})
    assert verdicts(template, RestStageWithoutWebAcl, Outside="prod") == {("Live", "stage prod"): "pass"}


def test_firewall_manager_and_custom_resources() -> None:
    policy = """\
  Managed:
    Type: AWS::FMS::Policy
    Properties:
      ResourceType: AWS::ApiGateway::Stage
      RemediationEnabled: REMEDIATION
      SecurityServicePolicyData: {Type: WAFV2}
"""
    custom = """\
  Custom:
    Type: Custom::Associate
    Properties: {ServiceToken: arn:f, Stage: !Ref Live, Acl: !GetAtt Acl.Arn}
"""
    live = ("Live", "stage prod")
    assert verdicts(BASE + policy.replace("REMEDIATION", "true"), RestStageWithoutWebAcl) == {live: "pass"}
    assert verdicts(BASE + policy.replace("REMEDIATION", "false"), RestStageWithoutWebAcl) == {live: "unknown"}
    assert verdicts(BASE + custom, RestStageWithoutWebAcl) == {live: "unknown"}
    assert verdicts(BASE + custom.replace("!Ref Live", "x"), RestStageWithoutWebAcl) == {live: "fail"}


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Events:
        List: {Type: Api, Properties: {Path: /tickets, Method: getAPI}}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: RESOURCE
      WebACLArn: !GetAtt Acl.Arn
"""
EXPLICIT = """\
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: NAME, OpenApiVersion: 3.0.1}
"""


def _implicit(name: str) -> str:
    arn = f"!Sub arn:aws:apigateway:${{AWS::Region}}::/restapis/${{ServerlessRestApi}}/stages/{name}"
    return SAM.replace("API", "").replace("RESOURCE", arn)


def test_the_implicit_api_has_a_second_stage_unless_open_api_version_is_set() -> None:
    prod, extra = ("Tickets", "stage Prod"), ("Tickets", "stage Stage")
    assert verdicts(_implicit("Prod"), RestStageWithoutWebAcl) == {prod: "pass", extra: "fail"}
    assert verdicts(_implicit("prod"), RestStageWithoutWebAcl) == {prod: "fail", extra: "fail"}
    quiet = _implicit("Prod").replace("Resources:", "Globals: {Api: {OpenApiVersion: 3.0.1}}\nResources:")
    assert verdicts(quiet, RestStageWithoutWebAcl) == {prod: "pass"}
    extra_finding = next(f for f in findings(_implicit("Prod"), RestStageWithoutWebAcl) if f.verdict == "fail")
    assert extra_finding.fix == "set OpenApiVersion: 3.0.1 in Globals.Api, so that SAM does not make this stage"
    bare_finding = next(f for f in findings(_implicit("prod"), RestStageWithoutWebAcl) if f.target == "stage Prod")
    assert bare_finding.fix == (
        "associate a web ACL with stage Prod of ServerlessRestApi, the API that SAM makes of the events "
        "(AWS::WAFv2::WebACLAssociation)"
    )


@pytest.mark.parametrize("name", ["prod", "!Ref StageName"])
def test_generated_stages_by_their_sam_name(name) -> None:
    arn = "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Api.Stage}"
    template = (SAM + EXPLICIT).replace("getAPI", "get, RestApiId: !Ref Api").replace("RESOURCE", arn)
    template = template.replace("NAME", name).replace(
        "Resources:", "Parameters: {StageName: {Type: String}}\nResources:"
    )
    assert set(verdicts(template, RestStageWithoutWebAcl).values()) == {"pass"}


def test_an_arn_of_one_stage_leaves_the_others_bare() -> None:
    by_parameter = BASE.replace("StageName: prod", "StageName: !Ref Outside") + ASSOCIATION.replace(
        "RESOURCE", STAGE.replace("prod", "${Outside}")
    ).replace("NAMED", "!GetAtt Acl.Arn")
    second = "  Second:\n    Type: AWS::ApiGateway::Stage\n    Properties: {RestApiId: !Ref Api, StageName: blue}\n"
    assert verdicts(by_parameter + second, RestStageWithoutWebAcl) == {
        ("Live", "stage ${Outside}"): "pass",
        ("Second", "stage blue"): "fail",
    }


def test_a_nested_stack_that_receives_the_api_may_associate() -> None:
    nested = "  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {Parameters: {Id: !Ref Api}}\n"
    (finding,) = findings(BASE + nested, RestStageWithoutWebAcl)
    assert (finding.verdict, [missing.key for missing in finding.missing]) == ("unknown", ["resource:Nested"])
