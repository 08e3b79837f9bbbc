"""Near misses of the data protection rules: defaults, members, plans, parameters, conditions, SAM."""

import pytest

from tests.harness import findings, line_of, verdicts


def resource(kind: str, properties: str = "", attributes: str = "") -> str:
    return f"Resources:\n  Store:\n    Type: {kind}\n{attributes}    Properties: {{{properties}}}\n"


@pytest.mark.parametrize(
    ("kind", "properties", "verdict"),
    [
        ("AWS::SQS::Queue", "", "pass"),
        ("AWS::SQS::Queue", "SqsManagedSseEnabled: false", "fail"),
        ("AWS::SQS::Queue", "SqsManagedSseEnabled: false, KmsMasterKeyId: alias/aws/sqs", "pass"),
        ("AWS::Kinesis::Stream", "ShardCount: 1", "fail"),
        ("AWS::S3::Bucket", "", "pass"),
        ("AWS::DynamoDB::Table", "", "pass"),
        ("AWS::RDS::DBInstance", "Engine: mysql", "fail"),
        ("AWS::RDS::DBInstance", "Engine: mysql, StorageEncrypted: 'true'", "pass"),
        ("AWS::RDS::DBCluster", "Engine: aurora-postgresql", "pass"),
        ("AWS::RDS::DBCluster", "Engine: aurora-postgresql, StorageEncrypted: false", "fail"),
        ("AWS::RDS::DBCluster", "Engine: postgres", "fail"),
        ("AWS::RDS::DBCluster", "Engine: aurora-mysql, SnapshotIdentifier: monday", "unknown"),
        ("AWS::Redshift::Cluster", "NodeType: ra3.large", "pass"),
        ("AWS::Redshift::Cluster", "Encrypted: false", "fail"),
        ("AWS::ElastiCache::ReplicationGroup", "Engine: redis", "fail"),
        ("AWS::ElastiCache::ReplicationGroup", "Engine: valkey", "pass"),
        ("AWS::EFS::FileSystem", "", "fail"),
    ],
)
def test_encryption_at_rest_follows_the_defaults(kind: str, properties: str, verdict: str) -> None:
    assert verdicts(resource(kind, properties), "PROT001") == {("Store", ""): verdict}


def test_a_member_of_a_cluster_is_judged_at_its_cluster() -> None:
    template = resource("AWS::RDS::DBInstance", "Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster")

    assert [verdicts(template, rule) for rule in ("PROT001", "PROT002", "PROT005", "PROT006", "PROT007")] == [{}] * 5


@pytest.mark.parametrize(
    ("kind", "properties", "verdict"),
    [
        ("AWS::RDS::DBInstance", "Engine: postgres, EngineVersion: '14.9'", "fail"),
        ("AWS::RDS::DBInstance", "Engine: postgres, EngineVersion: '15.4'", "pass"),
        ("AWS::RDS::DBInstance", "Engine: postgres", "unknown"),
        ("AWS::RDS::DBCluster", "Engine: aurora-postgresql, EngineVersion: '16.4'", "fail"),
        ("AWS::RDS::DBInstance", "Engine: mysql, EngineVersion: 8.0.40", "fail"),
        ("AWS::RDS::DBProxy", "EngineFamily: POSTGRESQL", "fail"),
        ("AWS::RDS::DBProxy", "RequireTLS: true", "pass"),
        ("AWS::ElastiCache::ReplicationGroup", "TransitEncryptionEnabled: true", "pass"),
        (
            "AWS::ElastiCache::ReplicationGroup",
            "TransitEncryptionEnabled: true, TransitEncryptionMode: preferred",
            "fail",
        ),
        ("AWS::MemoryDB::Cluster", "TLSEnabled: false", "fail"),
        ("AWS::MemoryDB::Cluster", "", "pass"),
        ("AWS::DAX::Cluster", "", "fail"),
        ("AWS::Redshift::Cluster", "ClusterParameterGroupName: default.redshift-1.0", "fail"),
        ("AWS::Redshift::Cluster", "", "pass"),
        ("AWS::DocDB::DBCluster", "", "pass"),
    ],
)
def test_encryption_in_transit_follows_the_defaults(kind: str, properties: str, verdict: str) -> None:
    assert verdicts(resource(kind, properties), "PROT002") == {("Store", ""): verdict}


@pytest.mark.parametrize(
    ("kind", "properties", "verdict"),
    [
        ("AWS::RDS::DBInstance", "Engine: postgres", "pass"),
        ("AWS::RDS::DBInstance", "Engine: postgres, BackupRetentionPeriod: 0", "fail"),
        ("AWS::RDS::DBInstance", "Engine: postgres, BackupRetentionPeriod: '0'", "fail"),
        ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}", "pass"),
        ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: false}", "fail"),
        ("AWS::EFS::FileSystem", "", "fail"),
        ("AWS::EFS::FileSystem", "AvailabilityZoneName: eu-west-1a", "pass"),
        ("AWS::MemoryDB::Cluster", "", "fail"),
        ("AWS::Redshift::Cluster", "AutomatedSnapshotRetentionPeriod: 0", "fail"),
        ("AWS::Cassandra::Table", "PointInTimeRecoveryEnabled: true", "pass"),
    ],
)
def test_backups_follow_the_defaults(kind: str, properties: str, verdict: str) -> None:
    assert verdicts(resource(kind, properties), "PROT005") == {("Store", ""): verdict}


