"""DATA004: which functions use a store in a VPC, and where they stand."""

import pytest

from tests.harness import findings, line_of, verdicts

STORE = """\
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  InTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      DBSubnetGroupName: private
      MasterUserPassword: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'
  Secret: {Type: AWS::SecretsManager::Secret}
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: !Ref Orders, TargetType: AWS::RDS::DBCluster}
  Queue:
    Type: AWS::AmazonMQ::Broker
    Properties: {SubnetIds: [!Ref A]}
  Kafka:
    Type: AWS::MSK::Cluster
    Properties: {BrokerNodeGroupInfo: {ClientSubnets: [!Ref A]}}
  Search: {Type: AWS::OpenSearchService::Domain, Properties: {}}
  Tickets: {Type: AWS::DynamoDB::Table}
"""
HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"


def function(properties: str, name: str = "Shows") -> str:
    return f"""\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: 'def handler(event, context): ...'
{properties}"""


def judged(properties: str, more: str = "", head: str = HEAD) -> dict[tuple[str, str], str]:
    return verdicts(head + STORE + more + function(properties), "DATA004")


OUTSIDE = {
    "address": ("      Environment: {Variables: {DB: !GetAtt Orders.Endpoint.Address}}\n", "fail"),
    "address in a text": ("      Environment: {Variables: {DB: !Sub 'pg://${Orders.Endpoint.Address}/x'}}\n", "fail"),
    "secret": ("      Environment: {Variables: {DB: !Ref Secret}}\n", "fail"),
    "attachment of the secret": ("      Environment: {Variables: {DB: !Ref Attachment}}\n", "fail"),
    "managed secret": ("      Environment: {Variables: {DB: !GetAtt Orders.MasterUserSecret.SecretArn}}\n", "fail"),
    "resolved secret": (
        "      Environment: {Variables: {DB: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'}}\n",
        "fail",
    ),
    "grant to read the secret": (
        "      Policies: [AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Secret}]\n",
        "fail",
    ),
    "grant to connect": (
        "      Policies: [{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'rds-db:connect', Resource: "
        "!Sub 'arn:aws:rds-db:eu-west-1:1:dbuser:${Orders.DBClusterResourceId}/app'}]}]\n",
        "fail",
    ),
    "ARN for an alarm": ("      Environment: {Variables: {DB: !GetAtt Orders.DBClusterArn}}\n", None),
    "control plane": (
        "      Policies: [{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'rds:StopDBCluster', Resource: "
        "!GetAtt Orders.DBClusterArn}]}]\n",
        None,
    ),
    "dependency": ("    DependsOn: Orders\n", None),
    "Data API": (
        "      Environment: {Variables: {DB: !Ref Secret}}\n"
        "      Policies: [{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'rds-data:ExecuteStatement', "
        "Resource: !GetAtt Orders.DBClusterArn}, {Effect: Allow, Action: 'secretsmanager:GetSecretValue', "
        "Resource: !Ref Secret}]}]\n",
        None,
    ),
    "name": ("      Environment: {Variables: {DB: !Ref Orders}}\n", "fail"),
    "name and the control plane": (
        "      Environment: {Variables: {DB: !Ref Orders}}\n"
        "      Policies: [{Version: '2012-10-17', "
        "Statement: [{Effect: Allow, Action: 'rds:StopDBCluster', Resource: '*'}]}]\n",
        None,
    ),
    "name and the Data API": (
        "      Environment: {Variables: {DB: !Ref Orders}}\n"
        "      Policies: [{Version: '2012-10-17', "
        "Statement: [{Effect: Allow, Action: 'rds-data:*', Resource: '*'}]}]\n",
        None,
    ),
    "table": ("      Environment: {Variables: {TABLE: !Ref Tickets}}\n", None),
    "public domain": ("      Environment: {Variables: {SEARCH: !GetAtt Search.DomainEndpoint}}\n", None),
    "file system": ("      FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/data}]\n", "fail"),
}
POINT = """\
  Files: {Type: AWS::EFS::FileSystem}
  Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref Files}}
"""


@pytest.mark.parametrize(("properties", "expected"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_function_outside_the_vpc(properties: str, expected: str | None) -> None:
    assert judged(properties, POINT).get(("Shows", "")) == expected


def test_an_event_source_mapping_polls_from_its_own_side() -> None:
    mapping = """\
      Policies:
        - Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: 'kafka-cluster:Connect', Resource: !Ref Kafka}]
      Events:
        Orders: {Type: MSK, Properties: {Stream: !Ref Kafka, Topics: [orders], StartingPosition: LATEST}}
"""
    (found,) = findings(HEAD + STORE + function(mapping), "DATA004")
    assert (found.verdict.value, found.message) == (
        "pass",
        "Shows is fed by an event source mapping of Kafka, which Lambda polls from its own side",
    )


ADDRESS = "      Environment: {Variables: {DB: !GetAtt Orders.Endpoint.Address}}\n"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("{SubnetIds: [!Ref A], SecurityGroupIds: [sg-1]}", "pass"),
        ("{SubnetIds: [!Ref A, !Ref Public], SecurityGroupIds: [sg-1]}", "fail"),
        ("{SubnetIds: [], SecurityGroupIds: []}", "fail"),
        ("{SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}", "unknown"),
        ("!Ref AWS::NoValue", "fail"),
    ],
)
def test_the_subnets_of_a_user(config: str, expected: str) -> None:
    assert judged(f"{ADDRESS}      VpcConfig: {config}\n")["Shows", ""] == expected


