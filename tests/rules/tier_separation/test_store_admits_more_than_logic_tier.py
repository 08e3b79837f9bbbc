"""TIER002: who gets in by the security groups of a store."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness import architecture, findings, line_of, rule_of, verdicts
from tests.validator.graph.network.stacks import network, route
from validator.graph.architecture import Architecture, Assumed
from validator.model import Severity
from validator.rulekit import run_rules

STORE = """
StoreGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: s, VpcId: !Ref Network}}
Store:
  Type: AWS::RDS::DBCluster
  Properties: {Engine: aurora-postgresql, VpcSecurityGroupIds: [!Ref StoreGroup], DBSubnetGroupName: !Ref Subnets}
Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref B]}}
AppGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: !Ref Network}}
"""
FUNCTION = """
Function:
  Type: AWS::Lambda::Function
  Properties: {VpcConfig: {SubnetIds: [!Ref B], SecurityGroupIds: [!Ref AppGroup]}}
"""
OPEN = route(GatewayId="!Ref Gateway")


def ingress(source: str, ports: str = "IpProtocol: tcp, FromPort: 5432, ToPort: 5432") -> str:
    return f"""
    Rule:
      Type: AWS::EC2::SecurityGroupIngress
      Properties:
        GroupId: !GetAtt StoreGroup.GroupId
        {ports.replace(", ", chr(10) + "        ")}
        {source}
    """


def verdict(*parts: str, head: str = "") -> str:
    found = verdicts(network(OPEN, STORE, *parts, head=head), "TIER002")
    assert set(found) == {("Store", "")}, found
    return found["Store", ""]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("CidrIp: 0.0.0.0/0", "fail"),
        ("CidrIp: 1.1.1.1/0", "fail"),
        ("CidrIpv6: '::/0'", "fail"),
        ("CidrIpv6: '0000::/0'", "fail"),
        ("CidrIp: 0.0.0.0/1", "fail"),
        ("CidrIp: 203.0.113.7/32", "fail"),
        ("CidrIp: 10.0.0.0/8", "fail"),
        ("CidrIp: 10.0.0.0/16", "fail"),
        ("CidrIp: !GetAtt Network.CidrBlock", "fail"),
        ("CidrIp: 10.0.0.0/23", "fail"),
        ("CidrIp: 10.0.1.0/24", "fail"),
        ("CidrIp: 10.0.2.0/24", "pass"),
        ("CidrIp: 10.0.2.128/25", "pass"),
        ("CidrIp: !GetAtt B.CidrBlock", "pass"),
        ("CidrIp: !GetAtt A.CidrBlock", "fail"),
        ("CidrIp: 10.0.7.0/24", "fail"),
        ("CidrIp: 255.255.255.255/32", "pass"),
        ("CidrIp: !Ref Given", "unknown"),
        ("SourceSecurityGroupId: !GetAtt AppGroup.GroupId", "pass"),
        ("SourceSecurityGroupId: !Ref AppGroup", "pass"),
        ("SourceSecurityGroupId: !GetAtt StoreGroup.GroupId", "pass"),
        ("SourceSecurityGroupId: sg-0123", "unknown"),
        ("SourceSecurityGroupId: !Ref Given", "unknown"),
        ("SourceSecurityGroupId: !ImportValue functions", "unknown"),
        ("SourcePrefixListId: pl-0123", "unknown"),
    ],
)
def test_sources(source: str, expected: str) -> None:
    assert verdict(FUNCTION, ingress(source), head="Parameters: {Given: {Type: String}}\n") == expected


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("IpProtocol: '-1'", "fail"),
        ("IpProtocol: -1, FromPort: 22, ToPort: 22", "fail"),
        ("IpProtocol: '50'", "fail"),
        ("IpProtocol: tcp, FromPort: 0, ToPort: 65535", "fail"),
        ("IpProtocol: 6, FromPort: 5000, ToPort: 6000", "fail"),
        ("IpProtocol: tcp, FromPort: 22, ToPort: 22", "pass"),
        ("IpProtocol: udp, FromPort: 5432, ToPort: 5432", "pass"),
        ("IpProtocol: icmp, FromPort: -1, ToPort: -1", "pass"),
        ("IpProtocol: tcp, FromPort: !GetAtt Store.Endpoint.Port, ToPort: !GetAtt Store.Endpoint.Port", "fail"),
        ("IpProtocol: tcp, FromPort: !Ref Given, ToPort: !Ref Given", "unknown"),
        ("IpProtocol: tcp, FromPort: !Ref Given, ToPort: 100", "pass"),
    ],
)
def test_ports(ports: str, expected: str) -> None:
    head = "Parameters: {Given: {Type: Number}}\n"
    assert verdict(ingress("CidrIp: 0.0.0.0/0", ports), head=head) == expected


def test_a_group_without_rules_admits_nobody() -> None:
    (found,) = findings(network(STORE), "TIER002")
    assert (found.verdict.value, found.message) == ("pass", "Store admits nobody on its port")


WEARERS = {
    "instance in a public subnet": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref AppGroup]}}",
        "fail",
    ),
    "instance in a private subnet": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref B, SecurityGroupIds: [!Ref AppGroup]}}",
        "pass",
    ),
    "instance by network interface": (
        "Host: {Type: AWS::EC2::Instance, Properties: {NetworkInterfaces: "
        "[{DeviceIndex: '0', SubnetId: !Ref A, GroupSet: [!Ref AppGroup]}]}}",
        "fail",
    ),
    "instance in the default VPC": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [!Ref AppGroup]}}",
        "fail",
    ),
    "task in a private subnet": (
        "Service: {Type: AWS::ECS::Service, Properties: {NetworkConfiguration: {AwsvpcConfiguration: "
        "{Subnets: [!Ref B], SecurityGroups: [!Ref AppGroup]}}}}",
        "pass",
    ),
    "task in a public subnet": (
        "Service: {Type: AWS::ECS::Service, Properties: {NetworkConfiguration: {AwsvpcConfiguration: "
        "{AssignPublicIp: ENABLED, Subnets: [!Ref A], SecurityGroups: [!Ref AppGroup]}}}}",
        "fail",
    ),
    "internet-facing load balancer": (
        "Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: "
        "{Subnets: [!Ref A], SecurityGroups: [!Ref AppGroup]}}",
        "fail",
    ),
    "internal load balancer": (
        "Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: "
        "{Scheme: internal, Subnets: [!Ref B], SecurityGroups: [!Ref AppGroup]}}",
        "pass",
    ),
    "fleet in a public subnet": (
        "Template: {Type: AWS::EC2::LaunchTemplate, "
        "Properties: {LaunchTemplateData: {SecurityGroupIds: [!Ref AppGroup]}}}\n"
        "Fleet: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {VPCZoneIdentifier: [!Ref A], "
        "LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}}}",
        "fail",
    ),
    "function in a public subnet": (FUNCTION.replace("!Ref B", "!Ref A"), "pass"),
    "proxy": (
        "Proxy: {Type: AWS::RDS::DBProxy, "
        "Properties: {VpcSubnetIds: [!Ref B], VpcSecurityGroupIds: [!Ref AppGroup]}}",
        "pass",
    ),
    "rotation function": (
        "Rotation: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: s, HostedRotationLambda: "
        "{RotationType: PostgreSQLSingleUser, VpcSecurityGroupIds: !Ref AppGroup, VpcSubnetIds: !Ref B}}}",
        "pass",
    ),
    "instance in a subnet outside the run": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: subnet-9, SecurityGroupIds: [!Ref AppGroup]}}",
        "unknown",
    ),
    "nobody": ("", "pass"),
}


@pytest.mark.parametrize(("wearer", "expected"), WEARERS.values(), ids=WEARERS)
def test_a_group_stands_for_its_wearers(wearer: str, expected: str) -> None:
    template = network(OPEN, STORE, ingress("SourceSecurityGroupId: !Ref AppGroup"), wearer)
    assert verdicts(template, "TIER002")["Store", ""] == expected


def test_a_group_that_leaves_the_run_may_be_worn_elsewhere() -> None:
    template = network(STORE, ingress("SourceSecurityGroupId: !Ref AppGroup"))
    template += "Outputs: {Group: {Value: !Ref AppGroup}}\n"
    (found,) = findings(template, "TIER002")
    assert found.verdict.value == "unknown"
    assert found.missing[0].what == "output Group hands AppGroup to something outside the run"


def test_a_prefix_list_of_the_run_is_read() -> None:
    halves = """
    Halves:
      Type: AWS::EC2::PrefixList
      Properties: {Entries: [{Cidr: 0.0.0.0/1}, {Cidr: 128.0.0.0/1}]}
    """
    (found,) = findings(network(STORE, halves, ingress("SourcePrefixListId: !Ref Halves")), "TIER002")
    assert (found.verdict.value, found.severity) == ("fail", Severity.HIGH)
    assert found.message == ("Store admits prefix list Halves on port 5432, that is every address of the Internet")


def test_the_default_group_admits_its_wearers() -> None:
    store = STORE.replace("VpcSecurityGroupIds: [!Ref StoreGroup], ", "")
    public = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A}}"
    private = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref B}}"
    assert verdicts(network(OPEN, store, public), "TIER002")["Store", ""] == "fail"
    assert verdicts(network(OPEN, store, private), "TIER002")["Store", ""] == "pass"


def test_inline_rules_and_the_place_of_the_finding() -> None:
    template = network(STORE).replace(
        "  StoreGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: s, VpcId: !Ref Network}}\n",
        "  StoreGroup:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: s\n"
        "      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 5432\n          ToPort: 5432\n"
        "          CidrIp: 0.0.0.0/0\n",
    )
    (found,) = findings(template, "TIER002")
    assert (found.resource, found.severity, found.span.line) == ("Store", Severity.HIGH, line_of(template, "CidrIp:"))
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("Store", "wears StoreGroup"),
        ("StoreGroup", "admits 0.0.0.0/0 on port 5432"),
    ]


def test_an_assumption_about_a_group_outside_the_run() -> None:
    template = (
        "Resources: {Store: {Type: AWS::RDS::DBProxy, Properties: {VpcSecurityGroupIds: [sg-1], VpcSubnetIds: [s]}}}"
    )
    plain = architecture(template)
    assumed = {"security-group:sg-1": Assumed("admits-only-logic-tier", "kept by the network team")}
    result = run_rules([rule_of("TIER002")], Architecture(plain.scopes, plain.evaluation, assumed))
    (found,) = result.findings
    assert (found.verdict.value, found.message) == (
        "pass",
        "Store admits sg-1, assumed: kept by the network team",
    )


@pytest.mark.parametrize(
    ("range_", "expected"), [("0.0.0.0/0", "fail"), ("1.1.1.1/0", "fail"), ("10.1.2.0/24", "unknown")]
)
def test_groups_that_rds_keeps_itself(range_: str, expected: str) -> None:
    inline = (
        f"Group: {{Type: AWS::RDS::DBSecurityGroup, Properties: {{DBSecurityGroupIngress: [{{CIDRIP: {range_}}}]}}}}"
    )
    rule = f"Rule: {{Type: AWS::RDS::DBSecurityGroupIngress, Properties: {{CIDRIP: {range_}}}}}"
    found = verdicts(f"Resources:\n  {inline}\n  {rule}\n", "TIER002")
    assert found == {("Group", ""): expected, ("Rule", ""): expected}


def test_equal_ranges_of_another_vpc_are_other_addresses() -> None:
    elsewhere = """
    Elsewhere: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    Twin: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Elsewhere, CidrBlock: 10.0.2.0/24}}
    """
    assert verdict(elsewhere, FUNCTION, ingress("CidrIp: 10.0.2.0/24")) == "pass"
    assert verdict(elsewhere, FUNCTION.replace("!Ref B", "!Ref Twin"), ingress("CidrIp: 10.0.2.0/24")) == "unknown"


@pytest.mark.parametrize(("cidr", "expected"), [("10.0.0.0/16", "fail"), ("10.0.0.0/17", "unknown")])
def test_a_whole_block_is_more_than_subnets_even_of_a_vpc_outside_the_run(cidr: str, expected: str) -> None:
    template = f"""
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: vpc-1
      SecurityGroupIngress: [{{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: {cidr}}}]
  Store: {{Type: AWS::RDS::DBProxy, Properties: {{VpcSubnetIds: [subnet-1], VpcSecurityGroupIds: [!Ref Group]}}}}
