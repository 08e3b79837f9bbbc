"""What one stack opens in another: routes, associations and rules that a second stack adds, in near-miss pairs."""

import re
from pathlib import Path

import pytest

from tests.workloads.running import of, problems, run

NETWORK = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Closed: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  InA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Closed}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: store}}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: net-vpc}}
  Gateway: {Value: !Ref Gateway, Export: {Name: net-gateway}}
  Table: {Value: !Ref Closed, Export: {Name: net-table}}
  A: {Value: !Ref A, Export: {Name: net-a}}
  Group: {Value: !GetAtt Group.GroupId, Export: {Name: net-group}}
"""
STORE = """
Resources:
  Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: x, SubnetIds: [!ImportValue net-a]}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: postgres
      PubliclyAccessible: false
      DBSubnetGroupName: !Ref Subnets
      VPCSecurityGroups: [!ImportValue net-group]
"""
ROUTE = """
Resources:
  Way:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !ImportValue net-table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !ImportValue net-gateway
"""
ASSOCIATION = """
Resources:
  Open: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !ImportValue net-vpc}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Open, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !ImportValue net-gateway}
  InA:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !ImportValue net-a, RouteTableId: !Ref Open}
"""
DOOR = """
Resources:
  Door:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !ImportValue net-group, CidrIp: 0.0.0.0/0, IpProtocol: tcp, FromPort: 5432, ToPort: 5432}
"""
PARTS = ("vpc", "gateway", "table", "a", "group")


def computed(text: str, name: str) -> str:
    """The import of one name with its first part from a parameter that nobody gives."""
    put = f"{{'Fn::ImportValue': !Sub '${{Net}}-{name}'}}"
    return "Parameters: {Net: {Type: String}}\n" + text.replace(f"!ImportValue net-{name}", put)


def inner(text: str) -> str:
    """The template as a child: with parameters where it imports, and no exports."""
    for name in PARTS:
        text = text.replace(f"!ImportValue net-{name}", f"!Ref {name}")
    declared = "".join(f"  {name}: {{Type: String}}\n" for name in PARTS if f"!Ref {name}" in text)
    text = re.sub(r", Export: \{[^}]*\}", "", text)
    return f"Parameters:\n{declared}{text}" if declared else text


def nested(text: str, template: str, condition: str = "") -> str:
    """The resource that nests the third stack."""
    passed = {"vpc": "Vpc", "gateway": "Gateway", "table": "Table", "a": "A", "group": "Group"}
    given = ", ".join(f"{name}: !GetAtt Net.Outputs.{out}" for name, out in passed.items() if f"!Ref {name}" in text)
    return f"""
Parameters: {{Open: {{Type: String, Default: "no"}}}}
Conditions: {{IsOpen: !Equals [!Ref Open, "yes"]}}
Resources:
  Net: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: network.yaml}}}}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: store.yaml
      Parameters: {{a: !GetAtt Net.Outputs.A, group: !GetAtt Net.Outputs.Group}}
  Third:
    Type: AWS::CloudFormation::Stack
    {condition}
    Properties: {{TemplateURL: {template}, Parameters: {{{given}}}}}
