"""DATA005: the ways from a function in a VPC to the services it calls."""

import pytest

from tests.harness import findings, verdicts
from tests.validator.graph.network.stacks import network, route

FUNCTION = """
Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: f, VpcId: !Ref Network}}
Role:
  Type: AWS::IAM::Role
  Properties:
    Policies:
      - PolicyName: p
        PolicyDocument:
          Statement: [{Effect: Allow, Action: GRANT, Resource: "*"}]
Function:
  Type: AWS::Lambda::Function
  Properties:
    Role: !GetAtt Role.Arn
    VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [!Ref Group]}
    Environment: {Variables: {NAME: !Ref Thing}}
"""
TABLE = "Thing: {Type: AWS::DynamoDB::Table}"
BUCKET = "Thing: {Type: AWS::S3::Bucket}"
SECRET = "Thing: {Type: AWS::SecretsManager::Secret}"
NAT = "Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref B}}"
B_PUBLIC = """
Open: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
BInOpen: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Open}}
"""
OPEN = route("OpenWay", "Open", GatewayId="!Ref Gateway")


def function(grant: str) -> str:
    return FUNCTION.replace("GRANT", grant)


def gateway(service: str, table: str = "Table", more: str = "") -> str:
    return f"""
    Door:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: !Ref Network
        ServiceName: !Sub com.amazonaws.${{AWS::Region}}.{service}
        RouteTableIds: [!Ref {table}]
        {more}
    """


def policy(action: str, resource: str, principal: str = "'*'") -> str:
    statement = f"{{Effect: Allow, Principal: {principal}, Action: {action}, Resource: {resource}}}"
    return gateway("dynamodb", more=f"PolicyDocument: {{Statement: [{statement}]}}")


def verdict(thing: str, grant: str, *parts: str) -> str:
    (found,) = verdicts(network(thing, function(grant), *parts), "DATA005").values()
    return found


DYNAMODB = "dynamodb:GetItem"


def test_an_isolated_subnet_has_no_way() -> None:
    (found,) = findings(network(TABLE, function(DYNAMODB)), "DATA005")
    assert (found.verdict.value, found.target) == ("fail", "dynamodb")
    assert found.message == (
        "Function calls dynamodb (variable NAME names Thing) and has no way to it: "
        "A has no route to a NAT gateway, and the VPC has no endpoint for dynamodb"
    )


WAYS = {
    "NAT gateway in a public subnet": ((NAT, route(NatGatewayId="!Ref Nat"), B_PUBLIC, OPEN), "pass"),
    "NAT gateway in a private subnet": ((NAT, route(NatGatewayId="!Ref Nat"), B_PUBLIC), "fail"),
    "NAT gateway outside the run": ((route(NatGatewayId="nat-1"),), "pass"),
    "private NAT gateway": (
        (NAT.replace("{SubnetId", "{ConnectivityType: private, SubnetId"), route(NatGatewayId="!Ref Nat")),
        "fail",
    ),
    "regional NAT gateway": (
        (
            "Nat: {Type: AWS::EC2::NatGateway, Properties: {AvailabilityMode: regional, VpcId: !Ref Network}}",
            route(NatGatewayId="!Ref Nat"),
        ),
        "pass",
    ),
    "NAT route in two halves": (
        (
            route("Low", NatGatewayId="n", destination="0.0.0.0/1"),
            route("High", NatGatewayId="n", destination="128.0.0.0/1"),
        ),
        "pass",
    ),
    "NAT route for a part": ((route(NatGatewayId="nat-1", destination="203.0.113.0/24"),), "fail"),
    "public subnet": ((route(GatewayId="!Ref Gateway"),), "fail"),
    "transit gateway": ((route(TransitGatewayId="tgw-1"),), "unknown"),
    "gateway endpoint": ((gateway("dynamodb"),), "pass"),
    "gateway endpoint of another service": ((gateway("s3"),), "fail"),
    "gateway endpoint on another table": ((gateway("dynamodb", "Open"), B_PUBLIC), "fail"),
    "endpoint policy for everything": ((policy("'*'", "'*'"),), "pass"),
    "endpoint policy for the action": ((policy("dynamodb:Get*", "'*'"),), "pass"),
    "endpoint policy for the role": ((policy("dynamodb:GetItem", "'*'", "{AWS: !GetAtt Role.Arn}"),), "pass"),
    "endpoint policy for another role": (
        (policy("dynamodb:GetItem", "'*'", "{AWS: 'arn:aws:iam::1:role/r'}"),),
        "unknown",
    ),
    "endpoint policy for another table": ((policy("dynamodb:GetItem", "arn:aws:dynamodb:::table/other"),), "unknown"),
    "endpoint policy for another service": ((policy("s3:*", "'*'"),), "fail"),
    "endpoint policy for another action": ((policy("dynamodb:PutItem", "'*'"),), "fail"),
    "interface endpoint": (
        (gateway("dynamodb", more="VpcEndpointType: Interface"),),
        "unknown",
    ),
}


@pytest.mark.parametrize(("parts", "expected"), WAYS.values(), ids=WAYS)
def test_ways_to_dynamodb(parts: tuple[str, ...], expected: str) -> None:
    assert verdict(TABLE, DYNAMODB, *parts) == expected


def interface(settings: str) -> str:
    return f"""
    Door:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: !Ref Network
        VpcEndpointType: Interface
        ServiceName: com.amazonaws.eu-west-1.secretsmanager
        SubnetIds: [!Ref A]
        {settings}
    DoorGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        VpcId: !Ref Network
        SecurityGroupIngress:
          - {{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Group}}
    """


