"""Defaults by engine and version, and what a selection of AWS Backup takes in."""

import pytest

from tests.harness import verdicts

KINDS = {"instance": "AWS::RDS::DBInstance", "cluster": "AWS::RDS::DBCluster", "redshift": "AWS::Redshift::Cluster"}


def store(kind: str, properties: str, more: str = "", head: str = "") -> str:
    return f"{head}Resources:\n  Store:\n    Type: {kind}\n    Properties: {{{properties}}}\n{more}"


@pytest.mark.parametrize(
    ("kind", "engine", "version", "verdict"),
    [
        ("instance", "mysql", "5.7.44", "fail"),
        ("instance", "mysql", "8.0.40", "fail"),
        ("instance", "mysql", "8.4.3", "fail"),
        ("instance", "mysql", "8", "unknown"),
        ("instance", "mysql", "9.6.0", "unknown"),
        ("instance", "mysql", "9.7.0", "pass"),
        ("instance", "mysql", "", "unknown"),
        ("instance", "mariadb", "10.11.9", "fail"),
        ("instance", "mariadb", "11.4.4", "fail"),
        ("instance", "mariadb", "11.8.1", "pass"),
        ("instance", "mariadb", "11", "unknown"),
        ("instance", "mariadb", "12", "pass"),
        ("instance", "postgres", "14", "fail"),
        ("instance", "postgres", "15", "pass"),
        ("instance", "sqlserver-ex", "16.00", "fail"),
        ("cluster", "aurora-mysql", "8.0.mysql_aurora.3.08.0", "fail"),
        ("cluster", "aurora-mysql", "5.7.mysql_aurora.2.12.1", "fail"),
        ("cluster", "aurora-mysql", "8.4.mysql_aurora.4.0.0", "unknown"),
        ("cluster", "aurora-postgresql", "15.4", "fail"),
        ("cluster", "aurora-postgresql", "17.4", "pass"),
        ("cluster", "mysql", "8.4.3", "fail"),
    ],
)
def test_who_demands_tls_by_default(kind: str, engine: str, version: str, verdict: str) -> None:
    written = f", EngineVersion: '{version}'" if version else ""

    assert verdicts(store(KINDS[kind], f"Engine: {engine}{written}"), "PROT002") == {("Store", ""): verdict}


@pytest.mark.parametrize(
    ("family", "parameters", "verdict"),
    [
        ("redshift-1.0", "", "fail"),
        ("redshift-2.0", "", "pass"),
        ("redshift-1.0", "Parameters: [{ParameterName: require_ssl, ParameterValue: 'true'}]", "pass"),
        ("redshift-2.0", "Parameters: [{ParameterName: require_ssl, ParameterValue: 'false'}]", "fail"),
    ],
)
def test_redshift_demands_tls_by_the_family_of_its_parameters(family: str, parameters: str, verdict: str) -> None:
    group = (
        "  Group:\n    Type: AWS::Redshift::ClusterParameterGroup\n"
        f"    Properties: {{Description: d, ParameterGroupFamily: {family}, {parameters}}}\n"
    )
    template = store(KINDS["redshift"], "ClusterParameterGroupName: !Ref Group", group)

    assert verdicts(template, "PROT002")["Store", ""] == verdict


def test_a_parameter_of_the_stack_decides_what_the_group_says() -> None:
    head = "Parameters: {Force: {Type: String}}\n"
    group = (
        "  Group:\n    Type: AWS::RDS::DBParameterGroup\n"
        "    Properties: {Description: d, Family: postgres16, Parameters: {rds.force_ssl: !Ref Force}}\n"
    )
    template = store(
        KINDS["instance"], "Engine: postgres, EngineVersion: '16.4', DBParameterGroupName: !Ref Group", group, head
    )

    assert verdicts(template, "PROT002")["Store", ""] == "unknown"
    assert verdicts(template, "PROT002", Force="1")["Store", ""] == "pass"
    assert verdicts(template, "PROT002", Force="0")["Store", ""] == "fail"


