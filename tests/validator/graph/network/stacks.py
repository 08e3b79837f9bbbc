"""Templates for the tests of the network: a VPC with two subnets, and resources to add to it."""

import textwrap

BASE = """\
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Gateway:
    Type: AWS::EC2::InternetGateway
  A:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}
  B:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Network}
  AInTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}
"""


def network(*parts: str, head: str = "") -> str:
    """The base network and further resources, each given as YAML without indentation."""
    return head + BASE + "".join(textwrap.indent(textwrap.dedent(part).strip("\n") + "\n", "  ") for part in parts)


def route(name: str = "Way", table: str = "Table", destination: str = "0.0.0.0/0", **target: str) -> str:
    """A route; the destination's property follows from its form."""
    key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    ((property_name, value),) = target.items()
    return f"""
    {name}:
      Type: AWS::EC2::Route
      Properties: {{RouteTableId: !Ref {table}, {key}: "{destination}", {property_name}: {value}}}
    """
