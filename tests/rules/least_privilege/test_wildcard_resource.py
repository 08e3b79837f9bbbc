"""IAM003 beyond its examples: which actions need ``*``, which ARNs are a whole service, what scopes a statement."""

import pytest

from rules.least_privilege.wildcard_resource import WildcardResource
from tests.harness import findings, line_of
from validator.model import Finding, Severity, Verdict

POLICY = """\
Parameters:
  Name: {{Type: String}}
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: {resource}
            {more}
"""


def judge(action: str, resource: str = '"*"', more: str = "Sid: A") -> Finding:
    (finding,) = findings(POLICY.format(action=action, resource=resource, more=more), WildcardResource)
    return finding


@pytest.mark.parametrize(
    "action",
    [
        "xray:PutTraceSegments",
        "logs:DescribeLogGroups",
        "ec2:DescribeNetworkInterfaces",
        "[ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface, ec2:DescribeNetworkInterfaces]",
        "cloudwatch:PutMetricData",
        "polly:PutLexicon",
        "s3:ListTagsForResource",
        "s3-object-lambda:WriteGetObjectResponse",
        "s3:ListAllMyBuckets",
        "textract:DetectDocumentText",
        "rekognition:DetectModerationLabels",
        "states:SendTaskSuccess",
        "secretsmanager:GetRandomPassword",
        "translate:TranslateText",
        "codedeploy:PutLifecycleEventHookExecutionStatus",
        "xray:Put*",
    ],
)
def test_actions_that_need_everything_pass(action: str) -> None:
    assert judge(action).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("action", "severity"),
    [
        ("s3:GetObject", Severity.MEDIUM),
        ("s3:ListBucket", Severity.LOW),
        ("dynamodb:putitem", Severity.HIGH),
        ("secretsmanager:GetSecretValue", Severity.HIGH),
        ("kms:Decrypt", Severity.HIGH),
        ("events:PutEvents", Severity.HIGH),
        ("lambda:InvokeFunction", Severity.HIGH),
        ("execute-api:Invoke", Severity.HIGH),
        ("es:ESHttpGet", Severity.MEDIUM),
        ("[logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents]", Severity.LOW),
        ("sns:Publish", Severity.LOW),
        ("s3:*", Severity.HIGH),
    ],
)
def test_actions_that_could_name_a_resource_fail(action: str, severity: Severity) -> None:
    finding = judge(action)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)


