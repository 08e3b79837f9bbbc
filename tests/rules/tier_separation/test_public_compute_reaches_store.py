"""TIER008: what faces the Internet and is admitted by a store."""

import pytest

from tests.harness import findings, verdicts
from tests.validator.graph.network.stacks import network, route

OPEN = route(GatewayId="!Ref Gateway")
STORE = """
AppGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: !Ref Network}}
StoreGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref AppGroup}]
Store:
  Type: AWS::RDS::DBCluster
  Properties: {Engine: aurora-postgresql, VpcSecurityGroupIds: [!Ref StoreGroup]}
"""
TASK = (
    "Service: {Type: AWS::ECS::Service, Properties: {NetworkConfiguration: {AwsvpcConfiguration: "
    "{AssignPublicIp: %s, Subnets: [!Ref A], SecurityGroups: [!Ref AppGroup]}}}}"
)
COMPUTE = {
    "public instance": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref AppGroup]}}",
        {("Host", "Store"): "fail"},
    ),
    "private instance": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref B, SecurityGroupIds: [!Ref AppGroup]}}",
        {},
    ),
    "public instance of another group": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [sg-1]}}",
        {("Host", ""): "pass"},
    ),
    "instance in an unknown subnet": (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: subnet-1, SecurityGroupIds: [!Ref AppGroup]}}",
        {("Host", "Store"): "unknown"},
    ),
    "task with a public address": (TASK % "ENABLED", {("Service", "Store"): "fail"}),
    "task without one": (TASK % "DISABLED", {}),
    "internet-facing load balancer": (
        "Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {SecurityGroups: [!Ref AppGroup]}}",
        {("Front", "Store"): "fail"},
    ),
    "internal load balancer": (
        "Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, "
        "Properties: {Scheme: internal, SecurityGroups: [!Ref AppGroup]}}",
        {},
    ),
}


@pytest.mark.parametrize(("compute", "expected"), COMPUTE.values(), ids=COMPUTE)
def test_compute(compute: str, expected: dict[tuple[str, str], str]) -> None:
    assert verdicts(network(OPEN, STORE, compute), "TIER008") == expected


def test_a_rule_for_another_port_is_no_access_to_the_data() -> None:
    host = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref AppGroup]}}"
    template = network(OPEN, STORE.replace("5432", "22"), host)
    assert verdicts(template, "TIER008") == {("Host", ""): "pass"}


def test_the_path_is_shown() -> None:
    host = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref AppGroup]}}"
    (found,) = findings(network(OPEN, STORE, host), "TIER008")
    assert found.message == ("Host runs in public subnet A and reaches Store directly: StoreGroup admits AppGroup")
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("Host", "runs in A"),
        ("A", "is associated with Table by AInTable"),
        ("Table", "sends 0.0.0.0/0 to Gateway (an internet gateway)"),
        ("Store", "wears StoreGroup"),
        ("StoreGroup", "admits AppGroup on port 5432"),
    ]


LAUNCH_TEMPLATE = (
    "Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateName: web, LaunchTemplateData: "
    "{SecurityGroupIds: [!Ref AppGroup]}}}"
)
FLEETS = {
    "node group": "AWS::EKS::Nodegroup, Properties: {LaunchTemplate: {Id: !Ref Template}, Subnets: [SUBNET]}",
    "node group by name": "AWS::EKS::Nodegroup, Properties: {LaunchTemplate: {Name: web}, Subnets: [SUBNET]}",
    "scaling group by name": "AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchTemplate: "
    "{LaunchTemplateName: web, Version: '1'}, VPCZoneIdentifier: [SUBNET]}",
    "mixed instances": "AWS::AutoScaling::AutoScalingGroup, Properties: {VPCZoneIdentifier: [SUBNET], "
    "MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template}}}}",
    "fleet": "AWS::EC2::EC2Fleet, Properties: {LaunchTemplateConfigs: [{LaunchTemplateSpecification: "
    "{LaunchTemplateId: !Ref Template}, Overrides: [{SubnetId: SUBNET}]}]}",
    "batch": "AWS::Batch::ComputeEnvironment, Properties: {ComputeResources: {LaunchTemplate: "
    "{LaunchTemplateName: web}, Subnets: [SUBNET]}}",
}


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_launch_template_runs_where_its_fleet_does(fleet: str) -> None:
    def verdict(subnet: str) -> str | None:
        body = f"Fleet: {{Type: {FLEETS[fleet]}}}".replace("SUBNET", subnet)
        return verdicts(network(OPEN, STORE, LAUNCH_TEMPLATE, body), "TIER008").get(("Template", "Store"))

    assert verdict("!Ref A") == "fail"
    assert verdict("!Ref B") is None
    assert verdict("subnet-1") == "unknown"


DEFAULT_GROUP_STORE = """
Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref B]}}
Store: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql, DBSubnetGroupName: !Ref Subnets}}
"""


def test_an_instance_without_groups_wears_the_default_group_of_its_vpc() -> None:
    host = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A}}"
    own = "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [sg-1]}}"
    made = (
        "Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, LaunchTemplate: {LaunchTemplateId: lt-1}}}"
    )
    assert verdicts(network(OPEN, DEFAULT_GROUP_STORE, host), "TIER008") == {("Host", "Store"): "fail"}
    assert verdicts(network(OPEN, DEFAULT_GROUP_STORE, own), "TIER008") == {("Host", ""): "pass"}
    assert verdicts(network(OPEN, DEFAULT_GROUP_STORE, made), "TIER008") == {}
