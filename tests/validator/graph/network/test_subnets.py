"""Which subnets are public: routes decide, and what the run does not show is unknown."""

import pytest

from tests.harness import architecture
from tests.validator.graph.network.stacks import network, route
from validator.graph.architecture import Architecture, Assumed
from validator.graph.network.subnets import Exposure, SubnetExposure, exposure_of, subnet_exposure

TEMPLATE = "template.yaml"


def exposure(template: str, subnet: str = "A", **parameters: str) -> SubnetExposure:
    graph = architecture(template, **parameters)
    resource = graph.find(TEMPLATE, subnet)
    assert resource is not None
    return exposure_of(graph, resource)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (route(GatewayId="!Ref Gateway"), Exposure.PUBLIC),
        (route(GatewayId="!Ref Gateway", destination="0.0.0.0/1"), Exposure.PUBLIC),
        (route(GatewayId="!Ref Gateway", destination="203.0.113.0/24"), Exposure.PUBLIC),
        (route(GatewayId="igw-0123"), Exposure.PUBLIC),
        (route(GatewayId="vgw-0123"), Exposure.PRIVATE),
        (route(NatGatewayId="nat-0123"), Exposure.PRIVATE),
        (route(EgressOnlyInternetGatewayId="eigw-1", destination="::/0"), Exposure.PRIVATE),
        (route(TransitGatewayId="tgw-1"), Exposure.PRIVATE),
        (route(VpcPeeringConnectionId="pcx-1", destination="10.9.0.0/16"), Exposure.PRIVATE),
        (route(NetworkInterfaceId="eni-1"), Exposure.PRIVATE),
        (route(InstanceId="i-1"), Exposure.PRIVATE),
        (route(VpcEndpointId="vpce-1"), Exposure.PRIVATE),
        (route(CarrierGatewayId="cagw-1"), Exposure.UNKNOWN),
        (route(GatewayId="!ImportValue gateway"), Exposure.UNKNOWN),
        ("", Exposure.ISOLATED),
    ],
)
def test_the_target_of_a_route_decides(way: str, expected: Exposure) -> None:
    assert exposure(network(way)).exposure is expected


def test_a_vpn_gateway_in_gateway_id_is_no_internet_gateway() -> None:
    vpn = "Vpn: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}"
    assert exposure(network(vpn, route(GatewayId="!Ref Vpn"))).exposure is Exposure.PRIVATE


@pytest.mark.parametrize(("switch", "way"), [("true", ""), ("false", route(GatewayId="!Ref Gateway"))])
def test_map_public_ip_on_launch_decides_nothing(switch: str, way: str) -> None:
    template = network(way).replace("10.0.1.0/24}", f"10.0.1.0/24, MapPublicIpOnLaunch: {switch}}}")
    assert exposure(template).is_public is bool(way)


def test_every_route_counts_beside_a_nat_gateway() -> None:
    ways = (route(NatGatewayId="nat-1"), route("Ipv6Way", destination="::/0", GatewayId="!Ref Gateway"))
    found = exposure(network(*ways))
    assert (found.exposure, found.ipv6_only, found.has_ipv6) == (Exposure.PUBLIC, True, False)


def test_an_ipv6_range_makes_an_ipv6_route_matter() -> None:
    more = "Six: {Type: AWS::EC2::SubnetCidrBlock, Properties: {SubnetId: !Ref A, Ipv6CidrBlock: 'fd00::/64'}}"
    found = exposure(network(more, route(destination="::/0", GatewayId="!Ref Gateway")))
    assert (found.ipv6_only, found.has_ipv6) == (True, True)


def test_a_subnet_that_nothing_associates_is_isolated_in_a_vpc_of_the_run() -> None:
    found = exposure(network(route(GatewayId="!Ref Gateway")), "B")
    assert found.exposure is Exposure.ISOLATED
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("B", "is associated with no route table, so the main table of Network with its local route applies"),
        ("Network", "is made in this run"),
    ]


@pytest.mark.parametrize(
    ("leak", "receiver"),
    [
        ("Outputs: {Vpc: {Value: !Ref Network}}\n", "output Vpc"),
        ("Outputs: {Subnet: {Value: !Ref B, Export: {Name: subnet-b}}}\n", "output Subnet"),
    ],
)
def test_it_is_unknown_when_its_identifier_leaves_the_run(leak: str, receiver: str) -> None:
    found = exposure(network() + leak, "B")
    assert found.exposure is Exposure.UNKNOWN
    assert found.missing[0].what.startswith(receiver)


def test_a_custom_resource_may_associate_it() -> None:
    custom = "Wiring: {Type: Custom::Wiring, Properties: {ServiceToken: arn, Vpc: !Ref Network}}"
    assert exposure(network(custom), "B").exposure is Exposure.UNKNOWN


def test_it_is_unknown_in_a_vpc_that_the_run_does_not_make() -> None:
    template = network().replace(
        "{VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}", "{VpcId: vpc-1, CidrBlock: 10.0.2.0/24}"
    )
    found = exposure(template, "B")
    assert found.exposure is Exposure.UNKNOWN
    assert found.missing[0].what == "B uses the main route table of vpc-1, which no template of the run makes"