@pytest.mark.parametrize(
    ("action", "resource", "verdict"),
    [
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/*", Verdict.FAIL),
        (
            "dynamodb:PutItem",
            "!Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*",
            Verdict.FAIL,
        ),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/*/index/*", Verdict.FAIL),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/tickets*", Verdict.PASS),
        ("s3:GetObject", "arn:aws:s3:::*", Verdict.FAIL),
        ("s3:GetObject", "arn:aws:s3:::*/*", Verdict.FAIL),
        ("s3:GetObject", "[arn:aws:s3:::reports, 'arn:aws:s3:::reports/*']", Verdict.PASS),
        ("s3:GetObject", "!Sub 'arn:aws:s3:::${Name}/*'", Verdict.PASS),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:*", Verdict.FAIL),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:orders-*", Verdict.PASS),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:*", Verdict.FAIL),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/aws/lambda/*", Verdict.PASS),
        ("ssm:GetParameter", "!Sub 'arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*'", Verdict.FAIL),
        ("ssm:GetParameter", "!Sub 'arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/*'", Verdict.PASS),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*", Verdict.FAIL),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????",
            Verdict.PASS,
        ),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/*", Verdict.FAIL),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:*", Verdict.FAIL),
        # An ARN of another service never matches the action: no grant, no finding.
        ("states:SendTaskSuccess", "arn:aws:states:*:*:stateMachine:*", Verdict.PASS),
        ("sqs:SendMessage", "arn:aws:s3:::*", Verdict.PASS),
    ],
)
def test_whole_service_arns(action: str, resource: str, verdict: Verdict) -> None:
    assert judge(action, resource).verdict is verdict


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("{'ForAllValues:StringEquals': {dynamodb:LeadingKeys: a}}", Verdict.PASS),
        ("{'ForAllValues:StringEquals': {aws:ResourceTag/team: shop}}", Verdict.FAIL),
        ("{StringEqualsIfExists: {dynamodb:LeadingKeys: a}}", Verdict.FAIL),
        ("{StringEquals: {dynamodb:LeadingKeys: a}}", Verdict.PASS),
        ("{StringEquals: {aws:ResourceTag/team: shop}}", Verdict.PASS),
        ("{StringLike: {aws:ResourceTag/team: '*'}}", Verdict.FAIL),
        ("{StringNotEquals: {aws:ResourceTag/team: shop}}", Verdict.FAIL),
        ("{StringEquals: {aws:RequestedRegion: eu-west-1}}", Verdict.FAIL),
        ("{StringEquals: {'condition:key': value}}", Verdict.FAIL),
    ],
)
def test_only_conditions_that_carry_the_scope_count(condition: str, verdict: Verdict) -> None:
    assert judge("dynamodb:PutItem", more=f"Condition: {condition}").verdict is verdict


def test_decrypting_through_one_service_still_fails() -> None:
    finding = judge("kms:Decrypt", more="Condition: {StringEquals: {kms:ViaService: s3.eu-west-1.amazonaws.com}}")
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)


def test_message_and_place() -> None:
    template = POLICY.format(action="[s3:GetObject, xray:PutTraceSegments]", resource='["*"]', more="Sid: A")
    (finding,) = findings(template, WildcardResource)
    assert finding.message == (
        "Access grants s3:GetObject on *, although these actions can name a resource (policy Access statement 1)"
    )
    assert finding.span.line == line_of(template, "Resource:")


def test_everything_on_everything_is_left_to_the_rule_on_actions() -> None:
    template = POLICY.format(action="'*'", resource="'*'", more="Sid: A")
    assert findings(template, WildcardResource) == []


@pytest.mark.parametrize("action", ["iam:PassRole", "sts:AssumeRole"])
def test_what_leads_to_roles_is_left_to_the_rule_on_escalation(action: str) -> None:
    assert judge(action).verdict is Verdict.PASS


def test_what_a_framework_makes_is_low() -> None:
    template = """\
Resources:
  LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aServiceRoleDefaultPolicyADDA7DEB:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [r]
      PolicyDocument: {Statement: {Effect: Allow, Action: [logs:DeleteLogGroup], Resource: "*"}}
"""
    (finding,) = findings(template, WildcardResource)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)


def test_what_sam_writes_for_an_event_passes() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: a.h
      Runtime: python3.12
      Events:
        Document:
          Type: DocumentDB
          Properties:
            Cluster: arn:aws:rds:eu-west-1:111122223333:cluster:c
            DatabaseName: d
            SourceAccessConfigurations:
              - {Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"}
"""
    assert {finding.verdict for finding in findings(template, WildcardResource)} == {Verdict.PASS}


def test_an_action_that_does_not_exist_is_unknown() -> None:
    finding = judge("s3:ListBuckets")
    assert finding.verdict is Verdict.UNKNOWN
    assert [cause.what for cause in finding.missing] == [
        "s3:ListBuckets: the service authorization data has no such action"
    ]


def test_imported_arn_is_unknown_until_the_exporter_is_in_the_run() -> None:
    finding = judge("s3:GetObject", "!ImportValue shared-bucket-arn")
    assert (finding.verdict, finding.missing[0].key) == (Verdict.UNKNOWN, "import:shared-bucket-arn")


DATABASE = "arn:aws:rds:eu-west-1:111122223333:db"
SNAPSHOTS = "arn:aws:rds:eu-west-1:111122223333:snapshot:*"
GLUE = "arn:aws:glue:eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("action", "resource", "verdict"),
    [
        ("rds:CreateDBSnapshot", f"['{DATABASE}:orders', '{SNAPSHOTS}']", Verdict.PASS),
        ("rds:CreateDBSnapshot", f"['{DATABASE}:*', '{SNAPSHOTS}']", Verdict.FAIL),
        ("rds:CreateDBSnapshot", f"['{DATABASE}:orders', '*']", Verdict.FAIL),
        # A catalog has no name of its own: it narrows nothing.
        ("glue:GetTable", f"['{GLUE}:catalog', '{GLUE}:database/*', '{GLUE}:table/*']", Verdict.FAIL),
        ("glue:GetTable", f"['{GLUE}:catalog', '{GLUE}:database/sales', '{GLUE}:table/*']", Verdict.PASS),
    ],
)
def test_an_action_that_needs_two_resources_is_narrowed_by_one(action: str, resource: str, verdict: Verdict) -> None:
    assert judge(action, resource).verdict is verdict


SAM_EVENT = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Secret: {Type: String}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: a.h
      Runtime: python3.12
      DeadLetterQueue: {Type: SQS, TargetArn: !Ref Secret}
      Events:
        Message:
          Type: MQ
          Properties:
            Broker: !Ref Secret
            Queues: [orders]
            SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: !Ref Secret}]
"""


def test_what_sam_writes_unasked_passes_also_for_parameters() -> None:
    found = findings(SAM_EVENT, WildcardResource)
    assert [(f.verdict, f.target) for f in found] == [
        (Verdict.PASS, "policy DeadLetterQueuePolicy"),
        (Verdict.PASS, "policy SamAutoGeneratedAMQPolicy"),
    ]


def test_what_the_person_lists_beside_it_is_judged() -> None:
    asked = "      Policies: [{Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: '*'}]}]\n"
    failed = [f.target for f in findings(SAM_EVENT + asked, WildcardResource) if f.verdict is Verdict.FAIL]
    assert failed == ["policy WorkRolePolicy0 statement 1"]


BOUNDED = """\
Resources:
  Ceiling:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Action: s3:PutObject, Resource: "*"}}]}}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      PermissionsBoundary: !Ref Ceiling
      {more}
"""


@pytest.mark.parametrize(
    ("more", "verdict"), [("Path: /app/", Verdict.PASS), ("ManagedPolicyArns: [!Ref Ceiling]", Verdict.FAIL)]
)
def test_a_policy_that_only_bounds_grants_nothing(more: str, verdict: Verdict) -> None:
    (finding,) = [f for f in findings(BOUNDED.format(more=more), WildcardResource) if f.resource == "Ceiling"]
    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("allowed", "verdict"),
    [
        ("['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']", Verdict.PASS),
        ("['arn:aws:s3:::a/*', '*']", Verdict.UNKNOWN),
    ],
)
def test_allowed_values_that_all_name_a_resource_decide(allowed: str, verdict: Verdict) -> None:
    template = POLICY.format(action="s3:GetObject", resource="!Ref Name", more="Sid: A")
    (finding,) = findings(
        template.replace("{Type: String}", f"{{Type: String, AllowedValues: {allowed}}}"), WildcardResource
    )
    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("deny", "verdict"),
    [
        ("{Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::reports/*'}", Verdict.PASS),
        ("{Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::*'}", Verdict.FAIL),
        ("{Effect: Deny, Action: 's3:PutObject', NotResource: 'arn:aws:s3:::reports/*'}", Verdict.FAIL),
        (
            "{Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::reports/*', "
            "Condition: {Bool: {aws:SecureTransport: false}}}",
            Verdict.FAIL,
        ),
    ],
)
def test_a_deny_may_keep_a_grant_to_named_resources(deny: str, verdict: Verdict) -> None:
    template = POLICY.format(action="s3:GetObject", resource="'*'", more="Sid: A") + f"          - {deny}\n"
    (finding,) = findings(template, WildcardResource)
    assert finding.verdict is verdict