def selection(body: str) -> str:
    return (
        resource("AWS::DynamoDB::Table", "Tags: [{Key: backup, Value: daily}]")
        + f"  Chosen:\n    Type: AWS::Backup::BackupSelection\n    Properties: {{BackupSelection: {{{body}}}}}\n"
    )


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("Resources: ['*']", "pass"),
        ("Resources: [!GetAtt Store.Arn]", "pass"),
        ("Resources: ['*'], NotResources: [!GetAtt Store.Arn]", "fail"),
        ("Resources: ['arn:aws:dynamodb:*:*:table/*']", "pass"),
        ("Resources: ['arn:aws:rds:*:*:db:*']", "fail"),
        ("Resources: ['arn:aws:dynamodb:*:*:table/prod-*']", "unknown"),
        ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]", "pass"),
        ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: weekly}]", "fail"),
        (
            "Resources: ['*'], Conditions: {StringEquals: "
            "[{ConditionKey: 'aws:ResourceTag/backup', ConditionValue: daily}]}",
            "pass",
        ),
    ],
)
def test_a_backup_selection_takes_stores_in(body: str, verdict: str) -> None:
    assert verdicts(selection(body), "PROT005") == {("Store", ""): verdict}


KEEP = "    DeletionPolicy: Retain\n"
REPLACE = "    UpdateReplacePolicy: Retain\n"


@pytest.mark.parametrize(
    ("kind", "attributes", "properties", "verdict"),
    [
        ("AWS::DynamoDB::Table", "", "", "fail"),
        ("AWS::DynamoDB::Table", KEEP, "", "fail"),
        ("AWS::DynamoDB::Table", KEEP + REPLACE, "", "pass"),
        ("AWS::DynamoDB::Table", "", "DeletionProtectionEnabled: true", "pass"),
        ("AWS::RDS::DBInstance", "", "Engine: postgres", "fail"),
        ("AWS::RDS::DBInstance", REPLACE, "Engine: postgres", "pass"),
        ("AWS::S3::Bucket", "", "", "pass"),
        ("AWS::QLDB::Ledger", "", "", "pass"),
    ],
)
def test_both_policies_keep_the_data(kind: str, attributes: str, properties: str, verdict: str) -> None:
    assert verdicts(resource(kind, properties, attributes), "PROT006") == {("Store", ""): verdict}


def test_a_bucket_that_is_emptied_loses_its_objects() -> None:
    template = resource("AWS::S3::Bucket") + (
        "  Emptied: {Type: 'Custom::S3AutoDeleteObjects', Properties: {BucketName: !Ref Store}}\n"
    )

    assert verdicts(template, "PROT006") == {("Store", ""): "fail"}


def test_a_condition_is_named() -> None:
    template = """\
Parameters: {Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: !If [IsProd, true, false]
"""
    (found,) = findings(template, "PROT007")

    assert found.verdict == "fail"
    assert dict(found.scenario) == {"IsProd": False}
    assert found.message == "Tickets has no deletion protection: DeletionProtectionEnabled is false"
    assert found.span.line == line_of(template, "DeletionProtectionEnabled")


def test_a_bucket_that_serves_a_site_needs_no_versions() -> None:
    site = resource("AWS::S3::Bucket", "WebsiteConfiguration: {IndexDocument: index.html}")

    assert verdicts(site, "PROT008") == {}
    assert verdicts(resource("AWS::S3::Bucket"), "PROT008") == {("Store", ""): "fail"}


def test_a_sam_table_keeps_the_attributes_of_its_source() -> None:
    template = "Transform: AWS::Serverless-2016-10-31\n" + resource(
        "AWS::Serverless::SimpleTable", "", KEEP + REPLACE
    )

    (found,) = findings(template, "PROT006")

    assert (found.verdict.value, found.resource_type) == ("pass", "AWS::Serverless::SimpleTable")


def test_a_deny_that_asks_for_more_leaves_plain_http_open() -> None:
    template = """\
Resources:
  Articles: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Articles
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: !Sub "${Articles.Arn}/*"
            Condition: {Bool: {aws:SecureTransport: "false"}, StringEquals: {aws:PrincipalTag/team: shop}}
"""
    assert verdicts(template, "PROT003") == {("Articles", ""): "fail"}
    alone = template.replace(", StringEquals: {aws:PrincipalTag/team: shop}", "")
    assert verdicts(alone, "PROT003") == {("Articles", ""): "pass"}
