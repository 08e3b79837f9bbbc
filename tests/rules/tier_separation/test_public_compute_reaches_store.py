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