def test_a_public_subnet_is_wrong_whatever_the_function_uses() -> None:
    (found,) = findings(HEAD + STORE + function("      VpcConfig: {SubnetIds: [!Ref Public]}\n"), "DATA004")
    assert (found.verdict.value, found.message) == (
        "fail",
        "Shows is attached to public subnet Public, where it gets no address and no way out",
    )


GLOBALS = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [sg-1]}
Resources:
"""


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("      VpcConfig: {SubnetIds: []}\n", "pass"),
        ("      VpcConfig: {}\n", "pass"),
        ("      VpcConfig: {SubnetIds: [!Ref Public]}\n", "fail"),
        ("      VpcConfig: !Ref AWS::NoValue\n", "fail"),
    ],
)
def test_lists_of_globals_concatenate(config: str, expected: str) -> None:
    assert judged(ADDRESS + config, head=GLOBALS)["Shows", ""] == expected


SHARED = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Environment: {Variables: {DB: !Ref Secret}}
Resources:
"""


def test_a_variable_of_globals_proves_nothing_alone() -> None:
    reader = function("      Policies: [AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Secret}]\n", "Reader")
    found = verdicts(SHARED + STORE + function("") + reader, "DATA004")
    assert found == {("Reader", ""): "fail"}


def test_a_managed_instance_runs_where_its_capacity_provider_says() -> None:
    template = (
        "Resources:\n"
        + STORE
        + """\
  Provider:
    Type: AWS::Lambda::CapacityProvider
    Properties: {VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [sg-1]}}
  Shows:
    Type: AWS::Lambda::Function
    Properties:
      CapacityProviderConfig:
        LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: !GetAtt Provider.Arn}
      Environment: {Variables: {DB: !GetAtt Orders.Endpoint.Address}}
"""
    )
    assert verdicts(template, "DATA004") == {("Shows", ""): "pass"}


def test_the_finding_shows_the_sign_and_the_place() -> None:
    template = HEAD + STORE + function(ADDRESS)
    (found,) = findings(template, "DATA004")
    assert found.message == (
        "Shows holds the address of Orders in variable DB, which lives in a VPC, and is not attached to one"
    )
    assert [(step.resource, step.relation) for step in found.evidence] == [
        ("Shows", "holds the address of Orders in variable DB"),
        ("Shows", "has no VpcConfig and runs outside every VPC of the account"),
    ]
    assert found.evidence[0].span is not None
    assert found.evidence[0].span.line == line_of(template, "Variables: {DB")


TWO_NETWORKS = """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Other, CidrBlock: 10.1.1.0/24}}
  Cache: {Type: AWS::ElastiCache::ServerlessCache, Properties: {SubnetIds: [!Ref A]}}
  Shows:
    Type: AWS::Lambda::Function
    Properties:
      VpcConfig: {SubnetIds: [SUBNET], SecurityGroupIds: [sg-1]}
      Environment: {Variables: {CACHE: !GetAtt Cache.Endpoint.Address}}
"""


def test_a_function_of_another_vpc_does_not_reach_the_store() -> None:
    template = TWO_NETWORKS.replace("SUBNET", "!Ref B")
    (found,) = findings(template, "DATA004")
    assert (found.verdict.value, found.message, found.span.line) == (
        "fail",
        "Shows holds the address of Cache in variable CACHE, which lives in Network, and is attached to Other",
        line_of(template, "VpcConfig"),
    )


ROUTED = (
    "  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Other}}\n"
    "  In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}\n"
    "  Way: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, TransitGatewayId: tgw-1}}\n"
)


@pytest.mark.parametrize(
    "joint",
    [
        "  Peers: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Network, PeerVpcId: !Ref Other}}\n",
        "  Hub: {Type: AWS::EC2::TransitGatewayAttachment, Properties: {VpcId: !Ref Other}}\n",
        ROUTED,
    ],
)
def test_two_vpcs_may_be_joined(joint: str) -> None:
    assert verdicts(TWO_NETWORKS.replace("SUBNET", "!Ref B") + joint, "DATA004") == {("Shows", ""): "pass"}


def test_one_vpc_needs_no_joint() -> None:
    assert verdicts(TWO_NETWORKS.replace("SUBNET", "!Ref A"), "DATA004") == {("Shows", ""): "pass"}


def test_an_arn_leads_no_client_to_a_store() -> None:
    template = TWO_NETWORKS.replace("SUBNET", "!Ref B").replace("Endpoint.Address", "ARN")
    assert verdicts(template, "DATA004") == {("Shows", ""): "pass"}
