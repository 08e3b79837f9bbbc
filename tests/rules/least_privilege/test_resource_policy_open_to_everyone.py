"""IAM010 beyond its examples: every kind of resource policy, and what guards it."""

import pytest

from rules.least_privilege.resource_policy_open_to_everyone import ResourcePolicyOpenToEveryone
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

PUBLIC = 'Statement: {Effect: Allow, Principal: "*", Action: "x:y", Resource: "*"}'


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::SNS::TopicPolicy", "{Topics: [t], PolicyDocument: {DOC}}"),
        ("AWS::SQS::QueueInlinePolicy", "{Queue: q, PolicyDocument: {DOC}}"),
        ("AWS::KMS::Key", "{KeyPolicy: {DOC}}"),
        ("AWS::SecretsManager::ResourcePolicy", "{SecretId: s, ResourcePolicy: {DOC}}"),
        ("AWS::ECR::Repository", "{RepositoryPolicyText: {DOC}}"),
        ("AWS::Lambda::ResourcePolicy", "{ResourceArn: a, PolicyDocument: {DOC}}"),
        ("AWS::S3::BucketPolicy", "{Bucket: b, PolicyDocument: {DOC}}"),
        ("AWS::S3::AccessPoint", "{Bucket: b, Policy: {DOC}}"),
        ("AWS::Events::EventBus", "{Name: n, Policy: {DOC}}"),
        ("AWS::Events::EventBusPolicy", "{StatementId: s, Action: 'events:PutEvents', Principal: '*'}"),
        ("AWS::EFS::FileSystem", "{FileSystemPolicy: {DOC}}"),
        ("AWS::DynamoDB::Table", "{ResourcePolicy: {PolicyDocument: {DOC}}}"),
        ("AWS::DynamoDB::Table", "{StreamSpecification: {ResourcePolicy: {PolicyDocument: {DOC}}}}"),
        ("AWS::DynamoDB::GlobalTable", "{Replicas: [{Region: r, ResourcePolicy: {PolicyDocument: {DOC}}}]}"),
        ("AWS::OpenSearchService::Domain", "{AccessPolicies: {DOC}}"),
        ("AWS::Backup::BackupVault", "{BackupVaultName: v, AccessPolicy: {DOC}}"),
        ("AWS::Logs::ResourcePolicy", "{PolicyName: p, PolicyDocument: '{JSON}'}"),
    ],
)
def test_every_place_of_a_resource_policy_is_read(kind: str, properties: str) -> None:
    text = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "x:y", "Resource": "*"}}'
    written = properties.replace("{DOC}", f"{{{PUBLIC}}}").replace("{JSON}", text)
    template = f"Resources:\n  It:\n    Type: {kind}\n    Properties: {written}\n"
    assert [f.verdict for f in findings(template, ResourcePolicyOpenToEveryone)] == [Verdict.FAIL]


KEY = """\
Parameters:
  Party: {{Type: String}}
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {principal}
            Action: {action}
            Resource: "*"
            {more}
"""


@pytest.mark.parametrize(
    ("principal", "action", "more", "verdict"),
    [
        ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", '"kms:*"', "Sid: A", "pass"),
        ("{AWS: 'arn:aws:iam::111122223333:root'}", '"kms:*"', "Sid: A", "pass"),
        ("{AWS: 'arn:aws:iam::111122223333:role/admin'}", '"kms:*"', "Sid: A", "pass"),
        ("{Service: logs.amazonaws.com}", '"kms:*"', "Sid: A", "fail"),
        ("{AWS: 'arn:aws:iam::111122223333:role/admin'}", "kms:Decrypt", "Sid: A", "pass"),
        ("{Service: logs.amazonaws.com}", "[kms:Encrypt, kms:Decrypt]", "Sid: A", "pass"),
        ('"*"', "kms:Decrypt", "Condition: {StringEquals: {kms:CallerAccount: '111122223333'}}", "pass"),
        ('"*"', "kms:Decrypt", "Condition: {StringEquals: {kms:ViaService: s3.eu-west-1.amazonaws.com}}", "fail"),
        ('"*"', "kms:Decrypt", "Condition: {Bool: {aws:PrincipalIsAWSService: true}}", "pass"),
        ("{AWS: !Ref Party}", "kms:Decrypt", "Sid: A", "unknown"),
        ("{AWS: !Sub 'arn:aws:iam::${Party}:root'}", "kms:Decrypt", "Sid: A", "pass"),
    ],
)
def test_key_policies(principal: str, action: str, more: str, verdict: str) -> None:
    template = KEY.format(principal=principal, action=action, more=more)
    assert verdicts(template, ResourcePolicyOpenToEveryone) == {("Key", "policy KeyPolicy statement 1"): verdict}


