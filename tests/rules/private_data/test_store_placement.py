"""DATA002 and DATA003: where stores are placed."""

import pytest

from tests.harness import findings, line_of, verdicts
from tests.validator.graph.network.stacks import network, route

OPEN = route(GatewayId="!Ref Gateway")
CLOSED_TABLE = """
Closed: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
BInClosed: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Closed}}
"""

PLACED = [
    ("AWS::RDS::DBSubnetGroup", "AWS::RDS::DBInstance", "DBSubnetGroupName: !Ref Group, Engine: postgres"),
    ("AWS::RDS::DBSubnetGroup", "AWS::RDS::DBCluster", "DBSubnetGroupName: !Ref Group, Engine: aurora-mysql"),
    ("AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::ReplicationGroup", "CacheSubnetGroupName: !Ref Group"),
    ("AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::CacheCluster", "CacheSubnetGroupName: !Ref Group"),
    ("AWS::Neptune::DBSubnetGroup", "AWS::Neptune::DBCluster", "DBSubnetGroupName: !Ref Group"),
    ("AWS::DocDB::DBSubnetGroup", "AWS::DocDB::DBCluster", "DBSubnetGroupName: !Ref Group"),
    ("AWS::Redshift::ClusterSubnetGroup", "AWS::Redshift::Cluster", "ClusterSubnetGroupName: !Ref Group"),
    ("AWS::MemoryDB::SubnetGroup", "AWS::MemoryDB::Cluster", "SubnetGroupName: !Ref Group"),
    ("AWS::DAX::SubnetGroup", "AWS::DAX::Cluster", "SubnetGroupName: !Ref Group"),
    ("", "AWS::RDS::DBProxy", "VpcSubnetIds: SUBNETS"),
    ("", "AWS::ElastiCache::ServerlessCache", "SubnetIds: SUBNETS"),
    ("", "AWS::DocDBElastic::Cluster", "SubnetIds: SUBNETS"),
    ("", "AWS::RedshiftServerless::Workgroup", "SubnetIds: SUBNETS"),
    ("", "AWS::OpenSearchService::Domain", "VPCOptions: {SubnetIds: SUBNETS}"),
    ("", "AWS::Elasticsearch::Domain", "VPCOptions: {SubnetIds: SUBNETS}"),
    ("", "AWS::MSK::Cluster", "BrokerNodeGroupInfo: {ClientSubnets: SUBNETS}"),
    ("", "AWS::MSK::ServerlessCluster", "VpcConfigs: [{SubnetIds: SUBNETS}]"),
    ("", "AWS::FSx::FileSystem", "SubnetIds: SUBNETS"),
    ("", "AWS::Timestream::InfluxDBInstance", "VpcSubnetIds: SUBNETS"),
    ("", "AWS::MSK::VpcConnection", "ClientSubnets: SUBNETS"),
    ("", "AWS::NeptuneGraph::PrivateGraphEndpoint", "SubnetIds: SUBNETS"),
    ("", "AWS::OpenSearchServerless::VpcEndpoint", "SubnetIds: SUBNETS"),
]


def placed(group: str, type_: str, properties: str, subnets: str) -> str:
    holder = f"Group: {{Type: {group}, Properties: {{SubnetIds: {subnets}}}}}" if group else ""
    store = f"Store: {{Type: {type_}, Properties: {{{properties.replace('SUBNETS', subnets)}}}}}"
    return network(OPEN, CLOSED_TABLE, holder, store)


@pytest.mark.parametrize(("group", "type_", "properties"), PLACED)
@pytest.mark.parametrize(("subnets", "expected"), [("[!Ref B, !Ref A]", "fail"), ("[!Ref B]", "pass")])
def test_one_public_subnet_spoils_it(group: str, type_: str, properties: str, subnets: str, expected: str) -> None:
    assert verdicts(placed(group, type_, properties, subnets), "DATA002") == {("Store", ""): expected}


@pytest.mark.parametrize(("group", "type_", "properties"), PLACED)
def test_named_subnets_are_a_placement(group: str, type_: str, properties: str) -> None:
    assert verdicts(placed(group, type_, properties, "[!Ref B]"), "DATA003") == {("Store", ""): "pass"}


