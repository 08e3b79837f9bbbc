"""DATA006 and DATA007: availability zones, and stores that no VPC surrounds."""

import pytest

from tests.harness import findings, verdicts


def subnets(first: str, second: str) -> str:
    return f"""\
Parameters: {{Zone: {{Type: String}}}}
Resources:
  A: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: v, CidrBlock: 10.0.1.0/24{first}}}}}
  B: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: v, CidrBlock: 10.0.2.0/24{second}}}}}
"""


def zone(value: str) -> str:
    return f", AvailabilityZone: {value}"


STORE = "  Store: {Type: AWS::RDS::DBProxy, Properties: {VpcSubnetIds: [!Ref A, !Ref B]}}\n"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (zone("eu-west-1a"), zone("eu-west-1b"), "pass"),
        (zone("eu-west-1a"), zone("eu-west-1a"), "fail"),
        (zone("!Select [0, !GetAZs '']"), zone("!Select [1, !GetAZs '']"), "pass"),
        (zone("!Select [0, !GetAZs '']"), zone("!Select [0, !GetAZs '']"), "fail"),
        (zone("!Sub '${AWS::Region}a'"), zone("!Sub '${AWS::Region}b'"), "pass"),
        (zone("eu-west-1a"), "", "unknown"),
        (zone("eu-west-1a"), zone("!Ref Zone"), "unknown"),
    ],
)
def test_zones_of_two_subnets(first: str, second: str, expected: str) -> None:
    assert verdicts(subnets(first, second) + STORE, "DATA006") == {("Store", ""): expected}


def test_one_subnet_is_one_zone_for_a_function() -> None:
    function = "  Shows: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [subnet-1]}}}\n"
    (found,) = findings(subnets("", "") + function, "DATA006")
    assert (found.verdict.value, found.message) == (
        "fail",
        "Shows stands in one availability zone only: it names one subnet, subnet-1",
    )


def test_the_mount_targets_of_a_file_system_count_together() -> None:
    files = """\
  Files: {Type: AWS::EFS::FileSystem}
  First: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref A}}
"""
    second = "  Second: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref B}}\n"
    head = subnets(zone("eu-west-1a"), zone("eu-west-1b"))
    assert verdicts(head + files, "DATA006") == {("Files", ""): "fail"}
    assert verdicts(head + files + second, "DATA006") == {("Files", ""): "pass"}


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("", {}), ("ClusterConfig: {ZoneAwarenessEnabled: true}, ", {("Store", ""): "fail"})],
)
def test_a_domain_without_zone_awareness_takes_one_subnet(domain: str, expected: dict[tuple[str, str], str]) -> None:
    store = f"{{Type: AWS::OpenSearchService::Domain, Properties: {{{domain}VPCOptions: {{SubnetIds: [!Ref A]}}}}}}"
    assert verdicts(subnets("", "") + f"  Store: {store}\n", "DATA006") == expected


@pytest.mark.parametrize(
    "type_",
    [
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::S3::Bucket",
        "AWS::Timestream::Database",
        "AWS::Cassandra::Keyspace",
        "AWS::DSQL::Cluster",
    ],
)
def test_stores_without_subnets_pass(type_: str) -> None:
    assert verdicts(f"Resources: {{Store: {{Type: {type_}}}}}", "DATA007") == {("Store", ""): "pass"}


def test_a_ledger_is_told_that_its_service_ended() -> None:
    (found,) = findings("Resources: {Store: {Type: AWS::QLDB::Ledger}}", "DATA007")
    assert (found.verdict.value, found.message) == (
        "pass",
        "Store is a QLDB ledger: it has no subnets, IAM and its policies are its boundary; "
        "QLDB ended on 31 July 2025, move the ledger",
    )


def test_influxdb_is_judged_by_its_subnets_and_not_as_timestream() -> None:
    template = "Resources: {Store: {Type: AWS::Timestream::InfluxDBInstance, Properties: {PubliclyAccessible: true}}}"
    assert verdicts(template, "DATA007") == {}
    assert verdicts(template, "DATA001") == {("Store", ""): "fail"}


@pytest.mark.parametrize(
    ("subnet", "expected"), [("subnet-1", "fail"), ("SUBNET_IDS", "unknown"), ("!Ref A", "fail")]
)
def test_a_placeholder_may_stand_for_several_subnets(subnet: str, expected: str) -> None:
    store = f"  Store: {{Type: AWS::RDS::DBProxy, Properties: {{VpcSubnetIds: [{subnet}]}}}}\n"
    assert verdicts(subnets("", "") + store, "DATA006") == {("Store", ""): expected}
