"""Parameters, SAM environments and assumptions: what a run is told beside its templates."""

from datetime import date
from pathlib import Path

import pytest

from rules.private_data.store_in_public_subnet import StoreInPublicSubnet
from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, at, check, only, remarks, verdicts
from validator.model import DiagnosticLevel, Review, SettingsError, UsageError
from validator.review import ReviewRequest, discover_templates, load_stack
from validator.settings import given_on_command_line

TEMPLATE = """\
Parameters:
  Name:
    Type: String
    AllowedValues: [open, closed]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Name
"""
OTHER = "Parameters: {Size: {Type: Number}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\n"
IMPORTING = TEMPLATE.replace("!Ref Name", "!ImportValue net-Name")


@pytest.fixture(autouse=True)
def _one_rule(use_rules: UseRules) -> None:
    use_rules(CLOSED)


def given(folder: Path, *assignments: str, **files: str) -> Review:
    layers = (given_on_command_line(assignments),)
    return check(folder, {"queue.yaml": TEMPLATE, **files}, parameters=layers)


@pytest.mark.parametrize(("value", "verdict"), [("open", "fail"), ("closed", "pass")])
def test_a_given_value_decides(tmp_path: Path, value: str, verdict: str) -> None:
    assert verdicts(given(tmp_path, f"Name={value}")) == {"Queue": verdict}


def test_a_name_that_no_template_declares_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        given(tmp_path, "Nam=open", "Size=3")

    assert refused.value.message == (
        "--parameter: no template of the run declares a parameter 'Nam': did you mean 'Name'?\n"
        "--parameter: no template of the run declares a parameter 'Size'"
    )


def test_a_name_that_one_template_declares_serves_the_run(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        {"queue.yaml": TEMPLATE, "topic.yaml": OTHER},
        parameters=(given_on_command_line(["Name=closed", "Size=3"]),),
    )

    assert verdicts(result) == {"Queue": "pass"}
    assert result.diagnostics == ()


def test_a_value_that_is_not_allowed_stops_its_template(tmp_path: Path) -> None:
    result = given(tmp_path, "Name=ajar")

    assert result.findings == ()
    (remark,) = result.diagnostics
    assert remark.level is DiagnosticLevel.ERROR
    assert remark.message == (
        "--parameter: parameter 'Name' has the value 'ajar', which is not allowed: allowed are open, closed "
        "(declared at queue.yaml:3:5)"
    )
    assert result.incomplete


def test_the_command_line_beats_the_settings(tmp_path: Path) -> None:
    files = {"queue.yaml": TEMPLATE, "tierlens.toml": '[parameters]\nName = "open"\n'}

    assert verdicts(check(tmp_path, files)) == {"Queue": "fail"}
    stronger = (given_on_command_line(["Name=closed"]),)
    assert verdicts(check(tmp_path, files, parameters=stronger)) == {"Queue": "pass"}


def test_parameter_files_of_the_settings_are_read(tmp_path: Path) -> None:
    files = {
        "queue.yaml": TEMPLATE,
        "values.json": '[{"ParameterKey": "Name", "ParameterValue": "closed"}]',
        "tierlens.toml": 'parameter-files = ["values.json"]\n',
    }

    assert verdicts(check(tmp_path, files)) == {"Queue": "pass"}


def test_settings_may_name_what_a_run_does_not_have(tmp_path: Path) -> None:
    result = check(tmp_path, {"queue.yaml": TEMPLATE, "tierlens.toml": '[parameters]\nNam = "open"\n'})

    (remark,) = remarks(result, "parameter-undeclared")
    assert (remark.level, at(remark.span)) == (DiagnosticLevel.NOTICE, ("tierlens.toml", 2, 1))
    assert not result.incomplete
    assert "tierlens.toml" not in result.sources


SAMCONFIG = """\
version = 0.1
[prod.deploy.parameters]
parameter_overrides = "Name=closed"
"""


def test_a_named_sam_environment_gives_its_values(tmp_path: Path) -> None:
    files = {"queue.yaml": TEMPLATE, "samconfig.toml": SAMCONFIG}

    assert verdicts(check(tmp_path, files)) == {"Queue": "unknown"}
    named = {**files, "tierlens.toml": 'samconfig-environment = "prod"\n'}
    assert verdicts(check(tmp_path, named)) == {"Queue": "pass"}


def test_an_environment_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    files = {
        "queue.yaml": TEMPLATE,
        "samconfig.toml": SAMCONFIG,
        "tierlens.toml": 'samconfig-environment = "prd"\n',
    }

    (remark,) = check(tmp_path, files).diagnostics

    assert remark.level is DiagnosticLevel.ERROR
    assert "there is no environment 'prd': did you mean 'prod'?" in remark.message


def test_an_environment_without_any_samconfig_is_an_error(tmp_path: Path) -> None:
    result = check(tmp_path, {"queue.yaml": TEMPLATE, "tierlens.toml": 'samconfig-environment = "prod"\n'})

    assert verdicts(result) == {"Queue": "unknown"}
    assert [(d.level, d.message) for d in remarks(result, "samconfig-missing")] == [
        (
            DiagnosticLevel.ERROR,
            "the SAM environment 'prod' gives no values: no template has a samconfig.toml beside it",
        )
    ]