"""


BREAKS = [("DATA002", ROUTE), ("DATA002", ASSOCIATION), ("TIER002", DOOR)]


def verdicts(folder: Path, files: dict[str, str], rule: str, *parameters: str) -> list[str]:
    result = run(folder, files, *parameters)
    assert problems(result) == []
    return sorted(finding.verdict.value for finding in of(result, rule, "Db"))


@pytest.mark.parametrize("rule", ["DATA002", "TIER002"])
def test_a_closed_network_passes(rule: str, tmp_path: Path) -> None:
    assert verdicts(tmp_path, {"network.yaml": NETWORK, "store.yaml": STORE}, rule) == ["pass"]


@pytest.mark.parametrize(("rule", "third"), BREAKS)
def test_what_a_third_stack_opens_by_imports_is_seen(rule: str, third: str, tmp_path: Path) -> None:
    files = {"network.yaml": NETWORK, "store.yaml": STORE, "third.yaml": third}
    assert verdicts(tmp_path, files, rule) == ["fail"]


@pytest.mark.parametrize(("rule", "third"), BREAKS)
def test_what_a_nested_stack_opens_is_seen_where_it_is_made(rule: str, third: str, tmp_path: Path) -> None:
    parts = {"network.yaml": inner(NETWORK), "store.yaml": inner(STORE), "third.yaml": inner(third)}
    always = {"root.yaml": nested(inner(third), "third.yaml"), **parts}
    assert verdicts(tmp_path / "always", always, rule) == ["fail"]
    chosen = {"root.yaml": nested(inner(third), "third.yaml", "Condition: IsOpen"), **parts}
    assert verdicts(tmp_path / "open", chosen, rule) == ["fail"]
    assert verdicts(tmp_path / "never", chosen, rule, "Open=no") == ["pass"]


@pytest.mark.parametrize(("rule", "third"), BREAKS[::2])
def test_a_remote_stack_that_is_handed_a_table_or_a_group_may_open_it(rule: str, third: str, tmp_path: Path) -> None:
    parts = {"network.yaml": inner(NETWORK), "store.yaml": inner(STORE)}
    root = nested(inner(third), "https://s3.amazonaws.com/bucket/third.yaml")
    result = run(tmp_path / "remote", {"root.yaml": root, **parts})
    (finding,) = of(result, rule, "Db")
    subject = "Closed" if rule == "DATA002" else "Group"
    what = f"Third (AWS::CloudFormation::Stack) hands {subject} to something outside the run"
    assert (finding.verdict.value, [missing.what for missing in finding.missing]) == ("unknown", [what])
    other = nested("!Ref vpc", "https://s3.amazonaws.com/bucket/third.yaml")
    assert verdicts(tmp_path / "other", {"root.yaml": other, **parts}, rule) == ["pass"]


@pytest.mark.parametrize(
    ("rule", "third", "name"),
    [("DATA002", ROUTE, "table"), ("DATA002", ASSOCIATION, "a"), ("TIER002", DOOR, "group")],
)
def test_an_import_whose_name_lacks_a_parameter_may_be_the_one_that_opens(
    rule: str, third: str, name: str, tmp_path: Path
) -> None:
    files = {
        "network.yaml": NETWORK,
        "store.yaml": STORE,
        "third.yaml": computed(third, name),
        "tierlens.toml": '[workload.shop]\npaths = ["."]\n',
    }
    assert verdicts(tmp_path / "open", files, rule) == ["unknown"]
    assert verdicts(tmp_path / "given", files, rule, "Net=net") == ["fail"]
    other = {**files, "third.yaml": files["third.yaml"].replace(f"}}-{name}'", f"}}-other-{name}'")}
    assert verdicts(tmp_path / "other", other, rule) == ["pass"]


def test_an_instance_that_is_opened_leaves_the_other_as_it_was(tmp_path: Path) -> None:
    way = (
        inner(ROUTE)
        .partition("  Way:")[2]
        .replace("!Ref table", "!Ref Closed")
        .replace("!Ref gateway", "!Ref Gateway")
    )
    network = inner(NETWORK).replace(
        "Outputs:", "  Way:" + way.replace("Route\n", "Route\n    Condition: IsOpen\n", 1) + "Outputs:"
    )
    declared = "Parameters: {Open: {Type: String}}\nConditions: {IsOpen: !Equals [!Ref Open, 'yes']}\n"
    middle = """
Parameters: {Open: {Type: String}}
Resources:
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: network.yaml, Parameters: {Open: !Ref Open}}}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: store.yaml
      Parameters: {a: !GetAtt Net.Outputs.A, group: !GetAtt Net.Outputs.Group}
"""
    root = """
Resources:
  Good: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: middle.yaml, Parameters: {Open: "no"}}}
  Bad: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: middle.yaml, Parameters: {Open: "yes"}}}
"""
    files = {
        "root.yaml": root,
        "middle.yaml": middle,
        "network.yaml": declared + network,
        "store.yaml": inner(STORE),
    }
    result = run(tmp_path, files)
    told = sorted((finding.stack, finding.verdict.value) for finding in of(result, "DATA002", "Db"))
    assert told == [("root/Bad/Data", "fail"), ("root/Good/Data", "pass")]