@pytest.mark.parametrize("type_", [type_ for _, type_, _ in PLACED])
def test_nothing_named_is_no_placement(type_: str) -> None:
    template = f"Resources: {{Store: {{Type: {type_}, Properties: {{}}}}}}\n"
    assert verdicts(template, "DATA003") == {("Store", ""): "fail"}
    assert verdicts(template, "DATA002") == {}


def test_a_mount_target_is_judged_by_its_subnet() -> None:
    template = network(
        OPEN, "Door: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: fs-1, SubnetId: !Ref A}}"
    )
    assert verdicts(template, "DATA002") == {("Door", ""): "fail"}


def test_the_public_subnet_is_named_with_the_path_to_the_gateway() -> None:
    template = placed(*PLACED[0], "[!Ref B, !Ref A]").replace(
        "Store: {Type: AWS::RDS::DBInstance, Properties: {DBSubnetGroupName: !Ref Group, Engine: postgres}}",
        "Store:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      DBSubnetGroupName: !Ref Group",
    )
    (found,) = findings(template, "DATA002")
    assert found.message == (
        "Store may be placed in public subnet A, which has a direct route to the Internet: "
        "Table sends 0.0.0.0/0 to Gateway"
    )
    assert found.span.line == line_of(template, "DBSubnetGroupName")
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("Store", "is placed by subnet group Group"),
        ("Group", "holds B, A"),
        ("A", "is associated with Table by AInTable"),
        ("Table", "sends 0.0.0.0/0 to Gateway (an internet gateway)"),
    ]


def test_a_member_is_judged_at_its_cluster() -> None:
    member = (
        "Member: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Store}}"
    )
    template = placed(*PLACED[1], "[!Ref A]") + f"  {member}\n"
    assert verdicts(template, "DATA002") == {("Store", ""): "fail"}
    assert verdicts(template, "DATA003") == {("Store", ""): "pass"}


@pytest.mark.parametrize(
    ("subnets", "key"),
    [
        ("!Ref Subnets", "parameter:Subnets"),
        ("!Split [',', !ImportValue private]", "import:private"),
        ("[subnet-12]", "subnet:subnet-12"),
        ("[!GetAtt Vpc.Outputs.A]", "resource:Vpc"),
    ],
)
def test_subnets_from_outside_the_run_are_unknown(subnets: str, key: str) -> None:
    template = (
        "Parameters: {Subnets: {Type: List<AWS::EC2::Subnet::Id>}}\nResources:\n"
        "  Vpc: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/vpc.yaml}}\n"
        f"  Store: {{Type: AWS::RDS::DBProxy, Properties: {{VpcSubnetIds: {subnets}}}}}\n"
    )
    (found,) = findings(template, "DATA002")
    assert (found.verdict.value, found.missing[0].key) == ("unknown", key)


def test_a_default_of_a_list_parameter_is_read() -> None:
    template = (
        "Parameters: {Subnets: {Type: CommaDelimitedList, Default: 'subnet-1, subnet-2'}}\nResources:\n"
        "  Store: {Type: AWS::RDS::DBProxy, Properties: {VpcSubnetIds: !Ref Subnets}}\n"
    )
    (found,) = findings(template, "DATA002")
    assert [missing.key for missing in found.missing] == ["subnet:subnet-1", "subnet:subnet-2"]


def test_an_empty_list_proves_nothing() -> None:
    template = (
        "Parameters: {Subnets: {Type: CommaDelimitedList, Default: ''}}\nResources:\n"
        "  Group: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: !Ref Subnets}}\n"
        "  Store: {Type: AWS::RDS::DBInstance, Properties: {DBSubnetGroupName: !Ref Group}}\n"
    )
    (found,) = findings(template, "DATA002")
    assert (found.verdict.value, found.missing[0].what) == ("unknown", "the list of subnets of Store is empty")
    assert verdicts(template, "DATA006") == {("Store", ""): "unknown"}


def test_an_ipv6_route_matters_to_a_subnet_with_ipv6_addresses_only() -> None:
    way = route("Six", destination="::/0", GatewayId="!Ref Gateway")
    store = "Store: {Type: AWS::RDS::DBProxy, Properties: {VpcSubnetIds: [!Ref A]}}"
    six = "Block: {Type: AWS::EC2::SubnetCidrBlock, Properties: {SubnetId: !Ref A, Ipv6CidrBlock: 'fd00::/64'}}"
    assert verdicts(network(way, store), "DATA002") == {("Store", ""): "pass"}
    assert verdicts(network(way, store.replace("}}", ", EndpointNetworkType: DUAL}}")), "DATA002") == {
        ("Store", ""): "pass"
    }
    assert verdicts(network(way, store, six), "DATA002") == {("Store", ""): "fail"}
    (found,) = findings(network(way, store.replace("}}", ", EndpointNetworkType: IPV4}}"), six), "DATA002")
    assert (found.verdict.value, found.message) == (
        "pass",
        "Store is placed in private subnets only: A (private over IPv4, and the store has no IPv6 address)",
    )


