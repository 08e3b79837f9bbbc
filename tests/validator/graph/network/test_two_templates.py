"""Joins over the templates of a run: an export in one decides what another imports."""

from tests.harness import scope
from validator.expand import Template
from validator.graph import Architecture, Resource
from validator.graph.network.subnets import Exposure, subnet_exposures
from validator.graph.stores.admission import Admits, doors_of
from validator.resolve import Environment, Evaluation, Scope, Value

NETWORK = """
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Open: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Closed: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Open, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  InClosed:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref B, RouteTableId: !Ref Closed}
  StoreGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Network}}
Outputs:
  Subnets: {Value: !Join [",", [!Ref A, !Ref B]], Export: {Name: subnets}}
  SubnetA: {Value: !Ref A, Export: {Name: subnet-a}}
  Group: {Value: !Ref StoreGroup, Export: {Name: group}}
  Table: {Value: !Ref Open, Export: {Name: table}}
"""
STORE = """
Resources:
  InOpen:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !ImportValue subnet-a, RouteTableId: !ImportValue table}
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !ImportValue group, IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
  Store:
    Type: AWS::RDS::DBProxy
    Properties:
      EngineFamily: POSTGRESQL
      VpcSubnetIds: !Split [",", !ImportValue subnets]
      VpcSecurityGroupIds: [!ImportValue group]
"""


def _run(exported: Template, importing: Template) -> Architecture:
    evaluation = Evaluation()
    network = Scope("network.yaml", exported, Environment({}), evaluation)

    def imports(name: str) -> Value | None:
        for output in exported.outputs.values():
            if output.export is not None and network.resolve(output.export).literal == name:
                return network.resolve(output.value)
        return None

    return Architecture([network, Scope("store.yaml", importing, Environment({}), evaluation, imports)], evaluation)


def _store(graph: Architecture) -> Resource:
    store = graph.find("store.yaml", "Store")
    assert store is not None
    return store


def test_an_exported_list_of_subnets_is_split_and_judged_by_associations_of_both_templates() -> None:
    graph = _run(scope(NETWORK).template, scope(STORE).template)
    found = subnet_exposures(graph, _store(graph).prop("VpcSubnetIds"))
    assert [(exposure.label, exposure.exposure) for exposure in found] == [
        ("A", Exposure.PUBLIC),
        ("B", Exposure.ISOLATED),
    ]


def test_a_rule_of_another_template_opens_an_exported_group() -> None:
    graph = _run(scope(NETWORK).template, scope(STORE).template)
    (door,) = doors_of(graph, _store(graph))
    assert (door.admits, door.label) == (Admits.TOO_MUCH, "0.0.0.0/0")
