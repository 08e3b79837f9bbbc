"""What a run says of its templates: verdicts, order, scenarios, fingerprints."""

from pathlib import Path

import pytest

from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, OPEN_QUEUE, at, check, closed, fake_rule, only, remarks, verdicts
from validator.model import Category, DiagnosticLevel, Evidence, Missing, Review, Severity, TemplateSummary, Verdict
from validator.triage import exit_status


@pytest.fixture(autouse=True)
def _one_rule(use_rules: UseRules) -> None:
    use_rules(CLOSED)


def status(result: Review) -> int:
    return exit_status(result, Severity.MEDIUM)


def test_a_failure_has_everything_a_report_shows(tmp_path: Path) -> None:
    result = check(tmp_path, {"app/queue.yaml": OPEN_QUEUE})

    finding = only(result)
    assert (finding.rule, finding.category, finding.verdict, finding.severity) == (
        "AUTH001",
        Category.API_AUTH,
        Verdict.FAIL,
        Severity.HIGH,
    )
    assert (finding.resource, finding.resource_type) == ("Queue", "AWS::SQS::Queue")
    assert (finding.message, finding.why, finding.fix) == ("Queue is open", "why AUTH001", "close it")
    assert finding.lens == ("SEC1",)
    assert at(finding.span) == ("app/queue.yaml", 5, 18)
    assert finding.evidence == (Evidence("Queue", "is named open", finding.span),)
    assert (finding.scenario, finding.at_defaults) == ({}, True)
    assert result.templates == (TemplateSummary("app/queue.yaml", "cloudformation", 1, True),)
    assert result.sources == {"app/queue.yaml": OPEN_QUEUE}
    assert result.rules["AUTH001"].title == "title of AUTH001"
    assert result.diagnostics == ()
    assert status(result) == 1


def test_a_pass_is_recorded(tmp_path: Path) -> None:
    result = check(tmp_path, {"queue.yaml": OPEN_QUEUE.replace("open", "shut")})

    assert verdicts(result) == {"Queue": "pass"}
    assert status(result) == 0


NAMED_BY_PARAMETER = """\
Parameters:
  Name:
    Type: String
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Name
"""


def test_a_parameter_without_value_is_unknown_and_named(tmp_path: Path) -> None:
    finding = only(check(tmp_path, {"queue.yaml": NAMED_BY_PARAMETER}))

    assert finding.verdict is Verdict.UNKNOWN
    assert [missing.key for missing in finding.missing] == ["parameter:Name"]


CONDITIONAL = """\
Parameters:
  Stage:
    Type: String
    AllowedValues: [dev, prod]
    Default: {default}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !If [IsProd, closed, open]
"""


@pytest.mark.parametrize(("default", "reached"), [("dev", True), ("prod", False)])
def test_a_failure_names_the_conditions_it_holds_under(tmp_path: Path, default: str, reached: bool) -> None:
    finding = only(check(tmp_path, {"queue.yaml": CONDITIONAL.format(default=default)}))

    assert finding.verdict is Verdict.FAIL
    assert finding.scenario == {"IsProd": False}
    assert finding.at_defaults is reached
    assert at(finding.span) == ("queue.yaml", 12, 39)


def test_a_failure_under_every_condition_names_none(tmp_path: Path) -> None:
    template = CONDITIONAL.format(default="dev").replace("closed", "open")

    assert {tuple(finding.scenario.items()) for finding in check(tmp_path, {"queue.yaml": template}).findings} == {
        (("IsProd", True),),
        (("IsProd", False),),
    }


