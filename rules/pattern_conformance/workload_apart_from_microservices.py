"""PATTERN004: a workload recognised as microservices workload lacks a component."""

from rules.pattern_conformance.conformance_rule import ConformanceRule
from validator.graph.patterns import Pattern
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class WorkloadApartFromMicroservices(ConformanceRule):
    """A workload that follows the pattern *microservices workload* without one of its components.

    ## What it proves
    The workload is recognised by two services or more (stacks, or APIs of one stack), each with an API, functions
    and a store that no other service uses. Each component that the white paper names is then judged under a target
    of its own, at the API whose name comes first: for each service its API, functions and own store; services that
    are deployed apart; a role for each function.

    ## Why it matters
    A component that lacks is a question for the architect: is it left out on purpose, or forgotten? The pattern
    says what it would have been for.

    ## How to fix
    Add the component, or suppress the finding with the reason why the design does without it.

    ## What it cannot see
    Components in stacks outside the run: unknown where an input of the template may stand for one. A workload that
    follows none of the patterns gets no verdict, and of two patterns that fit only the better one is reported.

    ## References
    - AWS Serverless Multi-Tier Architectures, *Sample architecture patterns*
    """

    meta = RuleMeta(
        id="PATTERN004",
        title="A microservices workload lacks a component",
        category=Category.PATTERN_CONFORMANCE,
        severity=Severity.LOW,
        why="The white paper gives each component of the pattern a purpose.",
        subjects=("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"),
        references=(
            "https://docs.aws.amazon.com/whitepapers/latest/serverless-multi-tier-architectures-api-gateway-lambda/",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a component is missing",
            """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  ShowsApi:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  PayApi: # <- finding
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  Shows: {Type: AWS::DynamoDB::Table}
  Bills: {Type: AWS::DynamoDB::Table}
  ShowsFn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Shows}}]
      Events: {Get: {Type: Api, Properties: {Path: /shows, Method: get, RestApiId: !Ref ShowsApi}}}
  PayFn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Bills}}]
      Events: {Get: {Type: Api, Properties: {Path: /pay, Method: get, RestApiId: !Ref PayApi}}}
""",
            target="component: services deployed apart",
        ),
        Example.passes(
            "the component is there",
            """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  ShowsApi:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  PayApi:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  Shows: {Type: AWS::DynamoDB::Table}
  Bills: {Type: AWS::DynamoDB::Table}
  ShowsFn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Shows}}]
      Events: {Get: {Type: Api, Properties: {Path: /shows, Method: get, RestApiId: !Ref ShowsApi}}}
  PayFn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Bills}}]
      Events: {Get: {Type: Api, Properties: {Path: /pay, Method: get, RestApiId: !Ref PayApi}}}
""",
            target="component: ShowsApi: own store",
        ),
    )

    def pattern(self) -> Pattern:
        """The pattern that it judges."""
        return Pattern.MICROSERVICES
