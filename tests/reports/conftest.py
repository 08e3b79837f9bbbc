"""One review with every kind of finding, for every format."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from validator.model import (
    AlsoReported,
    AssumptionUsed,
    Category,
    Change,
    Diagnostic,
    DiagnosticLevel,
    EngineRun,
    EngineStatus,
    Evidence,
    Finding,
    Missing,
    Refutation,
    Review,
    RuleText,
    Settling,
    Severity,
    Span,
    StackSummary,
    Suppression,
    SuppressionKind,
    TemplateSummary,
    Verdict,
)

TICKETS = "services/tickets/template.yaml"
NETWORK = "network.yaml"
BROKEN = "broken.yaml"

TICKETS_SOURCE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  TicketsApi:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
  Create:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}]
      Events:
        Get: {Type: Api, Properties: {Path: /tickets, Method: get, RestApiId: !Ref TicketsApi}}
        Health: {Type: Api, Properties: {Path: /health, Method: get, RestApiId: !Ref TicketsApi}}
"""

NETWORK_SOURCE = """\
Resources:
\tDatabase: {Type: AWS::RDS::DBInstance, Properties: {DBName: 予約\u3000台帳, DBSubnetGroupName: !Ref Group}}
  Group:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      SubnetIds: !Ref SubnetIds
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
"""

OPEN_METHOD = Finding(
    rule="AUTH001",
    category=Category.API_AUTH,
    verdict=Verdict.FAIL,
    severity=Severity.HIGH,
    resource="TicketsApi",
    resource_type="AWS::Serverless::Api",
    target="GET /tickets",
    message="TicketsApi answers GET /tickets to anyone: the method has no authorizer and the API has no default.",
    why="Whoever finds the address can read every ticket.",
    fix="Give the API a default authorizer:\n\n  Auth:\n    DefaultAuthorizer: Users\n    Authorizers:\n"
    "      Users: {UserPoolArn: !GetAtt UserPool.Arn}",
    span=Span(TICKETS, 15, 9, 15, 12),
    lens=("SEC1", "SEC2"),
    evidence=(
        Evidence("the Internet", "can call TicketsApi, whose endpoint is regional", Span(TICKETS, 6, 3, 6, 13)),
        Evidence("TicketsApi", "has no Auth.DefaultAuthorizer", Span(TICKETS, 8, 5, 9, 20)),
        Evidence("Create", "is called by GET /tickets without an authorizer", Span(TICKETS, 15, 9, 15, 12)),
    ),
    scenario=MappingProxyType({"IsProd": False}),
    at_defaults=False,
)

WILDCARD = Finding(
    rule="IAM001",
    category=Category.LEAST_PRIVILEGE,
    verdict=Verdict.FAIL,
    severity=Severity.CRITICAL,
    resource="Create",
    resource_type="AWS::Serverless::Function",
    message="Create may do dynamodb:* on every table.",
    why="A fault in the function's code gives an attacker all tables of the account.",
    fix="Name the actions and the table: DynamoDBCrudPolicy with the table's name.",
    span=Span(TICKETS, 13, 59, 13, 71),
    evidence=(Evidence("Create", "has an inline statement that allows dynamodb:* on *", None),),
)

SUPPRESSED_HEALTH = Finding(
    rule="AUTH001",
    category=Category.API_AUTH,
    verdict=Verdict.SUPPRESSED,
    severity=Severity.HIGH,
    resource="TicketsApi",
    resource_type="AWS::Serverless::Api",
    target="GET /health",
    message="TicketsApi answers GET /health to anyone.",
    why="Whoever finds the address can call it.",
    fix="Give the method an authorizer.",
    span=Span(TICKETS, 16, 9, 16, 15),
    suppression=Suppression("the load balancer's health check", Span(TICKETS, 16, 80, 16, 90), date(2027, 3, 31)),
)

PROVEN = Finding(
    rule="WAF001",
    category=Category.WAF_COVERAGE,
    verdict=Verdict.PASS,
    severity=Severity.MEDIUM,
    resource="TicketsApi",
    resource_type="AWS::Serverless::Api",
    target="stage v1",
    message="TicketsApi stage v1 is protected by EdgeAcl.",
    why="Without a web ACL the API takes every request.",
    fix="Associate a web ACL.",
    span=Span(TICKETS, 9, 7, 9, 20),
    evidence=(Evidence("EdgeAcl", "is associated with stage v1", Span(TICKETS, 9, 7, 9, 20)),),
)

FOREIGN = Finding(
    rule="CKV_AWS_16",
    category=Category.DATA_PROTECTION,
    verdict=Verdict.FAIL,
    severity=Severity.LOW,
    resource="Database",
    resource_type="AWS::RDS::DBInstance",
    message="Database is not encrypted at rest.",
    why="",
    fix="",
    span=Span(NETWORK, 2, 2, 2, 10),
    source="checkov",
)

SUBNETS_MISSING = Missing("parameter SubnetIds has no value", "give --parameter SubnetIds=…", "parameter:SubnetIds")

UNKNOWN_DATABASE = Finding(
    rule="DATA001",
    category=Category.PRIVATE_DATA,
    verdict=Verdict.UNKNOWN,
    severity=Severity.HIGH,
    resource="Database",
    resource_type="AWS::RDS::DBInstance",
    message="Database is private only if all subnets of Group are.",
    why="A database with a public address is attacked within minutes.",
    fix="Put the database into isolated subnets.",
    span=Span(NETWORK, 2, 2, 2, 10),
    evidence=(Evidence("Group", "takes its subnets from SubnetIds", Span(NETWORK, 6, 18, 6, 32)),),
    missing=(SUBNETS_MISSING,),
)

