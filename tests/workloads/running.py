"""Reviews of several files in the tests of workloads."""

from pathlib import Path

from validator.model import Finding, Review
from validator.review import ReviewRequest, review
from validator.settings import Settings, find_settings, given_on_command_line

NETWORK = """
Parameters:
  Env: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Open: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Closed: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Open, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  InA:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref A, RouteTableId: !If [IsProd, !Ref Closed, !Ref Open]}
  InB:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref B, RouteTableId: !Ref Closed}
Outputs:
  Subnets: {Value: !Join [",", [!Ref A, !Ref B]], Export: {Name: !Sub "${AWS::StackName}-subnets"}}
"""
STORE = """
Parameters:
  Subnets: {Type: List<AWS::EC2::Subnet::Id>}
  Env: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  SubnetGroup: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: x, SubnetIds: !Ref Subnets}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: postgres
      PubliclyAccessible: !If [IsProd, false, true]
      DBSubnetGroupName: !Ref SubnetGroup
"""
IMPORTING = """
Resources:
  SubnetGroup:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      DBSubnetGroupDescription: x
      SubnetIds: !Split [",", !ImportValue net-subnets]
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t3.micro, Engine: postgres, DBSubnetGroupName: !Ref SubnetGroup}
"""


def run(folder: Path, files: dict[str, str], *parameters: str, **request: object) -> Review:
    """Writes the files and reviews the folder; a ``tierlens.toml`` among them has the settings."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = find_settings(folder, folder / "tierlens.toml") if "tierlens.toml" in files else Settings()
    given = (given_on_command_line(parameters),) if parameters else ()
    arguments: dict[str, object] = {"settings": settings, "parameters": given, "root_is_given": True, **request}
    return review(ReviewRequest((str(folder),), folder, **arguments))  # type: ignore[arg-type]  # fields by name


def of(result: Review, rule: str, resource: str) -> list[Finding]:
    """The findings of a rule on a resource."""
    return [finding for finding in result.findings if (finding.rule, finding.resource) == (rule, resource)]


def told(findings: list[Finding]) -> list[tuple[str, str, dict[str, bool]]]:
    """Stack, verdict and conditions of each."""
    return [(finding.stack, finding.verdict.value, dict(finding.scenario)) for finding in findings]


def problems(result: Review) -> list[tuple[str, str]]:
    """Level and code of everything that is more than a notice."""
    return [(d.level.value, d.code) for d in result.diagnostics if d.level.value != "notice"]
