"""PATTERN002: a workload recognised as single-page application lacks a component."""

from rules.pattern_conformance.conformance_rule import ConformanceRule
from validator.graph.patterns import Pattern
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class WorkloadApartFromSinglePageApplication(ConformanceRule):
    """A workload that follows the pattern *single-page application* without one of its components.

    ## What it proves
    The workload is recognised by a bucket behind CloudFront, an API with functions and stores, and no user pool.
    Each component that the white paper names is then judged under a target of its own: site bucket, distribution,
    origin access control, certificate; Lambda authorizer; the API; a function and a role for each path; DynamoDB
    tables, a cache in private subnets, a bucket with content. An application can do without the cache and the bucket
    with content: then those rows pass and say that they are not used.

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
        id="PATTERN002",
        title="A single-page application lacks a component",
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
    Properties: {StageName: v1}
  Site: {Type: AWS::S3::Bucket}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        Origins: [{Id: site, DomainName: !GetAtt Site.RegionalDomainName, S3OriginConfig: {}}]
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]
      Events: {Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref Api}}}
""",
            target="component: origin access control",
        ),
        Example.passes(
            "the component is there",
            """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Site: {Type: AWS::S3::Bucket}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        Origins: [{Id: site, DomainName: !GetAtt Site.RegionalDomainName, S3OriginConfig: {}}]
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]
      Events: {Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref Api}}}
""",
            target="component: DynamoDB tables",
        ),
    )

    def pattern(self) -> Pattern:
        """The pattern that it judges."""
        return Pattern.SINGLE_PAGE_APPLICATION
