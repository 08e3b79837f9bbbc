"""TIER001: all conditions for a connection from the Internet, each taken away in turn."""

import pytest

from tests.harness import findings, verdicts
from tests.validator.graph.network.stacks import network, route

OPEN = route(GatewayId="!Ref Gateway")
GROUP = """
StoreGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
"""
STORE = """
Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref A, !Ref B]}}
Store:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: postgres
    PubliclyAccessible: true
    DBSubnetGroupName: !Ref Subnets
    VPCSecurityGroups: [!Ref StoreGroup]
"""


def verdict(*parts: str) -> str:
    found = verdicts(network(*parts), "TIER001")
    return found["Store", ""]


def test_all_conditions_are_open() -> None:
    (found,) = findings(network(OPEN, GROUP, STORE), "TIER001")
    assert found.verdict.value == "fail"
    assert found.message == (
        "Store can be reached from the Internet: it sets PubliclyAccessible to true, it may be placed in A, which "
        "has a direct route to the Internet: Table sends 0.0.0.0/0 to Gateway, it is open to 0.0.0.0/0 by StoreGroup"
    )
    assert [step.resource for step in found.evidence][:4] == ["the Internet", "Store", "Store", "Subnets"]


def test_each_condition_closes_the_way() -> None:
    assert verdict(OPEN, GROUP, STORE.replace("PubliclyAccessible: true", "PubliclyAccessible: false")) == "pass"
    assert verdict(route(NatGatewayId="nat-1"), GROUP, STORE) == "pass"
    assert verdict(OPEN, GROUP.replace("0.0.0.0/0", "10.0.0.0/8"), STORE) == "pass"
    assert verdict(OPEN, GROUP.replace("5432", "22"), STORE) == "pass"


ACL = """
List: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Network}}
AInList: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref A, NetworkAclId: !Ref List}}
"""


def entry(name: str, number: int, action: str, cidr: str, egress: bool = False, ports: str = "") -> str:
    protocol = f"Protocol: 6, PortRange: {{{ports}}}" if ports else "Protocol: -1"
    return (
        f"{name}: {{Type: AWS::EC2::NetworkAclEntry, Properties: {{NetworkAclId: !Ref List, RuleNumber: {number}, "
        f"RuleAction: {action}, CidrBlock: {cidr}, Egress: {str(egress).lower()}, {protocol}}}}}"
    )


OUT = entry("Out", 100, "allow", "0.0.0.0/0", egress=True)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "pass"),
        ([OUT], "pass"),
        ([OUT, entry("In", 100, "allow", "0.0.0.0/0")], "fail"),
        ([entry("In", 100, "allow", "0.0.0.0/0")], "pass"),
        ([OUT, entry("In", 100, "allow", "10.0.0.0/8")], "pass"),
        ([OUT, entry("No", 90, "deny", "0.0.0.0/0"), entry("In", 100, "allow", "0.0.0.0/0")], "pass"),
        ([OUT, entry("No", 110, "deny", "0.0.0.0/0"), entry("In", 100, "allow", "0.0.0.0/0")], "fail"),
        ([OUT, entry("In", 100, "allow", "0.0.0.0/0", ports="From: 443, To: 443")], "pass"),
        ([OUT, entry("In", 100, "allow", "0.0.0.0/0", ports="From: 5000, To: 6000")], "fail"),
        (
            [
                OUT,
                entry("No", 90, "deny", "0.0.0.0/0", ports="From: 22, To: 22"),
                entry("In", 100, "allow", "0.0.0.0/0"),
            ],
            "fail",
        ),
    ],
)
def test_a_network_acl_may_close_the_way(entries: list[str], expected: str) -> None:
    assert verdict(OPEN, GROUP, STORE, ACL, *entries) == expected


