"""cfn-lint: its matches as findings at the written place, its own suppressions, and what SAM implies."""

from pathlib import Path

import pytest

from tests.harness import line_of
from tests.validator.engines.running import engine_input, judged, one, process
from validator.engines import cfn_lint
from validator.model import Category, Severity, SuppressionKind, Verdict

MISTAKES = """\
Parameters:
  Unused: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: [1]
      NoSuchProperty: 1
"""


def test_an_error_is_high_and_a_warning_low_at_their_exact_places() -> None:
    found = judged("cfn-lint", MISTAKES)
    error, warning = one(found, "E3002"), one(found, "W2001")
    assert (error.severity, warning.severity) == (Severity.HIGH, Severity.LOW)
    assert (error.span.line, error.span.column) == (line_of(MISTAKES, "NoSuchProperty"), 7)
    assert (warning.span.line, warning.span.column) == (line_of(MISTAKES, "Unused"), 3)
    assert (error.resource, error.resource_type, error.target) == (
        "Queue",
        "AWS::SQS::Queue",
        "Properties.NoSuchProperty",
    )
    assert (warning.resource, warning.resource_type) == ("Unused", "Parameters")
    assert error.message == "Additional properties are not allowed ('NoSuchProperty' was unexpected)"
    assert error.category is Category.TEMPLATE_VALIDITY
    assert error.source == "cfn-lint"


def test_json_has_columns_as_well() -> None:
    template = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue",\n  "Properties": {"NoSuchProperty": 1}}}}\n'
    span = one(judged("cfn-lint", template), "E3002").span
    assert (span.line, span.column) == (2, 18)


@pytest.mark.parametrize(
    ("where", "entry", "hidden"),
    [
        ("template", "E3002", {"E3002"}),
        ("template", "E3", {"E3002", "E3012"}),
        ("template", "W", set()),
        ("resource", "E3002", {"E3002"}),
        # For a resource cfn-lint takes full ids only.
        ("resource", "E3", set()),
    ],
)
def test_its_own_suppressions_are_honoured_and_shown(where: str, entry: str, hidden: set[str]) -> None:
    metadata = f"Metadata: {{cfn-lint: {{config: {{ignore_checks: [{entry}]}}}}}}\n"
    template = MISTAKES.replace("  Unused: {Type: String}\n", "").replace("Parameters:\n", "")
    if where == "template":
        template = metadata + template
    else:
        template = template.replace("    Properties:", f"    {metadata}    Properties:")
    found = judged("cfn-lint", template)
    assert {item.rule for item in found} == {"E3002", "E3012"}
    assert {item.rule for item in found if item.verdict is Verdict.SUPPRESSED} == hidden
    for item in found:
        if item.suppression is not None:
            assert item.suppression.kind is SuppressionKind.ENGINE
            assert item.suppression.reason == "no reason given"
            assert item.suppression.span is not None
            assert item.suppression.span.line == line_of(template, "cfn-lint")
    assert {item.verdict for item in judged("cfn-lint", template, suppressions=False)} == {Verdict.FAIL}


IMPLIED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      InlineCode: pass%s
Outputs:
  Alias: {Value: !Sub "${Get.Alias}"}
"""


def test_what_sam_makes_is_no_mistake() -> None:
    (finding,) = judged("cfn-lint", IMPLIED % "\n      AutoPublishAlias: live")
    assert (finding.rule, finding.verdict) == ("E6101", Verdict.REFUTED)
    assert finding.refutation is not None
    assert finding.refutation.statement == (
        "Get.Alias exists: SAM makes GetAliaslive of Get when the template is deployed"
    )
    assert [(step.resource, step.relation) for step in finding.refutation.proof] == [
        ("Get", "makes GetAliaslive (AWS::Lambda::Alias)")
    ]


def test_what_sam_does_not_make_is_one() -> None:
    assert [item.verdict for item in judged("cfn-lint", IMPLIED % "")] == [Verdict.FAIL]


def test_a_template_that_it_does_not_read_is_an_error_and_a_finding() -> None:
    given = engine_input("Resources:\n  A: {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SNS::Topic}\n")
    result = cfn_lint.judged(given, [process("cfn-lint").ask(request) for request in cfn_lint.requests(given)])
    assert {item.rule for item in result.findings} == {"E0000"}
    (problem,) = result.diagnostics
    assert problem.level.value == "error"
    assert problem.message.startswith("template.yaml: cfn-lint cannot read it, so nothing was linted: Duplicate")


def test_a_rule_that_crashes_is_an_error_and_no_finding() -> None:
    match = {"rule": "E0002", "message": "Unknown exception while processing rule E3012: 'x'", "path": []}
    places = {"line": 1, "column": 1, "end_line": 1, "end_column": 2}
    result = cfn_lint.judged(engine_input(MISTAKES), [{"unread": False, "matches": [{**match, **places}]}])
    assert result.findings == ()
    assert [item.message for item in result.diagnostics] == [
        "template.yaml: cfn-lint failed: Unknown exception while processing rule E3012: 'x'"
    ]


def test_it_runs_nothing_of_the_reviewed_project(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "Own.py").write_text(f"open({str(mark)!r}, 'w')\n")
    template = f"Metadata: {{cfn-lint: {{config: {{append_rules: ['{tmp_path / 'rules'}']}}}}}}\n" + MISTAKES
    assert one(judged("cfn-lint", template), "E3002").verdict is Verdict.FAIL
    assert not mark.exists()
