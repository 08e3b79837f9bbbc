"""PATTERN003: a workload recognised as web application lacks a component."""

from rules.pattern_conformance.conformance_rule import ConformanceRule
from validator.graph.patterns import Pattern
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class WorkloadApartFromWebApplication(ConformanceRule):
    """A workload that follows the pattern *web application* without one of its components.

    ## What it proves
    The workload is recognised by a front end on Amplify or CloudFront, a user pool, an API with functions, and
    stores that they use. Each component that the white paper names is then judged under a target of its own: static
    front end; Cognito pool, app client and authorizer; the API; a function and a role for each job; DynamoDB
    tables.

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
        id="PATTERN003",
        title="A web application lacks a component",
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
  Api: # <- finding
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth: {DefaultAuthorizer: Members, Authorizers: {Members: {UserPoolArn: !GetAtt Pool.Arn}}}
  Pool: {Type: AWS::Cognito::UserPool}
  Site: {Type: AWS::Amplify::App, Properties: {Name: site}}
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]
      Events: {Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref Api}}}
""",
            target="component: app client",
        ),
        Example.passes(
            "all components are there",
            """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth: {DefaultAuthorizer: Members, Authorizers: {Members: {UserPoolArn: !GetAtt Pool.Arn}}}
  Pool: {Type: AWS::Cognito::UserPool}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Site: {Type: AWS::Amplify::App, Properties: {Name: site}}
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]
      Events: {Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref Api}}}
""",
        ),
    )

    def pattern(self) -> Pattern:
        """The pattern that it judges."""
        return Pattern.WEB_APPLICATION