def test_two_conditional_associations_are_two_scenarios() -> None:
    template = (
        network(
            route(GatewayId="!Ref Gateway"),
            "Closed: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}",
            "InClosed:\n  Type: AWS::EC2::SubnetRouteTableAssociation\n  Condition: IsClosed\n"
            "  Properties: {SubnetId: !Ref A, RouteTableId: !Ref Closed}",
        )
    ).replace(
        "  AInTable:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n",
        "  AInTable:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n    Condition: IsOpen\n",
    )
    head = (
        "Parameters: {Open: {Type: String, AllowedValues: ['yes', 'no']}}\n"
        "Conditions: {IsOpen: !Equals [!Ref Open, 'yes'], IsClosed: !Not [!Equals [!Ref Open, 'yes']]}\n"
    )
    graph = architecture(head + template)
    subnet = graph.find(TEMPLATE, "A")
    assert subnet is not None
    leaves = graph.evaluation.explore(lambda: exposure_of(graph, subnet).exposure).leaves
    found = {(leaf.result, tuple(sorted((k.name, v) for k, v in leaf.conditions.items()))) for leaf in leaves}
    assert {result for result, _ in found} == {Exposure.PUBLIC, Exposure.ISOLATED}


EDGE = """
EdgeTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
"""
BINDING = """
Binding:
  Type: AWS::EC2::GatewayRouteTableAssociation
  Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref EdgeTable}
"""


@pytest.mark.parametrize(
    ("destination", "expected"), [("10.0.1.0/24", Exposure.PUBLIC), ("10.0.2.0/24", Exposure.PRIVATE)]
)
def test_an_edge_table_that_leads_back_makes_a_subnet_public(destination: str, expected: Exposure) -> None:
    back = route("Back", "EdgeTable", destination, VpcEndpointId="!Ref Inspection")
    endpoint = "Inspection: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Network, ServiceName: gwlb}}"
    template = network(endpoint, route(VpcEndpointId="!Ref Inspection"), EDGE, BINDING, back)
    assert exposure(template).exposure is expected


def test_a_firewall_whose_endpoint_is_picked_at_deployment() -> None:
    picked = "!Select [1, !Split [':', !Select [0, !GetAtt Firewall.EndpointIds]]]"
    firewall = "Firewall: {Type: AWS::NetworkFirewall::Firewall, Properties: {VpcId: !Ref Network}}"
    back = route("Back", "EdgeTable", "10.0.0.0/16", VpcEndpointId=picked)
    found = exposure(network(firewall, route(VpcEndpointId=picked), EDGE, BINDING, back))
    assert found.exposure is Exposure.PUBLIC
    assert found.because == "is reached from the Internet through a Gateway Load Balancer endpoint"


def test_without_the_binding_the_same_routes_are_private() -> None:
    back = route("Back", "EdgeTable", "10.0.1.0/24", VpcEndpointId="vpce-1")
    assert exposure(network(route(VpcEndpointId="vpce-1"), EDGE, back)).exposure is Exposure.PRIVATE


def test_evidence_shows_the_association_and_the_route_with_their_places() -> None:
    template = network(route(GatewayId="!Ref Gateway"))
    found = exposure(template)
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("A", "is associated with Table by AInTable"),
        ("Table", "sends 0.0.0.0/0 to Gateway (an internet gateway)"),
    ]
    lines = template.splitlines()
    assert all(step.span is not None for step in found.evidence)
    assert "RouteTableId: !Ref Table" in lines[found.evidence[0].span.line - 1]  # type: ignore[union-attr]
    assert "GatewayId: !Ref Gateway" in lines[found.evidence[1].span.line - 1]  # type: ignore[union-attr]


PLACED = """
Parameters: {Subnet: {Type: AWS::EC2::Subnet::Id}}
Resources:
  Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet}}
"""


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("private-subnet", Exposure.PRIVATE),
        ("public-subnet", Exposure.PUBLIC),
        ("isolated-subnet", Exposure.ISOLATED),
    ],
)
def test_an_assumption_settles_a_parameter(meaning: str, expected: Exposure) -> None:
    plain = architecture(PLACED)
    assumed = {"parameter:Subnet": Assumed(meaning, "the network team says so")}
    graph = Architecture(plain.scopes, plain.evaluation, assumed)
    host = graph.find(TEMPLATE, "Host")
    assert host is not None
    found = subnet_exposure(graph, host.prop("SubnetId"))
    assert (found.exposure, found.label) == (expected, "parameter Subnet")
    assert "the network team says so" in found.because


def test_an_assumption_does_not_overrule_the_template() -> None:
    plain = architecture(network(route(GatewayId="!Ref Gateway")))
    graph = Architecture(plain.scopes, plain.evaluation, {"A": Assumed("private-subnet", "wrong")})
    subnet = graph.find(TEMPLATE, "A")
    assert subnet is not None
    assert exposure_of(graph, subnet).exposure is Exposure.PUBLIC