"""
    assert verdicts(template, "TIER002") == {("Store", ""): expected}


@pytest.mark.parametrize(
    ("policy", "severity", "last"),
    [
        ("", Severity.HIGH, "has no FileSystemPolicy: any client that reaches a mount target has full access"),
        ("Properties: {FileSystemPolicy: {Statement: []}}", Severity.MEDIUM, "admits 10.0.0.0/16 on port 2049"),
    ],
)
def test_a_file_system_without_policy_has_the_group_as_its_only_guard(
    policy: str, severity: Severity, last: str
) -> None:
    files = f"""
    Files:
      Type: AWS::EFS::FileSystem
      {policy}
    DoorGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        VpcId: !Ref Network
        SecurityGroupIngress: [{{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 10.0.0.0/16}}]
    Door:
      Type: AWS::EFS::MountTarget
      Properties: {{FileSystemId: !Ref Files, SubnetId: !Ref B, SecurityGroups: [!Ref DoorGroup]}}
    """
    (found,) = findings(network(files), "TIER002")
    assert (found.verdict.value, found.severity, found.evidence[-1].relation) == ("fail", severity, last)


def test_a_replica_without_groups_reverts_to_the_default_group() -> None:
    template = "Resources: {Copy: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: main}}}"
    (found,) = findings(template, "TIER002")
    assert (found.verdict.value, found.missing[0].what) == (
        "unknown",
        "Copy is a replica without VPCSecurityGroups: an update reverts its groups to the default",
    )


RANGES = st.sampled_from(["0.0.0.0/0", "10.0.0.0/16", "10.0.2.0/24", "203.0.113.0/24", "255.255.255.255/32"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(RANGES, st.booleans()), min_size=1, max_size=4), st.randoms())
def test_order_and_form_of_the_rules_do_not_matter(rules: list[tuple[str, bool]], random: Random) -> None:
    def build(written: list[tuple[str, bool]]) -> str:
        inline = "".join(f"{{IpProtocol: '-1', CidrIp: {cidr}}}, " for cidr, is_inline in written if is_inline)
        separate = [
            f"Rule{number}: {{Type: AWS::EC2::SecurityGroupIngress, "
            f"Properties: {{GroupId: !Ref StoreGroup, IpProtocol: '-1', CidrIp: {cidr}}}}}"
            for number, (cidr, is_inline) in enumerate(written)
            if not is_inline
        ]
        store = STORE.replace("GroupDescription: s,", f"SecurityGroupIngress: [{inline}],")
        return network(store, FUNCTION, *separate)

    shuffled = random.sample(rules, len(rules))
    separated = [(cidr, False) for cidr, _ in rules]
    first, second, third = (findings(build(one), "TIER002") for one in (rules, shuffled, separated))
    messages = [sorted({finding.message for finding in found}) for found in (first, second, third)]
    assert [found[0].verdict for found in (first, second, third)] == [first[0].verdict] * 3
    if first[0].verdict == "fail":
        assert messages[0] == messages[1] == messages[2]


def test_a_range_from_a_mapping_is_reported_where_it_is_used() -> None:
    group = """
StoreGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 6379, ToPort: 6379, CidrIp: !FindInMap [Ranges, All, Cidr]}
"""
    store = "Store: {Type: AWS::ElastiCache::ServerlessCache, Properties: {SecurityGroupIds: [!Ref StoreGroup]}}"
    template = network(group, store, head="Mappings: {Ranges: {All: {Cidr: 10.0.0.0/16}}}\n")
    (found,) = findings(template, "TIER002")
    assert (found.verdict.value, found.span.line) == ("fail", line_of(template, "FindInMap"))


@pytest.mark.parametrize(
    ("subnet", "switch", "expected"), [("A", "true", "fail"), ("A", "false", "pass"), ("B", "true", "pass")]
)
def test_a_replication_instance_that_faces_the_internet_is_no_peer(subnet: str, switch: str, expected: str) -> None:
    parts = f"""
CopyGroup: {{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Network}}}}
StoreGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress: [{{IpProtocol: tcp, FromPort: 6379, ToPort: 6379, SourceSecurityGroupId: !Ref CopyGroup}}]
Store:
  Type: AWS::ElastiCache::ServerlessCache
  Properties: {{SubnetIds: [!Ref B], SecurityGroupIds: [!Ref StoreGroup]}}
Subnets: {{Type: AWS::DMS::ReplicationSubnetGroup, Properties: {{SubnetIds: [!Ref {subnet}]}}}}
Copy:
  Type: AWS::DMS::ReplicationInstance
  Properties:
    PubliclyAccessible: {switch}
    ReplicationSubnetGroupIdentifier: !Ref Subnets
    VpcSecurityGroupIds: [!Ref CopyGroup]
"""
    assert verdicts(network(route(GatewayId="!Ref Gateway"), parts), "TIER002") == {("Store", ""): expected}


def test_a_public_subnet_is_more_than_the_logic_tier_although_a_function_stands_in_it() -> None:
    parts = """
Function: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [sg-1]}}}
StoreGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 6379, ToPort: 6379, CidrIp: 10.0.1.0/24}]
Store:
  Type: AWS::ElastiCache::ServerlessCache
  Properties: {SubnetIds: [!Ref B], SecurityGroupIds: [!Ref StoreGroup]}
"""
    assert verdicts(network(parts), "TIER002") == {("Store", ""): "pass"}
    (found,) = findings(network(route(GatewayId="!Ref Gateway"), parts), "TIER002")
    assert found.message == "Store admits 10.0.1.0/24 on port 6379, that takes in public subnet A"