def test_an_open_key_is_critical() -> None:
    template = KEY.format(principal='"*"', action="kms:Decrypt", more="Sid: A")
    (finding,) = findings(template, ResourcePolicyOpenToEveryone)
    assert (finding.severity, finding.message) == (
        Severity.CRITICAL,
        "Key admits everyone: no condition narrows it (policy KeyPolicy statement 1)",
    )


@pytest.mark.parametrize(
    ("properties", "verdict"),
    [
        ("EngineVersion: OpenSearch_1.0", "fail"),
        ("AdvancedSecurityOptions: {Enabled: true}", "pass"),
        ("VPCOptions: {SubnetIds: [subnet-1]}", "pass"),
    ],
)
def test_search_domains_are_guarded_by_vpc_or_fine_grained_access(properties: str, verdict: str) -> None:
    template = f"""\
Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      {properties}
      AccessPolicies: {{Statement: {{Effect: Allow, Principal: {{AWS: "*"}}, Action: es:ESHttpGet, Resource: "*"}}}}
"""
    assert verdicts(template, ResourcePolicyOpenToEveryone) == {
        ("Search", "policy AccessPolicies statement 1"): verdict
    }


def test_file_system_for_mount_targets_is_not_public() -> None:
    template = """\
Resources:
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      FileSystemPolicy:
        Statement:
          Effect: Allow
          Principal: {AWS: "*"}
          Action: elasticfilesystem:ClientMount
          Condition: {Bool: {elasticfilesystem:AccessedViaMountTarget: true}}
"""
    assert list(verdicts(template, ResourcePolicyOpenToEveryone).values()) == ["pass"]


def test_the_topic_policy_that_sam_makes_for_a_queue_passes() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: a.h
      Runtime: python3.12
      Events: {Message: {Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: true}}}
"""
    assert set(verdicts(template, ResourcePolicyOpenToEveryone).values()) == {"pass"}


def test_an_old_flat_bus_policy_with_an_organisation_is_unknown() -> None:
    template = """\
Resources:
  Bus:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: s
      Action: events:PutEvents
      Principal: "*"
      Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-1}
"""
    (finding,) = findings(template, ResourcePolicyOpenToEveryone)
    assert (finding.verdict, finding.missing[0].what) == (
        Verdict.UNKNOWN,
        "whether aws:principalorgid o-1 is your own organisation is not in the template",
    )


def test_a_public_api_is_left_to_its_methods() -> None:
    template = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy: {Statement: {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*"}}
"""
    assert list(verdicts(template, ResourcePolicyOpenToEveryone).values()) == ["pass"]


ORGANISATION = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {{Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: "*", Condition: {condition}}}
"""


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("{StringEquals: {aws:PrincipalOrgID: o-1}}", "unknown"),
        ("{StringEquals: {aws:PrincipalOrgID: o-1, aws:SourceAccount: !Ref AWS::AccountId}}", "pass"),
        ("{'ForAnyValue:StringLike': {aws:PrincipalOrgPaths: ['o-1/r-1/ou-1/*']}}", "unknown"),
        ("{'ForAnyValue:StringLike': {aws:PrincipalOrgPaths: ['o-*/r-1/ou-1/*']}}", "fail"),
        ("{'ForAllValues:StringLike': {aws:PrincipalOrgPaths: ['o-1/r-1/ou-1/*']}}", "fail"),
    ],
)
def test_an_organisation_is_unknown_unless_something_narrower_stands_beside_it(condition: str, verdict: str) -> None:
    found = verdicts(ORGANISATION.format(condition=condition), ResourcePolicyOpenToEveryone)
    assert list(found.values()) == [verdict]