def test_a_refused_sam_resource_leaves_its_rules_unknown(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(fake_rule("AUTH002", closed, subjects=("AWS::Lambda::Function",)), CLOSED)
    template = (
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Handler:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Handler: app.handler\n"
        "      Runtime: python3.13\n"
        "      InlineCode: 'pass'\n"
        "      Events:\n"
        "        Get: {Type: Api, Properties: {Path: /a}}\n"
    )

    result = check(tmp_path, {"template.yaml": template})

    finding = only(result)
    assert (finding.rule, finding.verdict, finding.resource) == ("AUTH002", Verdict.UNKNOWN, "Handler")
    assert finding.message == "Handler is not decided: SAM refuses it"
    assert finding.missing[0].key == "sam:Handler"
    assert [d.level for d in remarks(result, "sam-refused")] == [DiagnosticLevel.ERROR]
    assert status(result) == 2


def test_a_duplicated_key_leaves_what_rests_on_it_unknown(tmp_path: Path) -> None:
    doubled = OPEN_QUEUE.replace("      QueueName: open\n", "      QueueName: open\n      QueueName: closed\n")

    result = check(tmp_path, {"queue.yaml": doubled})

    assert verdicts(result) == {"Queue": "unknown"}
    (remark,) = remarks(result, "duplicate-key")
    assert (remark.level, at(remark.span)) == (DiagnosticLevel.WARNING, ("queue.yaml", 6, 7))


def test_findings_come_by_file_then_worst_first(tmp_path: Path, use_rules: UseRules) -> None:
    low = fake_rule("AUTH009", closed, severity=Severity.LOW)
    critical = fake_rule("TIER001", closed, severity=Severity.CRITICAL, category=Category.TIER_SEPARATION)
    use_rules(low, CLOSED, critical)
    several = (
        "Resources:\n"
        "  Closed: {Type: AWS::SQS::Queue, Properties: {QueueName: closed}}\n"
        "  Undecided: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue Name}}\n"
        "  Later: {Type: AWS::SQS::Queue, Properties: {QueueName: open}}\n"
        "  Last: {Type: AWS::SQS::Queue, Properties: {QueueName: open}}\n"
    )

    found = check(tmp_path, {"b.yaml": several, "a.yaml": OPEN_QUEUE}).findings

    assert [(f.span.path, f.verdict.value, f.rule, f.resource) for f in found] == [
        ("a.yaml", "fail", "TIER001", "Queue"),
        ("a.yaml", "fail", "AUTH001", "Queue"),
        ("a.yaml", "fail", "AUTH009", "Queue"),
        ("b.yaml", "fail", "TIER001", "Later"),
        ("b.yaml", "fail", "TIER001", "Last"),
        ("b.yaml", "fail", "AUTH001", "Later"),
        ("b.yaml", "fail", "AUTH001", "Last"),
        ("b.yaml", "fail", "AUTH009", "Later"),
        ("b.yaml", "fail", "AUTH009", "Last"),
        ("b.yaml", "unknown", "TIER001", "Undecided"),
        ("b.yaml", "unknown", "AUTH001", "Undecided"),
        ("b.yaml", "unknown", "AUTH009", "Undecided"),
        ("b.yaml", "pass", "TIER001", "Closed"),
        ("b.yaml", "pass", "AUTH001", "Closed"),
        ("b.yaml", "pass", "AUTH009", "Closed"),
    ]


def test_fingerprints_outlive_moved_lines_and_renamed_files(tmp_path: Path) -> None:
    before = only(check(tmp_path / "before", {"queue.yaml": OPEN_QUEUE}))
    after = only(check(tmp_path / "after", {"moved/other.yaml": "# a line\n\nDescription: new\n" + OPEN_QUEUE}))
    other = only(check(tmp_path / "other", {"queue.yaml": OPEN_QUEUE.replace("Queue:", "Second:", 1)}))

    assert before.span != after.span
    assert before.fingerprint == after.fingerprint
    assert before.fingerprint != other.fingerprint


def test_two_failures_of_one_rule_on_one_resource_have_two_fingerprints(tmp_path: Path) -> None:
    template = CONDITIONAL.format(default="dev").replace("closed", "open")

    found = check(tmp_path, {"queue.yaml": template}).findings

    assert [finding.ordinal for finding in found] == [0, 1]
    assert len({finding.fingerprint for finding in found}) == 2


def test_missing_inputs_are_named_once(tmp_path: Path) -> None:
    finding = only(check(tmp_path, {"queue.yaml": OPEN_QUEUE.replace("open", "!ImportValue Network-Name")}))

    assert finding.missing == (
        Missing(
            "another stack exports Network-Name, and its value is not in this template",
            'assume it in the configuration: subject = "import:Network-Name", with a reason',
            "import:Network-Name",
        ),
    )


def test_a_resource_of_a_condition_is_judged_where_it_exists(tmp_path: Path) -> None:
    template = OPEN_QUEUE.replace("Properties", "Condition: IsProd\n    Properties", 1)
    head = "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"

    finding = only(check(tmp_path, {"queue.yaml": head + template}))

    assert (dict(finding.scenario), finding.at_defaults) == ({"IsProd": True}, False)
