"""Stacks that meet by exports and SSM parameters: names, ambiguity, circles, regions, and what stays apart."""

from pathlib import Path

from tests.workloads.running import IMPORTING, NETWORK, of, problems, run, told
from validator.discover import DiscoveredFile
from validator.workload import StackPlan


def stack(folder: Path, name: str, path: str) -> StackPlan:
    return StackPlan(DiscoveredFile(folder / path, path), name, named=True)


FILES = {"network.yaml": NETWORK, "store.yaml": IMPORTING}


def test_an_import_finds_the_export_of_a_stack_whose_name_is_given(tmp_path: Path) -> None:
    alone = run(tmp_path, FILES)
    assert [finding.verdict.value for finding in of(alone, "DATA002", "Db")] == ["unknown"]
    assert {finding.stack for finding in alone.findings} == {""}
    linked = run(tmp_path, FILES, "Env=prod", stacks=(stack(tmp_path, "net", "network.yaml"),))
    assert told(of(linked, "DATA002", "Db")) == [("store", "pass", {})]
    open_ = run(tmp_path, FILES, "Env=dev", stacks=(stack(tmp_path, "net", "network.yaml"),))
    assert told(of(open_, "DATA002", "Db")) == [("store", "fail", {})]


def test_conditions_of_stacks_that_are_deployed_apart_are_apart(tmp_path: Path) -> None:
    result = run(tmp_path, FILES, stacks=(stack(tmp_path, "net", "network.yaml"),))
    assert told(of(result, "DATA002", "Db")) == [("store", "fail", {"IsProd": False})]


def test_another_stack_name_is_another_export(tmp_path: Path) -> None:
    result = run(tmp_path, FILES, stacks=(stack(tmp_path, "other", "network.yaml"),))
    (finding,) = of(result, "DATA002", "Db")
    assert (finding.verdict.value, finding.missing[0].key) == ("unknown", "import:net-subnets")


def test_two_exports_of_a_name_that_is_imported_are_an_error(tmp_path: Path) -> None:
    literal = NETWORK.replace('!Sub "${AWS::StackName}-subnets"', "net-subnets")
    result = run(tmp_path, {"a.yaml": literal, "b.yaml": literal, "store.yaml": IMPORTING})
    assert problems(result) == [("error", "link-ambiguous")]
    (remark,) = [d for d in result.diagnostics if d.code == "link-ambiguous"]
    line = next(number for number, text in enumerate(literal.splitlines(), 1) if "  Subnets:" in text)
    assert remark.message == (
        f"the export net-subnets is made twice, at a.yaml:{line}:3 and b.yaml:{line}:3; store.yaml:7:44 reads it"
    )
    assert [finding.verdict.value for finding in of(result, "DATA002", "Db")] == ["unknown"]


def test_two_exports_of_a_name_that_nobody_imports_are_none_of_our_business(tmp_path: Path) -> None:
    literal = NETWORK.replace('!Sub "${AWS::StackName}-subnets"', "net-subnets")
    assert problems(run(tmp_path, {"a.yaml": literal, "b.yaml": literal})) == []


def test_one_export_in_two_regions_is_not_ambiguous(tmp_path: Path) -> None:
    literal = NETWORK.replace('!Sub "${AWS::StackName}-subnets"', "net-subnets")
    toml = """
[workload.shop.stacks]
near = { path = "near.yaml", region = "eu-west-1", parameters = { Env = "prod" } }
far = { path = "far.yaml", region = "us-east-1", parameters = { Env = "dev" } }
store = { path = "store.yaml", region = "eu-west-1" }
"""
    files = {"near.yaml": literal, "far.yaml": literal, "store.yaml": IMPORTING, "tierlens.toml": toml}
    result = run(tmp_path, files)
    assert problems(result) == []
    assert told(of(result, "DATA002", "Db")) == [("store", "pass", {})]


def circular(name: str, other: str) -> str:
    return f"""
Resources: {{Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !ImportValue {other}-name}}}}}}
Outputs: {{Name: {{Value: !GetAtt Queue.Arn, Export: {{Name: {name}-name}}}}}}
"""


def test_stacks_that_need_each_other_are_an_error(tmp_path: Path) -> None:
    result = run(tmp_path, {"a.yaml": circular("a", "b"), "b.yaml": circular("b", "a")})
    assert problems(result) == [("error", "link-circular")]
    (remark,) = [d for d in result.diagnostics if d.code == "link-circular"]
    assert remark.message == (
        "stacks a and b need each other: a.yaml:2:81 reads b-name, and b.yaml:2:81 reads a-name"
    )


def test_a_stack_that_imports_its_own_export_is_an_error(tmp_path: Path) -> None:
    assert problems(run(tmp_path, {"a.yaml": circular("a", "a")})) == [("error", "link-circular")]


READING = """
Parameters:
  Subnets: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /net/subnets}
Resources:
  SubnetGroup: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: x, SubnetIds: %s}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t3.micro, Engine: postgres, DBSubnetGroupName: !Ref SubnetGroup}
"""
WRITING = NETWORK.replace(
    "Outputs:",
    """  Kept:
    Type: AWS::SSM::Parameter
    Properties: {Name: /net/subnets, Type: StringList, Value: !Join [",", [!Ref A, !Ref B]]}
Outputs:""",
)


def test_ssm_parameters_lead_from_the_writer_to_the_reader(tmp_path: Path) -> None:
    for number, use in enumerate(("!Ref Subnets", '!Split [",", "{{resolve:ssm:/net/subnets}}"]')):
        files = {"network.yaml": WRITING, "store.yaml": READING % use}
        assert told(of(run(tmp_path / str(number), files, "Env=prod"), "DATA002", "Db")) == [("store", "pass", {})]
        assert told(of(run(tmp_path / str(number), files, "Env=dev"), "DATA002", "Db")) == [("store", "fail", {})]


def test_a_version_of_an_ssm_parameter_may_be_an_older_value(tmp_path: Path) -> None:
    use = '!Split [",", "{{resolve:ssm:/net/subnets:1}}"]'
    result = run(tmp_path, {"network.yaml": WRITING, "store.yaml": READING % use}, "Env=prod")
    assert [finding.verdict.value for finding in of(result, "DATA002", "Db")] == ["unknown"]


def test_an_import_whose_name_lacks_a_parameter_asks_for_the_parameter(tmp_path: Path) -> None:
    importing = "Parameters: {Net: {Type: String}}\n" + IMPORTING.replace(
        "!ImportValue net-subnets", '{"Fn::ImportValue": !Sub "${Net}-subnets"}'
    )
    files = {"network.yaml": NETWORK, "store.yaml": importing}
    (finding,) = of(run(tmp_path, files), "DATA002", "Db")
    assert (finding.verdict.value, finding.missing[0].key) == ("unknown", "parameter:Net")
    given = run(tmp_path, files, "Net=net", "Env=prod", stacks=(stack(tmp_path, "net", "network.yaml"),))
    assert told(of(given, "DATA002", "Db")) == [("store", "pass", {})]
