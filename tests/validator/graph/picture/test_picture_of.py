"""What stands where, what belongs to what, and what guards it."""

from tests.harness import architecture
from tests.validator.graph.network.stacks import network, route
from validator.graph.picture import picture_of
from validator.model import BoxKind, Lane, Picture, ProtectionKind

API = """
    Resources:
      Users: {Type: AWS::Cognito::UserPool}
      Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: x, ProtocolType: HTTP}}
      Guard:
        Type: AWS::ApiGatewayV2::Authorizer
        Properties:
          ApiId: !Ref Api
          AuthorizerType: JWT
          Name: guard
          IdentitySource: [$request.header.Authorization]
          JwtConfiguration: {Issuer: !GetAtt Users.ProviderURL, Audience: [a]}
      Read:
        Type: AWS::ApiGatewayV2::Route
        Properties:
          ApiId: !Ref Api
          RouteKey: GET /
          AuthorizationType: JWT
          AuthorizerId: !Ref Guard
          Target: !Sub integrations/${Call}
      Open:
        Type: AWS::ApiGatewayV2::Route
        Properties: {ApiId: !Ref Api, RouteKey: GET /open, AuthorizationType: %s%s}
      Call:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Function.Arn}
      Function:
        Type: AWS::Lambda::Function
        Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {TABLE: !Ref Table}}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          Policies:
            - PolicyName: p
              PolicyDocument:
                Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}]
      Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Function}'}}
      Mapping:
        Type: AWS::Lambda::EventSourceMapping
        Properties: {FunctionName: !Ref Function, EventSourceArn: !GetAtt Queue.Arn}
      Queue: {Type: AWS::SQS::Queue}
      Key: {Type: AWS::KMS::Key}
      Table:
        Type: AWS::DynamoDB::Table
        Properties: {SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !Ref Key}}
      Lonely: {Type: AWS::IAM::Role}
"""
MIXED = API % ("NONE", "")
GUARDED = API % ("JWT", ", AuthorizerId: !Ref Guard")


def drawn(template: str) -> Picture:
    return picture_of(architecture(template), "t")


def lanes(picture: Picture) -> dict[str, Lane]:
    return {node.name: node.lane for node in picture.nodes if not node.owners}


def owners(picture: Picture) -> dict[str, set[str]]:
    names = {thing.id: thing.name for thing in (*picture.nodes, *picture.boxes)}
    return {node.name: {names[owner] for owner in node.owners} for node in picture.nodes if node.owners}


def edges(picture: Picture) -> set[tuple[str, str, str]]:
    names = {node.id: node.name for node in picture.nodes}
    return {(names[edge.source], edge.relation, names[edge.target]) for edge in picture.edges}


def guards(picture: Picture, name: str) -> list[tuple[ProtectionKind, str]]:
    return [(guard.kind, guard.text) for node in picture.nodes if node.name == name for guard in node.protections]


def test_whole_things_stand_in_their_lanes() -> None:
    assert lanes(drawn(MIXED)) == {
        "the Internet": Lane.INTERNET,
        "Users": Lane.PRESENTATION,
        "Api": Lane.LOGIC,
        "Function": Lane.LOGIC,
        "Queue": Lane.LOGIC,
        "Table": Lane.DATA,
        "Lonely": Lane.SUPPORT,
    }


def test_the_rest_are_parts_of_what_they_serve() -> None:
    assert owners(drawn(MIXED)) == {
        "Guard": {"Api"},
        "Read": {"Api"},
        "Open": {"Api"},
        "Call": {"Api"},
        "Role": {"Function"},
        "Logs": {"Function"},
        "Mapping": {"Function"},
        "Key": {"Table"},
    }


def test_a_policy_of_a_role_goes_where_the_role_goes_and_not_to_what_the_role_may_use() -> None:
    picture = drawn(
        """
        Resources:
          Policy: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Role]}}
          Role:
            Type: AWS::IAM::Role
            Properties: {Policies: [{PolicyDocument: {Statement: [{Resource: !GetAtt Queue.Arn}]}}]}
          Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
          Server: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref Profile}}
          Queue: {Type: AWS::SQS::Queue}
        """
    )
    assert owners(picture) == {"Policy": {"Server"}, "Role": {"Server"}, "Profile": {"Server"}}


def test_edges_of_parts_are_edges_of_their_owners() -> None:
    assert {
        ("the Internet", "routes to", "Api"),
        ("Api", "invokes", "Function"),
        ("Function", "may use", "Table"),
        ("Function", "consumes from", "Queue"),
    } <= edges(drawn(MIXED))


def test_an_api_says_how_many_of_its_operations_are_authorised() -> None:
    assert guards(drawn(GUARDED), "Api") == [(ProtectionKind.AUTHORIZER, "JWT: all operations")]
    assert guards(drawn(MIXED), "Api") == [(ProtectionKind.AUTHORIZER, "JWT: 1 of 2 operations")]
    assert guards(drawn(MIXED), "Table") == [(ProtectionKind.ENCRYPTION, "key Key")]


def test_a_function_stands_in_its_subnet_and_the_subnet_in_its_vpc() -> None:
    picture = drawn(
        network(
            route(GatewayId="!Ref Gateway"),
            "Function: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [!Ref A]}}}",
        )
    )
    names = {box.id: box.name for box in picture.boxes}
    found = {box.name: (box.kind, names.get(box.parent, ""), box.public) for box in picture.boxes}
    assert found["A"] == (BoxKind.SUBNET, "Network", True)
    assert found["Network"] == (BoxKind.VPC, "", None)
    (function,) = (node for node in picture.nodes if node.name == "Function")
    assert [names[box] for box in function.boxes] == ["A"]
    assert owners(picture)["Gateway"] == {"Network"}


def test_a_subnet_from_outside_is_neither_public_nor_private() -> None:
    picture = drawn(
        """
        Parameters: {Where: {Type: 'List<AWS::EC2::Subnet::Id>'}}
        Resources:
          Function: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: !Ref Where}}}
        """
    )
    assert [(box.kind, box.name, box.public) for box in picture.boxes] == [
        (BoxKind.SUBNET, "parameter Where", None),
        (BoxKind.VPC, "", None),
    ]


def test_a_guard_under_a_condition_says_so() -> None:
    picture = drawn(
        """
        Parameters: {Stage: {Type: String}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          Key: {Type: AWS::KMS::Key}
          Topic:
            Type: AWS::SNS::Topic
            Properties: {KmsMasterKeyId: !If [IsProd, !Ref Key, !Ref AWS::NoValue]}
        """
    )
    (topic,) = (node for node in picture.nodes if node.name == "Topic")
    assert [(guard.text, dict(guard.scenario)) for guard in topic.protections] == [("key Key", {"IsProd": True})]
