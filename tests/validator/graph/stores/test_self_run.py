"""Databases on instances and in containers: what makes one, and how it is judged."""

import pytest

from tests.harness import architecture, findings, verdicts
from tests.validator.graph.network.stacks import network, route
from validator.graph.stores.self_run import self_run

OPEN = route(GatewayId="!Ref Gateway")
GROUP = """
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Network
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: PORT, ToPort: PORT, CidrIp: 0.0.0.0/0}]
"""


def host(script: str, port: int, more: str = "", subnet: str = "A") -> str:
    instance = f"""
    Host:
      Type: AWS::EC2::Instance
      Properties:
        SubnetId: !Ref {subnet}
        SecurityGroupIds: [!Ref Group]
        UserData: {{Fn::Base64: "{script}"}}
        {more}
    """
    return network(OPEN, GROUP.replace("PORT", str(port)), instance)


@pytest.mark.parametrize(
    ("script", "port", "more", "expected"),
    [
        ("yum install -y mysql-server", 3306, "", True),
        ("apt-get install postgresql-16", 5432, "", True),
        ("yum install -y redis6", 22, "Volumes: [{Device: /dev/sdf, VolumeId: vol-1}]", True),
        ("yum install -y httpd", 3306, "", None),
        ("yum install -y mysql-server", 80, "", None),
        ("yum install -y mysql", 80, "", False),
        ("yum install -y mongodb-org", 27017, "", True),
        ("yum install -y mongodb-org-shell", 27017, "", None),
        ("yum install -y httpd", 80, "Volumes: [{Device: /dev/sdf, VolumeId: vol-1}]", False),
    ],
)
def test_two_signs_make_a_store(script: str, port: int, more: str, expected: bool | None) -> None:
    graph = architecture(host(script, port, more))
    instance = graph.find("template.yaml", "Host")
    assert instance is not None
    assert self_run(graph, instance).is_store is expected


@pytest.mark.parametrize(
    ("image", "ports"),
    [
        ("postgres:16", (5432,)),
        ("public.ecr.aws/docker/library/mysql:8", (3306,)),
        ("bitnami/mongodb", (27017,)),
        ("mcr.microsoft.com/mssql/server:2022-latest", (1433,)),
        ("nginx:latest", ()),
        ("prom/mysqld-exporter", ()),
        ("mongo-express", ()),
    ],
)
def test_an_image_makes_a_store(image: str, ports: tuple[int, ...]) -> None:
    template = f"""
Resources:
  Task: {{Type: AWS::ECS::TaskDefinition, Properties: {{ContainerDefinitions: [{{Name: db, Image: '{image}'}}]}}}}
  Service: {{Type: AWS::ECS::Service, Properties: {{TaskDefinition: !Ref Task}}}}
"""
    graph = architecture(template)
    service = graph.find("template.yaml", "Service")
    assert service is not None
    assert self_run(graph, service).ports == ports


def test_a_database_on_a_public_instance_fails_as_a_store() -> None:
    addressed = "CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true"
    public = host("yum install -y mysql-server", 3306).replace("CidrBlock: 10.0.1.0/24", addressed)
    (found,) = findings(public, "TIER001")
    assert (found.verdict.value, found.message) == (
        "fail",
        "Host can be reached from the Internet: it runs in public subnet A with a public address, it may be placed "
        "in A, which has a direct route to the Internet: Table sends 0.0.0.0/0 to Gateway, it is open to 0.0.0.0/0 "
        "by Group",
    )
    assert verdicts(public, "TIER002") == {("Host", ""): "fail"}
    assert verdicts(public, "DATA002") == {("Host", ""): "fail"}


def test_the_same_in_a_private_subnet() -> None:
    private = host("yum install -y mysql-server", 3306, subnet="B")
    assert verdicts(private, "TIER001") == {("Host", ""): "pass"}
    assert verdicts(private, "TIER002") == {("Host", ""): "fail"}
    assert verdicts(private, "DATA002") == {("Host", ""): "pass"}


def test_one_sign_is_unknown_and_none_is_nothing() -> None:
    assert verdicts(host("yum install -y httpd", 3306), "TIER001") == {("Host", ""): "unknown"}
    assert verdicts(host("yum install -y httpd", 80), "TIER001") == {}
    assert verdicts(host("yum install -y httpd", 80), "TIER002") == {}
