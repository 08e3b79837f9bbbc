"""The edges of the network and of the data tier."""

from tests.harness import architecture
from tests.validator.graph.network.stacks import network, route
from validator.graph.build.network_edges import edges
from validator.graph.edges import Place
from validator.graph.typed_graph import typed_graph

TEMPLATE = network(
    route(GatewayId="!Ref Gateway"),
    """
    FunctionGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Network}}
    StoreGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        VpcId: !Ref Network
        SecurityGroupIngress:
          - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref FunctionGroup}
          - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
    Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref A]}}
    Store:
      Type: AWS::RDS::DBInstance
      Properties:
        Engine: postgres
        PubliclyAccessible: true
        DBSubnetGroupName: !Ref Subnets
        VPCSecurityGroups: [!Ref StoreGroup]
    Function:
      Type: AWS::Lambda::Function
      Properties:
        VpcConfig: {SubnetIds: [!Ref B], SecurityGroupIds: [!Ref FunctionGroup]}
        Environment: {Variables: {DB: !GetAtt Store.Endpoint.Address}}
    """,
)


def _name(node: object) -> str:
    return str(node) if isinstance(node, Place) else node.name  # type: ignore[attr-defined]


def test_edges_of_a_function_a_database_and_their_network() -> None:
    graph = typed_graph(architecture(TEMPLATE), [edges])
    found = {(_name(edge.source), str(edge.relation), _name(edge.target), edge.detail) for edge in graph.edges}
    assert found == {
        ("A", "is routed through", "Table", ""),
        ("Table", "is routed through", "Gateway", "0.0.0.0/0"),
        ("the Internet", "is routed through", "Table", "0.0.0.0/0"),
        ("StoreGroup", "admits", "FunctionGroup", "port 5432"),
        ("StoreGroup", "admits", "the Internet", "0.0.0.0/0 port 5432"),
        ("Store", "runs in", "A", ""),
        ("Store", "wears", "StoreGroup", ""),
        ("the Internet", "talks to", "Store", "sets PubliclyAccessible to true"),
        ("Function", "runs in", "B", ""),
        ("Function", "wears", "FunctionGroup", ""),
        ("Function", "talks to", "Store", "holds the address of Store in variable DB"),
        ("Function", "talks to", "Store", "port 5432"),
    }


def test_every_edge_has_a_place() -> None:
    graph = typed_graph(architecture(TEMPLATE), [edges])
    assert {edge.span.path for edge in graph.edges} == {"template.yaml"}
    assert all(edge.span.line > 1 for edge in graph.edges)