TAGGED = "Tags: [{Key: backup, Value: daily}]"
BY_TAG = "ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: %s}]"
ON_TAG = "Conditions: {StringEquals: [{ConditionKey: 'aws:ResourceTag/backup', ConditionValue: %s}]}"
NAMED, OTHER = "Resources: [!GetAtt Store.Arn]", "Resources: ['arn:aws:ec2:*:*:volume/*']"


@pytest.mark.parametrize(
    ("selection", "verdict"),
    [
        (NAMED, "pass"),
        (OTHER, "fail"),
        ("Resources: ['*']", "pass"),
        ("Resources: ['arn:aws:dynamodb:*:*:table/*']", "pass"),
        ("Resources: ['arn:aws:s3:::*']", "fail"),
        (BY_TAG % "daily", "pass"),
        (BY_TAG % "weekly", "fail"),
        # AWS Backup takes Resources or ListOfTags: either is enough.
        (f"{OTHER}, {BY_TAG % 'daily'}", "pass"),
        (f"{NAMED}, {BY_TAG % 'weekly'}", "pass"),
        (f"{OTHER}, {BY_TAG % 'weekly'}", "fail"),
        # Conditions have to hold beside them.
        (ON_TAG % "daily", "pass"),
        (ON_TAG % "weekly", "fail"),
        (f"{NAMED}, {ON_TAG % 'daily'}", "pass"),
        (f"{NAMED}, {ON_TAG % 'weekly'}", "fail"),
        (f"{OTHER}, {ON_TAG % 'daily'}", "fail"),
        (f"{NAMED}, NotResources: [!GetAtt Store.Arn]", "fail"),
        ("Resources: ['*'], Conditions: {StringLike: [{ConditionKey: k, ConditionValue: v}]}", "unknown"),
        (BY_TAG % "!Ref Word", "unknown"),
        ("Resources: !Ref Arns", "unknown"),
        ("SelectionName: everything", "unknown"),
    ],
)
def test_what_a_backup_selection_takes_in(selection: str, verdict: str) -> None:
    head = "Parameters: {Word: {Type: String}, Arns: {Type: CommaDelimitedList}}\n"
    chosen = (
        "  Chosen:\n    Type: AWS::Backup::BackupSelection\n"
        f"    Properties: {{BackupPlanId: p, BackupSelection: {{IamRoleArn: r, SelectionName: s, {selection}}}}}\n"
    ).replace("SelectionName: s, SelectionName: everything", "SelectionName: everything")

    template = store("AWS::DynamoDB::Table", TAGGED, chosen, head)

    assert verdicts(template, "PROT005") == {("Store", ""): verdict}


@pytest.mark.parametrize(
    ("kind", "attributes", "verdict"),
    [
        ("AWS::RDS::DBInstance", "", "fail"),
        ("AWS::RDS::DBInstance", "    UpdateReplacePolicy: Snapshot\n", "pass"),
        ("AWS::RDS::DBCluster", "    UpdateReplacePolicy: Snapshot\n", "pass"),
        ("AWS::DocDB::DBCluster", "    UpdateReplacePolicy: Snapshot\n", "fail"),
        ("AWS::DynamoDB::Table", "    UpdateReplacePolicy: Retain\n", "fail"),
        ("AWS::DynamoDB::Table", "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n", "pass"),
        (
            "AWS::DynamoDB::Table",
            "    DeletionPolicy: RetainExceptOnCreate\n    UpdateReplacePolicy: Retain\n",
            "pass",
        ),
        ("AWS::DynamoDB::Table", "    DeletionPolicy: Delete\n    UpdateReplacePolicy: Retain\n", "fail"),
        ("AWS::S3::Bucket", "", "pass"),
    ],
)
def test_what_outlives_its_stack(kind: str, attributes: str, verdict: str) -> None:
    template = f"Resources:\n  Store:\n    Type: {kind}\n{attributes}    Properties: {{Engine: postgres}}\n"

    assert verdicts(template, "PROT006") == {("Store", ""): verdict}