def assume(subject: str, *, is_: str = "value", more: str = 'value = "closed"') -> str:
    return f'[[assume]]\nsubject = "{subject}"\nis = "{is_}"\nreason = "the network team says so"\n{more}\n'


@pytest.mark.parametrize(
    ("template", "subject"),
    [(TEMPLATE, "parameter:Name"), (IMPORTING, "import:net-Name")],
    ids=["parameter", "import"],
)
def test_an_assumed_value_settles_an_unknown(tmp_path: Path, template: str, subject: str) -> None:
    assert verdicts(check(tmp_path / "before", {"queue.yaml": template})) == {"Queue": "unknown"}

    result = check(tmp_path / "after", {"queue.yaml": template, "tierlens.toml": assume(subject)})

    assert verdicts(result) == {"Queue": "pass"}
    assert result.diagnostics == ()


def test_an_assumption_says_what_an_ssm_parameter_holds(tmp_path: Path) -> None:
    template = TEMPLATE.replace("Type: String", "Type: AWS::SSM::Parameter::Value<String>\n    Default: /queue/name")
    template = template.replace("    AllowedValues: [open, closed]\n", "")

    result = check(tmp_path, {"queue.yaml": template, "tierlens.toml": assume("parameter:Name")})

    assert verdicts(result) == {"Queue": "pass"}
    assert result.diagnostics == ()


def test_an_assumption_about_a_place_counts_as_used(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(StoreInPublicSubnet())
    store = (
        "Parameters: {Ids: {Type: 'List<AWS::EC2::Subnet::Id>'}}\nResources:\n  Store:\n    Type: AWS::RDS::DBProxy\n"
    )
    template = f"{store}    Properties: {{VpcSubnetIds: !Ref Ids}}\n"
    entry = assume("parameter:Ids", is_="private-subnet", more="")

    result = check(tmp_path, {"store.yaml": template, "tierlens.toml": entry})

    assert verdicts(result) == {"Store": "pass"}
    assert result.diagnostics == ()


def test_an_assumption_never_beats_a_given_value(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        {"queue.yaml": TEMPLATE, "tierlens.toml": assume("parameter:Name")},
        parameters=(given_on_command_line(["Name=open"]),),
    )

    assert verdicts(result) == {"Queue": "fail"}


@pytest.mark.parametrize(
    ("subject", "is_", "more"),
    [
        ("parameter:Nam", "value", 'value = "closed"'),
        ("import:net-Nam", "value", 'value = "closed"'),
        ("parameter:Name", "private-subnet", ""),
    ],
)
def test_an_assumption_that_settles_nothing_is_reported(tmp_path: Path, subject: str, is_: str, more: str) -> None:
    result = check(tmp_path, {"queue.yaml": TEMPLATE, "tierlens.toml": assume(subject, is_=is_, more=more)})

    assert verdicts(result) == {"Queue": "unknown"}
    (remark,) = remarks(result, "assumption-unused")
    assert remark.message == f"the assumption about {subject} settles nothing in this run"
    assert (remark.level, at(remark.span)) == (DiagnosticLevel.NOTICE, ("tierlens.toml", 1, 3))


@pytest.mark.parametrize(("today", "verdict"), [(date(2026, 12, 31), "pass"), (date(2027, 1, 1), "unknown")])
def test_an_assumption_holds_until_its_last_day(tmp_path: Path, today: date, verdict: str) -> None:
    entry = assume("parameter:Name", more='value = "closed"\nuntil = 2026-12-31')

    result = check(tmp_path, {"queue.yaml": TEMPLATE, "tierlens.toml": entry}, today=today)

    assert verdicts(result) == {"Queue": verdict}
    lapsed = "the assumption about parameter:Name lapsed after 2026-12-31 and is not applied"
    assert [d.message for d in remarks(result, "assumption-lapsed")] == ([] if verdict == "pass" else [lapsed])


def test_a_wrong_parameter_file_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"values\.json"):
        check(
            tmp_path,
            {"queue.yaml": TEMPLATE, "values.json": "{", "tierlens.toml": 'parameter-files = ["values.json"]\n'},
        )


def test_the_excerpt_of_a_secret_is_not_kept(tmp_path: Path) -> None:
    files = {"queue.yaml": TEMPLATE, "tierlens.toml": '[parameters]\nPassword = "hunter2"\n'}

    result = check(tmp_path, files)

    assert "hunter2" not in "".join(result.sources.values())
    assert only(result).verdict.value == "unknown"


@pytest.mark.parametrize(("root_is_given", "read"), [(False, True), (True, False)])
def test_a_template_outside_the_root_is_read_with_its_own_project(
    tmp_path: Path, root_is_given: bool, read: bool
) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "api.yaml").write_text("openapi: 3.0.1\npaths: {}\n")
    template = project / "template.yaml"
    template.write_text(
        "Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: api.yaml}}}\n"
    )

    request = ReviewRequest((str(template),), elsewhere, root_is_given=root_is_given)
    (file,) = discover_templates(request).files
    included = load_stack(file, request).template.included

    assert [Path(document.path).name for document in included] == (["api.yaml"] if read else [])