BLOCK = "Block: {Type: AWS::EC2::VPCBlockPublicAccessOptions, Properties: {InternetGatewayBlockMode: %s}}"
EXCLUSION = (
    "Except: {Type: AWS::EC2::VPCBlockPublicAccessExclusion, "
    "Properties: {VpcId: !Ref Network, InternetGatewayExclusionMode: allow-bidirectional}}"
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((BLOCK % "block-bidirectional",), "pass"),
        ((BLOCK % "block-ingress",), "pass"),
        ((BLOCK % "'off'",), "fail"),
        ((BLOCK % "block-ingress", EXCLUSION), "fail"),
    ],
)
def test_vpc_block_public_access_closes_the_way(parts: tuple[str, ...], expected: str) -> None:
    assert verdict(OPEN, GROUP, STORE, *parts) == expected


def test_a_cache_never_has_a_public_address() -> None:
    cache = """
    Store:
      Type: AWS::ElastiCache::ServerlessCache
      Properties: {SubnetIds: [!Ref A], SecurityGroupIds: [!Ref StoreGroup]}
    """
    template = network(OPEN, GROUP.replace("5432", "6379"), cache)
    assert verdicts(template, "TIER001") == {("Store", ""): "pass"}
    assert verdicts(template, "TIER002") == {("Store", ""): "fail"}
    assert verdicts(template, "DATA002") == {("Store", ""): "fail"}


def test_an_aurora_member_is_reached_through_its_clusters_groups() -> None:
    cluster = STORE.replace("AWS::RDS::DBInstance", "AWS::RDS::DBCluster").replace("Store:", "Cluster:")
    cluster = cluster.replace("VPCSecurityGroups", "VpcSecurityGroupIds").replace(
        "Engine: postgres", "Engine: aurora-postgresql"
    )
    member = """
    Store:
      Type: AWS::RDS::DBInstance
      Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster, PubliclyAccessible: true}
    """
    found = verdicts(network(OPEN, GROUP, cluster, member), "TIER001")
    assert found == {("Store", ""): "fail", ("Cluster", ""): "pass"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("", "pass"),
        ("AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: es:*, Resource: '*'}]}", "fail"),
        (
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: {AWS: ['*']}, Action: es:*, Resource: '*'}]}",
            "fail",
        ),
        (
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: es:*, Resource: '*', "
            "Condition: {IpAddress: {aws:SourceIp: [203.0.113.0/24]}}}]}",
            "pass",
        ),
        (
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: es:*, Resource: '*', "
            "Condition: {IpAddress: {aws:SourceIp: 0.0.0.0/0}}}]}",
            "fail",
        ),
        (
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/r'}, "
            "Action: es:*, Resource: '*'}]}",
            "pass",
        ),
        (
            "AdvancedSecurityOptions: {Enabled: true}, "
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: es:*, Resource: '*'}]}",
            "pass",
        ),
        (
            "VPCOptions: {SubnetIds: [subnet-1]}, "
            "AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: es:*, Resource: '*'}]}",
            "pass",
        ),
    ],
)
def test_a_search_domain_is_guarded_by_its_place_or_its_policy(properties: str, expected: str) -> None:
    template = f"Resources: {{Store: {{Type: AWS::OpenSearchService::Domain, Properties: {{{properties}}}}}}}"
    assert verdicts(template, "TIER001") == {("Store", ""): expected}


def test_the_default_vpc_is_evidence() -> None:
    template = """
Resources:
  StoreGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 0.0.0.0/0}]}
  Store: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, VPCSecurityGroups: [!Ref StoreGroup]}}
"""
    (found,) = findings(template, "TIER001")
    assert found.verdict.value == "fail"
    assert "it is placed in the default VPC, whose subnets are public" in found.message