UNKNOWN_GROUP = replace(
    UNKNOWN_DATABASE,
    rule="TIER002",
    category=Category.TIER_SEPARATION,
    severity=Severity.MEDIUM,
    resource="Group",
    resource_type="AWS::RDS::DBSubnetGroup",
    message="Group may share subnets with the presentation tier.",
    span=Span(NETWORK, 6, 7, 6, 16),
)

UNKNOWN_CACHE = replace(
    UNKNOWN_DATABASE,
    rule="DATA002",
    resource="Cache",
    resource_type="AWS::ElastiCache::ReplicationGroup",
    message="Cache admits what network-stack:Group admits, which no template of the run exports.",
    span=Span(NETWORK, 7, 3, 7, 8),
    evidence=(),
    missing=(
        Missing(
            "import network-stack:Group is not exported by a template of the run",
            "add the template that exports it to the run, or assume it in tierlens.toml:\n  [[assume]]\n"
            '  import = "network-stack:Group"',
            "import:network-stack:Group",
        ),
    ),
)

DIAGNOSTICS = (
    Diagnostic(
        DiagnosticLevel.WARNING,
        "duplicate-key",
        "StageName is written twice; the last one counts.",
        Span(TICKETS, 9, 7, 9, 16),
    ),
    Diagnostic(
        DiagnosticLevel.ERROR,
        "unreadable",
        "the mapping is not closed",
        Span(BROKEN, 2, 9, 2, 10),
        hint="close the brace that is opened here",
    ),
)


def rule_text(finding: Finding) -> RuleText:
    return RuleText(
        id=finding.rule,
        title=f"title of {finding.rule}",
        category=finding.category,
        severity=finding.severity,
        why=finding.why,
        explanation="## What it proves\n",
    )


@pytest.fixture
def review() -> Review:
    findings = (
        WILDCARD,
        OPEN_METHOD,
        SUPPRESSED_HEALTH,
        PROVEN,
        UNKNOWN_DATABASE,
        UNKNOWN_CACHE,
        UNKNOWN_GROUP,
        FOREIGN,
    )
    return Review(
        version="0.0.0",
        templates=(
            TemplateSummary(TICKETS, "sam", 2, True),
            TemplateSummary(NETWORK, "cloudformation", 3, True),
            TemplateSummary(BROKEN, "", 0, False),
        ),
        findings=findings,
        diagnostics=DIAGNOSTICS,
        rules={finding.rule: rule_text(finding) for finding in findings},
        sources={
            TICKETS: TICKETS_SOURCE,
            NETWORK: NETWORK_SOURCE,
            BROKEN: "Resources:\n  Queue: {Type: AWS::SQS::Queue\n",
        },
        root=Path("project"),
    )


def only(review: Review, *findings: Finding, diagnostics: tuple[Diagnostic, ...] = ()) -> Review:
    """The same run with these findings and remarks alone."""
    return replace(review, findings=findings, diagnostics=diagnostics)


MERGED = replace(
    OPEN_METHOD,
    target="GET /shows",
    message="TicketsApi answers GET /shows to anyone.",
    practices=("SEC1.a1",),
    template=TICKETS,
    stack="Shop/Api",
    environments=("prod",),
    construct="Shop/Api/Resource",
    also=(AlsoReported("checkov", "CKV_AWS_59", "Method without authorization", Span(TICKETS, 15, 9, 15, 12)),),
)

REFUTED = replace(
    FOREIGN,
    rule="CKV_AWS_117",
    category=Category.RESOURCE_CONFIGURATION,
    verdict=Verdict.REFUTED,
    resource="Create",
    resource_type="AWS::Serverless::Function",
    message="Create is not in a VPC.",
    refutation=Refutation(
        "Create uses no store of a VPC: it needs none",
        (Evidence("Create", "reads DynamoDB only", Span(TICKETS, 13, 59, 13, 71)),),
    ),
)

BASELINED = replace(
    SUPPRESSED_HEALTH,
    target="GET /old",
    suppression=Suppression(
        "before the gate", None, kind=SuppressionKind.BASELINE, owner="web team", since=date(2026, 1, 2)
    ),
)

GONE = replace(WILDCARD, resource="Removed", message="Removed may do dynamodb:* on every table.")


@pytest.fixture
def gate(review: Review) -> Review:
    """A run of three engines, one of which failed, over two environments."""
    return replace(
        review,
        findings=(*review.findings, MERGED, REFUTED, BASELINED),
        engines=(
            EngineRun("tierlens", "0.0.0", EngineStatus.RAN),
            EngineRun("cfn-lint", "1.58.0", EngineStatus.RAN),
            EngineRun("checkov", "3.3.30", EngineStatus.FAILED, "the worker died twice"),
            EngineRun("cloudformation-validate", "1.14.0", EngineStatus.OFF),
        ),
        stacks=(StackSummary("Shop/Api", TICKETS, "shop", "prod", "Shop/Api"),),
        environments=("dev", "prod"),
        assumptions=(AssumptionUsed("import:Group", "private", "see its review", Span("tierlens.toml", 3, 1, 3, 9)),),
        settling=(
            Settling("parameter SubnetIds has no value", "give --parameter SubnetIds=…", "parameter:SubnetIds", 2),
            Settling("import is not exported", "add network.yaml to the run", "import:network-stack:Group", 1),
        ),
    )


@pytest.fixture
def compared(gate: Review) -> Review:
    """The same run, compared: the method is new, everything else stood before, one finding is gone."""
    return replace(
        gate,
        findings=tuple(
            replace(f, change=Change.NEW if f.rule == "AUTH001" and f.verdict is Verdict.FAIL else Change.UNCHANGED)
            for f in gate.findings
        ),
        fixed=(GONE,),
        diagnostics=(),
        engines=gate.engines[:2],
    )
