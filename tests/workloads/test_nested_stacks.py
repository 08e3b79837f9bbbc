"""Nested stacks: instances, what they are passed and give, conditions over the border, what cannot be read."""

from pathlib import Path

from tests.workloads.running import NETWORK, STORE, of, problems, run, told

ROOT = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./network.yaml, Parameters: {Env: !Ref Env}}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: store.yaml
      Parameters: {Env: !Ref Env, Subnets: !GetAtt Network.Outputs.Subnets}
"""


def files(root: str, **more: str) -> dict[str, str]:
    return {"root.yaml": root, "network.yaml": NETWORK, "store.yaml": STORE, **more}


def test_a_nested_store_is_judged_in_its_instance_only_and_with_the_childs_place(tmp_path: Path) -> None:
    result = run(tmp_path, files(ROOT))
    (finding,) = of(result, "DATA002", "Db")
    assert (finding.verdict.value, finding.stack, finding.nested, finding.template) == (
        "fail",
        "root/Data",
        "Data",
        "store.yaml",
    )
    assert (finding.span.path, finding.span.line) == ("store.yaml", 15)
    assert [(stack.path, stack.template) for stack in result.stacks] == [
        ("root", "root.yaml"),
        ("root/Network", "network.yaml"),
        ("root/Data", "store.yaml"),
    ]
    assert problems(result) == []


def test_conditions_of_parent_and_children_hold_or_fail_together(tmp_path: Path) -> None:
    result = run(tmp_path, files(ROOT))
    assert told(of(result, "DATA001", "Db")) == [("root/Data", "fail", {"IsProd": False})]
    # The subnet is public in dev, where IsProd of the network is false: never beside IsProd of the store.
    (placed,) = of(result, "DATA002", "Db")
    assert dict(placed.scenario) == {"IsProd of root/Network": False}
    assert placed.at_defaults
    assert told(of(run(tmp_path, files(ROOT), "Env=prod"), "DATA002", "Db")) == [("root/Data", "pass", {})]


TWO = """
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: network.yaml, Parameters: {Env: prod}}
  Live:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: store.yaml
      Parameters: {Env: prod, Subnets: !GetAtt Network.Outputs.Subnets}
  Trial:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: store.yaml
      Parameters: {Env: dev, Subnets: !GetAtt Network.Outputs.Subnets}
"""


def test_two_instances_of_one_child_are_judged_by_what_each_is_passed(tmp_path: Path) -> None:
    result = run(tmp_path, files(TWO))
    found = of(result, "DATA001", "Db")
    assert sorted(told(found)) == [("root/Live", "pass", {}), ("root/Trial", "fail", {})]
    assert len({finding.fingerprint for finding in found}) == 2


def test_the_roots_name_is_no_part_of_a_fingerprint(tmp_path: Path) -> None:
    one = run(tmp_path / "a", {**files(TWO)})
    other = run(tmp_path / "b", {"stack.yaml": TWO, "network.yaml": NETWORK, "store.yaml": STORE})
    assert {f.fingerprint for f in one.findings} == {f.fingerprint for f in other.findings}
    assert {f.stack for f in other.findings} == {"stack/Live", "stack/Trial"}


CONDITIONAL = """
Parameters:
  With: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  WithStore: !Equals [!Ref With, "yes"]
  Without: !Not [!Condition WithStore]
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: network.yaml, Parameters: {Env: prod}}
  Data:
    Type: AWS::CloudFormation::Stack
    Condition: %s
    Properties:
      TemplateURL: store.yaml
      Parameters:
        Env: !If [WithStore, dev, prod]
        Subnets: !GetAtt Network.Outputs.Subnets
"""


def test_resources_of_a_child_exist_only_where_the_parents_condition_makes_it(tmp_path: Path) -> None:
    made = run(tmp_path / "a", files(CONDITIONAL % "WithStore"))
    assert told(of(made, "DATA001", "Db")) == [("root/Data", "fail", {"WithStore": True})]
    left_out = run(tmp_path / "b", files(CONDITIONAL % "Without"))
    assert told(of(left_out, "DATA001", "Db")) == [("root/Data", "pass", {})]


def test_what_is_not_passed_has_the_childs_default_and_no_other_value(tmp_path: Path) -> None:
    root = ROOT.replace("{Env: !Ref Env, Subnets", "{Subnets")
    assert told(of(run(tmp_path, files(root)), "DATA001", "Db")) == [("root/Data", "fail", {})]


def test_a_remote_template_leaves_what_it_gives_unknown_by_name(tmp_path: Path) -> None:
    root = ROOT.replace("./network.yaml", "https://s3.amazonaws.com/bucket/network.yaml")
    result = run(tmp_path, files(root))
    (finding,) = of(result, "DATA002", "Db")
    assert finding.verdict.value == "unknown"
    assert [missing.what for missing in finding.missing] == [
        "nested stack Network, whose template is not in the run, decides Outputs.Subnets"
    ]
    assert "nested-remote" in {diagnostic.code for diagnostic in result.diagnostics}


def test_a_template_that_nests_itself_is_refused(tmp_path: Path) -> None:
    loop = "Resources: {Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}}\n"
    result = run(tmp_path, {"a.yaml": loop % "b.yaml", "b.yaml": loop % "a.yaml"})
    assert problems(result) == [("error", "nested-recursion")]
    assert result.incomplete


def test_a_missing_or_outside_template_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(STORE)
    nesting = "Resources: {Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}}\n"
    result = run(tmp_path / "in", {"a.yaml": nesting % "gone.yaml", "b.yaml": nesting % "../outside.yaml"})
    assert problems(result) == [("error", "nested-missing")] * 2
    assert {str(d.message) for d in result.diagnostics if d.code == "nested-missing"} == {
        "nested stack Child is not checked: gone.yaml does not exist",
        "nested stack Child is not checked: ../outside.yaml lies outside of the project",
    }


def test_a_passed_value_that_the_child_refuses_is_an_error(tmp_path: Path) -> None:
    child = STORE.replace("Env: {Type: String, Default: dev}", "Env: {Type: String, AllowedValues: [dev]}")
    result = run(tmp_path, files(TWO) | {"store.yaml": child})
    assert problems(result) == [("error", "nested-parameter-refused")]


APPLICATION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Network:
    Type: AWS::Serverless::Application
    Properties: {Location: parts/network.yaml, Parameters: {Env: prod}}
  Data:
    Type: AWS::Serverless::Application
    Properties:
      Location: parts/store.yaml
      Parameters: {Env: prod, Subnets: !GetAtt Network.Outputs.Subnets}
"""


def test_a_sam_application_is_a_nested_stack(tmp_path: Path) -> None:
    result = run(tmp_path, {"app.yaml": APPLICATION, "parts/network.yaml": NETWORK, "parts/store.yaml": STORE})
    assert told(of(result, "DATA002", "Db")) == [("app/Data", "pass", {})]
    assert [template.path for template in result.templates] == ["app.yaml", "parts/network.yaml", "parts/store.yaml"]


DEEP = """
Resources:
  Middle:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: root.yaml, Parameters: {Env: prod}}
"""


def test_nesting_goes_to_any_depth(tmp_path: Path) -> None:
    result = run(tmp_path, files(ROOT, **{"top.yaml": DEEP}))
    assert told(of(result, "DATA001", "Db")) == [("top/Middle/Data", "pass", {})]
    assert of(result, "DATA001", "Db")[0].nested == "Middle/Data"