NAMES = "10.0.0.0/16, EnableDnsHostnames: true"


@pytest.mark.parametrize(
    ("settings", "block", "expected"),
    [
        ("{PrivateDnsEnabled: true, SecurityGroupIds: [!Ref DoorGroup]}", NAMES, "pass"),
        ("{PrivateDnsEnabled: true, SecurityGroupIds: [!Ref DoorGroup]}", "10.0.0.0/16", "fail"),
        ("{SecurityGroupIds: [!Ref DoorGroup]}", NAMES, "fail"),
        ("{PrivateDnsEnabled: false, SecurityGroupIds: [!Ref DoorGroup]}", NAMES, "fail"),
        ("{PrivateDnsEnabled: true}", NAMES, "fail"),
        ("{PrivateDnsEnabled: true, SecurityGroupIds: [sg-1]}", NAMES, "unknown"),
    ],
)
def test_interface_endpoints(settings: str, block: str, expected: str) -> None:
    lines = settings.strip("{}").replace(", ", "\n        ")
    template = network(SECRET, function("secretsmanager:GetSecretValue"), interface(lines))
    template = template.replace("{CidrBlock: 10.0.0.0/16}", f"{{CidrBlock: {block}}}")
    assert verdicts(template, "DATA005") == {("Function", "secretsmanager"): expected}


def test_egress_rules_may_close_every_way() -> None:
    template = network(TABLE, function(DYNAMODB), gateway("dynamodb")).replace(
        "GroupDescription: f,",
        "GroupDescription: f, SecurityGroupEgress: [{IpProtocol: icmp, FromPort: 252, ToPort: 86, "
        "CidrIp: 255.255.255.255/32}],",
    )
    (found,) = findings(template, "DATA005")
    assert (found.verdict.value, "its security groups let no HTTPS out" in found.message) == ("fail", True)


def test_a_call_that_is_only_granted_is_unknown() -> None:
    template = network(function(DYNAMODB).replace("    Environment: {Variables: {NAME: !Ref Thing}}\n", ""))
    (found,) = findings(template, "DATA005")
    assert (found.verdict.value, found.missing[0].what) == (
        "unknown",
        "whether Function calls dynamodb is in its code",
    )


def test_a_secret_resolved_at_deployment_is_no_call() -> None:
    resolved = "!Sub '{{resolve:secretsmanager:${Thing}:SecretString:password}}'"
    template = network(SECRET, function("logs:PutLogEvents").replace("!Ref Thing", resolved))
    assert verdicts(template, "DATA005") == {}


def test_the_secret_that_a_database_keeps_is_called() -> None:
    store = "Thing: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, ManageMasterUserPassword: true}}"
    secret = "!GetAtt Thing.MasterUserSecret.SecretArn"
    template = network(store, function("secretsmanager:GetSecretValue").replace("!Ref Thing", secret))
    (found,) = findings(template, "DATA005")
    assert (found.verdict.value, found.message) == (
        "fail",
        "Function calls secretsmanager (variable NAME names the secret of Thing) and has no way to it: "
        "A has no route to a NAT gateway, and the VPC has no endpoint for secretsmanager",
    )


def test_a_function_outside_a_vpc_is_not_judged() -> None:
    template = network(
        BUCKET, function("s3:GetObject").replace("{SubnetIds: [!Ref A], SecurityGroupIds: [!Ref Group]}", "{}")
    )
    assert verdicts(template, "DATA005") == {}


SIX = """
Egress: {Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref Network}}
Six: {Type: AWS::EC2::SubnetCidrBlock, Properties: {SubnetId: !Ref A, Ipv6CidrBlock: 'fd00::/64'}}
"""


def test_a_way_for_ipv6_alone_serves_names_that_have_ipv6() -> None:
    way = route("WaySix", destination="::/0", EgressOnlyInternetGatewayId="!Ref Egress")
    plain = function("dynamodb:GetItem")
    dual = plain.replace("SecurityGroupIds: [!Ref Group]}", "SecurityGroupIds: [!Ref Group], DUAL}").replace(
        "DUAL", "Ipv6AllowedForDualStack: true"
    )
    assert verdicts(network(TABLE, dual, SIX, way), "DATA005") == {("Function", "dynamodb"): "unknown"}
    assert verdicts(network(TABLE, dual, way), "DATA005") == {("Function", "dynamodb"): "fail"}
    assert verdicts(network(TABLE, plain, SIX, way), "DATA005") == {("Function", "dynamodb"): "fail"}
    assert verdicts(network(TABLE, dual, SIX), "DATA005") == {("Function", "dynamodb"): "fail"}


def test_an_endpoint_policy_for_another_table_cuts_the_table_off() -> None:
    other = "Other: {Type: AWS::DynamoDB::Table}"
    granted = FUNCTION.replace("GRANT", "dynamodb:GetItem").replace('Resource: "*"', "Resource: !GetAtt Thing.Arn")

    def verdict_of(resource: str) -> dict[tuple[str, str], str]:
        door = policy("'dynamodb:*'", resource)
        return verdicts(network(TABLE, other, granted, door), "DATA005")

    assert verdict_of("!GetAtt Thing.Arn") == {("Function", "dynamodb"): "pass"}
    assert verdict_of("!GetAtt Other.Arn") == {("Function", "dynamodb"): "fail"}
    assert verdict_of("!Ref Other") == {("Function", "dynamodb"): "unknown"}