@pytest.mark.parametrize(("scheme", "expected"), [("", "fail"), ("Scheme: internal, ", "pass")])
def test_a_network_load_balancer_publishes_its_targets(scheme: str, expected: str) -> None:
    balancer = f"""
    Balancer:
      Type: AWS::ElasticLoadBalancingV2::LoadBalancer
      Properties: {{Type: network, {scheme}Subnets: [!Ref A]}}
    Targets:
      Type: AWS::ElasticLoadBalancingV2::TargetGroup
      Properties: {{TargetType: ip, Port: 5432, Targets: [{{Id: !GetAtt Store.Endpoint.Address}}]}}
    Listener:
      Type: AWS::ElasticLoadBalancingV2::Listener
      Properties:
        LoadBalancerArn: !Ref Balancer
        DefaultActions: [{{Type: forward, TargetGroupArn: !Ref Targets}}]
    """
    private = STORE.replace("PubliclyAccessible: true", "PubliclyAccessible: false")
    assert verdict(OPEN, GROUP, private, balancer) == expected


def default_entry(number: int, cidr: str = "0.0.0.0/0", network_acl: str = "Network.DefaultNetworkAcl") -> str:
    return entry("Deny", number, "deny", cidr).replace("!Ref List", f"!GetAtt {network_acl}")


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        (default_entry(50), "pass"),
        (default_entry(100), "pass"),
        (default_entry(101), "fail"),
        (default_entry(50, "198.51.100.0/24"), "fail"),
        (default_entry(50, network_acl="Other.DefaultNetworkAcl"), "fail"),
    ],
)
def test_a_deny_of_the_default_network_acl_comes_before_its_own_rule(deny: str, expected: str) -> None:
    other = "Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}"
    assert verdict(OPEN, GROUP, STORE, other, deny) == expected


def test_the_default_network_acl_of_a_vpc_with_ipv6_lets_ipv6_through() -> None:
    six = "Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Network, AmazonProvidedIpv6CidrBlock: true}}"
    assert verdict(OPEN, GROUP, STORE, six, default_entry(50)) == "fail"


def test_a_rule_for_ipv6_opens_a_store_that_speaks_ipv6() -> None:
    group = GROUP.replace("CidrIp: 0.0.0.0/0", "CidrIpv6: '::/0'")
    assert verdict(OPEN, group, STORE) == "pass"
    assert (
        verdict(OPEN, group, STORE.replace("Engine: postgres", "Engine: postgres\n    NetworkType: DUAL")) == "fail"
    )


LAUNCHED = """
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties:
    LaunchTemplateData:
      NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [!Ref StoreGroup]}]
      UserData: {"Fn::Base64": "yum install -y postgresql-server"}
Fleet:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}, VPCZoneIdentifier: [SUBNET]}
"""


@pytest.mark.parametrize(
    ("subnet", "reachable", "placed"),
    [("!Ref A", "fail", "fail"), ("!Ref B", "pass", "pass"), ("subnet-1", "unknown", "unknown")],
)
def test_a_launch_template_that_installs_a_database_is_a_store(subnet: str, reachable: str, placed: str) -> None:
    template = network(OPEN, GROUP, LAUNCHED.replace("SUBNET", subnet))
    assert verdicts(template, "TIER001") == {("Template", ""): reachable}
    assert verdicts(template, "DATA002") == {("Template", ""): placed}


def test_a_launch_template_of_a_web_server_is_none() -> None:
    template = network(OPEN, GROUP, LAUNCHED.replace("SUBNET", "!Ref A").replace("postgresql-server", "httpd"))
    assert verdicts(template.replace("5432", "443"), "TIER001") == {}


def test_a_collection_and_its_policy_name_one_parameter() -> None:
    template = """
Parameters: {Name: {Type: String}, Other: {Type: String}}
Resources:
  Search: {Type: AWS::OpenSearchServerless::Collection, Properties: {Name: !Ref Name}}
  Policy:
    Type: AWS::OpenSearchServerless::SecurityPolicy
    Properties:
      Type: network
      Policy: !Sub >-
        [{"Rules": [{"ResourceType": "collection", "Resource": ["collection/${Name}"]}], "AllowFromPublic": true}]
"""
    assert verdicts(template, "TIER001") == {("Search", ""): "fail"}
    assert verdicts(template.replace("${Name}", "${Other}"), "TIER001") == {("Search", ""): "unknown"}
