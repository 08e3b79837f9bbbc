"""checkov: what it says of the expanded and resolved template, led back to what a person wrote."""

import pytest

from tests.harness import line_of
from tests.validator.engines.running import engine_input, judged, one, process, verdicts
from validator.engines.checkov import CheckovTemplate
from validator.model import Category, Severity, Suppression, SuppressionKind, Verdict

PUBLIC_BLOCK = """\
Parameters:
  Lock: {Type: String, Default: "%s"}
Conditions:
  Locked: !Equals [!Ref Lock, "true"]
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: !If
        - Locked
        - {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
        - !Ref AWS::NoValue
"""


@pytest.mark.parametrize(("default", "verdict"), [("true", Verdict.PASS), ("false", Verdict.FAIL)])
def test_a_condition_is_decided_as_at_defaults(default: str, verdict: Verdict) -> None:
    found = judged("checkov", PUBLIC_BLOCK % default)
    assert {one(found, rule).verdict for rule in ("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56")} == {
        verdict
    }


def test_a_given_value_decides_as_well() -> None:
    assert one(judged("checkov", PUBLIC_BLOCK % "true", Lock="false"), "CKV_AWS_53").verdict is Verdict.FAIL


def test_a_failure_bound_to_a_condition_names_it() -> None:
    found = judged("checkov", PUBLIC_BLOCK % "false")
    assert one(found, "CKV_AWS_53").scenario == {"Locked": False}
    assert one(found, "CKV_AWS_53").at_defaults
    # Logging lacks on both sides: no condition is named.
    assert one(found, "CKV_AWS_18").scenario == {}


def test_both_sides_of_what_the_defaults_leave_open_are_judged() -> None:
    template = (PUBLIC_BLOCK % "").replace(', Default: ""', "")
    finding = one(judged("checkov", template), "CKV_AWS_53")
    assert (finding.verdict, finding.scenario, finding.at_defaults) == (Verdict.FAIL, {"Locked": False}, True)


def test_a_resource_that_is_missing_at_defaults_is_judged_too() -> None:
    template = """\
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Always:
    Type: AWS::SNS::Topic
  OnlyProd:
    Type: AWS::S3::Bucket
    Condition: IsProd
"""
    finding = one(judged("checkov", template), "CKV_AWS_18")
    assert (finding.verdict, finding.resource) == (Verdict.FAIL, "OnlyProd")
    assert finding.scenario == {"IsProd": True}
    assert not finding.at_defaults
    assert finding.span.line == line_of(template, "OnlyProd:")


def test_the_place_is_the_property_that_was_looked_at() -> None:
    template = """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: true
"""
    found = judged("checkov", template)
    public, encrypted = one(found, "CKV_AWS_17"), one(found, "CKV_AWS_16")
    assert (public.span.line, public.span.column) == (line_of(template, "PubliclyAccessible"), 7)
    assert (encrypted.span.line, encrypted.span.column) == (line_of(template, "Database:"), 3)
    assert public.resource_type == "AWS::RDS::DBInstance"
    assert public.category is Category.RESOURCE_CONFIGURATION
    assert public.severity is Severity.HIGH
    assert public.source == "checkov"
    assert public.message == "Database does not meet this: All data stored in RDS is not publicly accessible"
    assert public.why == "What the whole Internet can reach or read is found and tried within minutes."


@pytest.mark.parametrize(
    ("declaration", "verdict"),
    [
        ('{Type: String, Default: "true"}', Verdict.FAIL),
        ('{Type: String, Default: "false"}', Verdict.PASS),
        ("{Type: String}", Verdict.UNKNOWN),
    ],
)
def test_a_parameter_decides_only_when_it_has_a_value(declaration: str, verdict: Verdict) -> None:
    template = f"""\
Parameters:
  Public: {declaration}
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      PubliclyAccessible: !Ref Public
"""
    finding = one(judged("checkov", template), "CKV_AWS_17")
    assert finding.verdict is verdict
    assert [missing.key for missing in finding.missing] == (
        ["parameter:Public"] if verdict is Verdict.UNKNOWN else []
    )


SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Tracing: Active
Resources:
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      InlineCode: pass
      Policies:
        - Statement:
            - Effect: Allow
              Action: s3:*
              Resource: "*"
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
"""


def test_what_sam_makes_is_judged_and_led_back() -> None:
    found = judged("checkov", SAM)
    role = one(found, "CKV_AWS_111")
    assert (role.verdict, role.resource, role.resource_type) == (
        Verdict.FAIL,
        "Resize",
        "AWS::Serverless::Function",
    )
    assert role.target == "ResizeRole"
    assert role.span.path == "template.yaml"
    assert line_of(SAM, "  Resize:") <= role.span.line <= len(SAM.splitlines())
    stage = one(found, "CKV_AWS_73")
    assert (stage.resource, stage.target, stage.verdict) == ("Resize", "ServerlessRestApiProdStage", Verdict.FAIL)
    function = one(found, "CKV_AWS_116")
    assert (function.resource, function.target) == ("Resize", "")


SKIPPED = """\
Resources:
  # checkov:skip=CKV_AWS_21:above the key it speaks to nobody
  Files:
    # checkov:skip=CKV_AWS_18:the access log bucket itself
    Type: AWS::S3::Bucket
    Metadata:
      checkov:
        skip:
          - {id: CKV_AWS_53, comment: public on purpose}
          - {id: CKV_AWS_54}
  # checkov:skip=CKV_AWS_55:belongs to the next
  Other:
    Type: AWS::S3::Bucket
"""


def test_its_own_suppressions_are_honoured_and_shown() -> None:
    found = judged("checkov", SKIPPED)
    comment = one(found, "CKV_AWS_18", "Files")
    assert comment.verdict is Verdict.SUPPRESSED
    assert comment.suppression is not None
    assert comment.suppression.reason == "the access log bucket itself"
    assert comment.suppression.kind is SuppressionKind.ENGINE
    assert comment.suppression.span is not None
    assert (comment.suppression.span.line, comment.suppression.span.column) == (4, 7)
    reasons = {
        rule: finding.suppression.reason
        for rule in ("CKV_AWS_53", "CKV_AWS_54")
        if isinstance((finding := one(found, rule, "Files")).suppression, Suppression)
    }
    assert reasons == {"CKV_AWS_53": "public on purpose", "CKV_AWS_54": "no reason given"}
    assert verdicts(found, "CKV_AWS_18")["Other"] is Verdict.FAIL
    assert verdicts(found, "CKV_AWS_21") == {"Files": Verdict.FAIL, "Other": Verdict.FAIL}
    assert verdicts(found, "CKV_AWS_55")["Other"] is Verdict.FAIL


def test_without_suppressions_they_fail() -> None:
    assert verdicts(judged("checkov", SKIPPED, suppressions=False), "CKV_AWS_18") == {
        "Files": Verdict.FAIL,
        "Other": Verdict.FAIL,
    }


def test_policies_of_two_templates_do_not_mix() -> None:
    policy = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: same
          PolicyDocument:
            Statement: [{Effect: Allow, Action: [%s], Resource: ["%s"]}]
"""
    assert one(judged("checkov", policy % ("s3:PutObject", "*")), "CKV_AWS_111").verdict is Verdict.FAIL
    safe = policy % ("s3:PutObject", "arn:aws:s3:::files/*")
    assert one(judged("checkov", safe), "CKV_AWS_111").verdict is Verdict.PASS


def test_resources_that_were_not_looked_at_are_an_error() -> None:
    work = CheckovTemplate(engine_input("Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}}\n"))
    answer = process("checkov").ask(work.requests()[0])
    assert answer["scanned"] == 2
    (problem,) = work.judged([{**answer, "scanned": 1}]).diagnostics
    assert problem.message == "template.yaml: checkov looked at 1 of 2 resources"
    assert problem.level.value == "error"


MACRO = """\
Transform: %s
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration: {DestinationBucketName: logs}
"""


def test_a_macro_that_may_change_anything_makes_a_pass_unknown_and_leaves_a_failure() -> None:
    found = judged("checkov", MACRO % "OurMacro")
    passed, failed = one(found, "CKV_AWS_18"), one(found, "CKV_AWS_21")
    assert (passed.verdict, failed.verdict) == (Verdict.UNKNOWN, Verdict.FAIL)
    assert passed.missing
    assert one(judged("checkov", MACRO % "AWS::LanguageExtensions"), "CKV_AWS_18").verdict is Verdict.PASS


def test_what_sam_refuses_is_unknown() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      InlineCode: pass
      Runtime: python3.12
      Events:
        Wrong: {Type: NoSuchEvent}
"""
    finding = one(judged("checkov", template), "CKV_AWS_116")
    assert finding.verdict is Verdict.UNKNOWN
    assert [missing.key for missing in finding.missing] == ["refused:Resize"]