@pytest.mark.parametrize(
    ("type_", "properties", "expected"),
    [
        ("AWS::RDS::DBProxy", "VpcSubnetIds: [!Ref A], EndpointNetworkType: DUAL", "fail"),
        ("AWS::RDS::DBProxy", "VpcSubnetIds: [!Ref A], EndpointNetworkType: IPV4", "pass"),
        ("AWS::RDS::DBProxy", "VpcSubnetIds: [!Ref A], EndpointNetworkType: !Ref Kind", "unknown"),
        ("AWS::ElastiCache::ServerlessCache", "SubnetIds: [!Ref A], NetworkType: dual_stack", "fail"),
        ("AWS::OpenSearchService::Domain", "VPCOptions: {SubnetIds: [!Ref A]}, IPAddressType: dualstack", "fail"),
        ("AWS::EFS::MountTarget", "SubnetId: !Ref A, IpAddressType: IPV6_ONLY", "fail"),
        ("AWS::EFS::MountTarget", "SubnetId: !Ref A, IpAddressType: IPV4_ONLY", "pass"),
    ],
)
def test_an_ipv6_route_matters_to_a_store_that_speaks_ipv6(type_: str, properties: str, expected: str) -> None:
    template = network(
        route("Six", destination="::/0", GatewayId="!Ref Gateway"),
        "Block: {Type: AWS::EC2::SubnetCidrBlock, Properties: {SubnetId: !Ref A, Ipv6CidrBlock: 'fd00::/64'}}",
        f"Store: {{Type: {type_}, Properties: {{{properties}}}}}",
        head="Parameters: {Kind: {Type: String}}\n",
    )
    assert verdicts(template, "DATA002") == {("Store", ""): expected}


def test_the_subnets_of_a_condition_are_judged_in_each_scenario() -> None:
    store = "Store: {Type: AWS::RDS::DBProxy, Properties: {VpcSubnetIds: [!If [IsOpen, !Ref A, !Ref B]]}}"
    head = "Parameters: {Open: {Type: String, Default: 'no'}}\nConditions: {IsOpen: !Equals [!Ref Open, 'yes']}\n"
    (found,) = findings(network(OPEN, store, head=head), "DATA002")
    assert (found.verdict.value, dict(found.scenario), found.at_defaults) == ("fail", {"IsOpen": True}, False)


EMPTY_LIST = "Parameters: {Ids: {Type: 'List<AWS::EC2::Subnet::Id>', Default: ''}}\n"
EMPTY_NAME = "Parameters: {Name: {Type: String, Default: ''}}\n"


@pytest.mark.parametrize(
    ("head", "type_", "properties", "expected"),
    [
        (EMPTY_LIST, "AWS::ElastiCache::ServerlessCache", "SubnetIds: !Ref Ids", "unknown"),
        ("", "AWS::ElastiCache::ServerlessCache", "SubnetIds: []", "fail"),
        (EMPTY_NAME, "AWS::RDS::DBInstance", "DBSubnetGroupName: !Ref Name, Engine: mysql", "unknown"),
        ("", "AWS::RDS::DBInstance", "DBSubnetGroupName: private, Engine: mysql", "pass"),
    ],
)
def test_an_empty_default_stands_for_a_value_to_be_given(
    head: str, type_: str, properties: str, expected: str
) -> None:
    store = f"Store: {{Type: {type_}, Properties: {{{properties}}}}}"
    assert verdicts(network(store, head=head), "DATA003") == {("Store", ""): expected}


def test_public_access_is_not_decided_by_an_empty_subnet_group() -> None:
    store = "Store: {Type: AWS::RDS::DBInstance, Properties: {DBSubnetGroupName: !Ref Name, Engine: mysql}}"
    assert verdicts(network(store, head=EMPTY_NAME), "DATA001") == {("Store", ""): "unknown"}
