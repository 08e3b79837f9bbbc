"""DATA001: the switch of each store type, and its default where it is absent."""

import pytest

from tests.harness import findings, line_of
from validator.model import Verdict

GROUP = """\
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: d, SubnetIds: [subnet-1, subnet-2]}
"""


def store(type_: str, properties: str, more: str = "", head: str = "") -> str:
    return f"{head}Resources:\n{more}  Store:\n    Type: {type_}\n    Properties: {{{properties}}}\n"


def verdict(template: str) -> Verdict:
    found = findings(template, "DATA001")
    assert [finding.resource for finding in found] == ["Store"], found
    return found[0].verdict


INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
SWITCHES = [
    (INSTANCE, "Engine: mysql", FAIL),
    (INSTANCE, "Engine: mysql, PubliclyAccessible: false", PASS),
    (INSTANCE, "Engine: mysql, PubliclyAccessible: 'true'", FAIL),
    (INSTANCE, "Engine: mysql, DBSubnetGroupName: !Ref Subnets", PASS),
    (INSTANCE, "Engine: mysql, DBSubnetGroupName: default", FAIL),
    (INSTANCE, "Engine: mysql, DBSubnetGroupName: !Ref Given", UNKNOWN),
    (INSTANCE, "Engine: !Ref Given", UNKNOWN),
    (INSTANCE, "Engine: aurora-postgresql, DBClusterIdentifier: orders", PASS),
    (INSTANCE, "Engine: aurora-postgresql, DBClusterIdentifier: orders, DBSubnetGroupName: default", FAIL),
    (INSTANCE, "Engine: aurora-mysql, DBClusterIdentifier: orders, PubliclyAccessible: true", FAIL),
    (INSTANCE, "Engine: mysql, PubliclyAccessible: !Ref Given", UNKNOWN),
    (INSTANCE, "SourceDBInstanceIdentifier: main", UNKNOWN),
    (INSTANCE, "Engine: mysql, DBSnapshotIdentifier: s, DBSubnetGroupName: !Ref Subnets", PASS),
    (INSTANCE, "Engine: mysql, PubliclyAccessible: false, DBSecurityGroups: [classic]", FAIL),
    (CLUSTER, "Engine: aurora-mysql, PubliclyAccessible: true", PASS),
    (CLUSTER, "Engine: mysql, DBClusterInstanceClass: db.m6gd.large", FAIL),
    (CLUSTER, "Engine: mysql, DBClusterInstanceClass: db.m6gd.large, DBSubnetGroupName: !Ref Subnets", PASS),
    (CLUSTER, "Engine: postgres, DBClusterInstanceClass: db.m6gd.large, DBSubnetGroupName: default", FAIL),
    ("AWS::RDS::DBShardGroup", "DBClusterIdentifier: orders", UNKNOWN),
    ("AWS::RDS::DBShardGroup", "DBClusterIdentifier: orders, PubliclyAccessible: false", PASS),
    ("AWS::Neptune::DBInstance", "DBInstanceClass: db.t3.medium, PubliclyAccessible: true", FAIL),
    ("AWS::Neptune::DBInstance", "DBInstanceClass: db.t3.medium", PASS),
    ("AWS::Redshift::Cluster", "NodeType: ra3.xlplus", PASS),
    ("AWS::Redshift::Cluster", "NodeType: ra3.xlplus, PubliclyAccessible: true", FAIL),
    ("AWS::RedshiftServerless::Workgroup", "WorkgroupName: w", PASS),
    ("AWS::RedshiftServerless::Workgroup", "WorkgroupName: w, PubliclyAccessible: true", FAIL),
    ("AWS::DMS::ReplicationInstance", "ReplicationInstanceClass: dms.t3.medium", FAIL),
    ("AWS::DMS::ReplicationInstance", "PubliclyAccessible: false", PASS),
    ("AWS::Timestream::InfluxDBInstance", "Name: metrics, PubliclyAccessible: true", FAIL),
    ("AWS::Timestream::InfluxDBInstance", "Name: metrics", PASS),
    ("AWS::Timestream::InfluxDBCluster", "Name: metrics, PubliclyAccessible: true", FAIL),
    ("AWS::MSK::Cluster", "ClusterName: k", PASS),
    (
        "AWS::MSK::Cluster",
        "BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}}",
        FAIL,
    ),
    ("AWS::MSK::Cluster", "BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: DISABLED}}}", PASS),
    ("AWS::NeptuneGraph::Graph", "PublicConnectivity: true", FAIL),
    ("AWS::NeptuneGraph::Graph", "GraphName: g", PASS),
    ("AWS::AmazonMQ::Broker", "PubliclyAccessible: true", FAIL),
]


@pytest.mark.parametrize(("type_", "properties", "expected"), SWITCHES)
def test_switch_and_default(type_: str, properties: str, expected: Verdict) -> None:
    head = "Parameters: {Given: {Type: String}}\n"
    assert verdict(store(type_, properties, GROUP, head)) is expected


def test_the_default_is_stated_at_the_property_that_decides() -> None:
    template = store(INSTANCE, "Engine: mysql,\n      DBSubnetGroupName: !Ref Subnets", GROUP)
    (found,) = findings(template, "DATA001")
    assert found.message == (
        "Store has no public access: it does not set PubliclyAccessible, "
        "which is false by default with a named subnet group"
    )
    assert found.span.line == line_of(template, "DBSubnetGroupName")


@pytest.mark.parametrize(("condition", "scenario"), [("'true'", {"IsDevelopment": True})])
def test_a_condition_is_named(condition: str, scenario: dict[str, bool]) -> None:
    head = (
        "Parameters: {Stage: {Type: String, Default: prod}}\nConditions: {IsDevelopment: !Equals [!Ref Stage, dev]}\n"
    )
    template = store(
        INSTANCE, f"Engine: mysql, PubliclyAccessible: !If [IsDevelopment, {condition}, 'false']", head=head
    )
    (found,) = findings(template, "DATA001")
    assert (found.verdict, dict(found.scenario), found.at_defaults) == (FAIL, scenario, False)


POLICY = """\
  {name}:
    Type: AWS::OpenSearchServerless::SecurityPolicy
    Properties:
      Name: {name}
      Type: network
      Policy: !Sub '[{{"Rules": [{{"ResourceType": "{kind}", "Resource": ["collection/{pattern}"]}}],
        "AllowFromPublic": {public}}}]'
"""


def policy(name: str, pattern: str, public: bool, kind: str = "collection") -> str:
    return POLICY.format(name=name, pattern=pattern, public=str(public).lower(), kind=kind)


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (policy("One", "logs", True), FAIL),
        (policy("One", "logs", False), PASS),
        (policy("One", "logs", False) + policy("Wide", "lo*", True), FAIL),
        (policy("One", "logs", False) + policy("Other", "metrics*", True), PASS),
        (policy("One", "logs", False) + policy("Dashboards", "logs", True, "dashboard"), PASS),
        (policy("Other", "metrics", True), UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_public_wins_over_private_for_a_collection(policies: str, expected: Verdict) -> None:
    assert verdict(store("AWS::OpenSearchServerless::Collection", "Name: logs", policies)) is expected
