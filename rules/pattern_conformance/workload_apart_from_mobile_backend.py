"""PATTERN001: a workload recognised as mobile backend lacks a component."""

from rules.pattern_conformance.conformance_rule import ConformanceRule
from validator.graph.patterns import Pattern
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class WorkloadApartFromMobileBackend(ConformanceRule):
    """A workload that follows the pattern *mobile backend* without one of its components.

    ## What it proves
    The workload is recognised by a user pool, an API with functions, stores that they use, and no web front end.
    Each component that the white paper names is then judged under a target of its own: Cognito pool, app client and
    authorizer; the API; a function and a role for each path; DynamoDB tables; a relational database in private
    subnets with its credentials as a secret. A backend can do without the relational database: then that row passes
    and says that it is not used.

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
        id="PATTERN001",
        title="A mobile backend lacks a component",
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
            "the component is there",
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
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]
      Events: {Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref Api}}}
""",
            target="component: app client",
        ),
    )

    def pattern(self) -> Pattern:
        """The pattern that it judges."""
        return Pattern.MOBILE_BACKEND
