"""Actions by the service authorization data, and the curated tables beside it."""

from itertools import chain

import pytest

from validator.graph.iam.actions import (
    PERMISSIONS,
    WRITE,
    actions_of,
    expand,
    is_everything,
    is_partial,
    is_whole_service,
    matches,
)
from validator.graph.iam.managed import Breadth, aws_managed_name, judged, opens_stores
from validator.graph.iam.scope import Scope, scope_of
from validator.graph.iam.tables import table
from validator.model import Severity, Span
from validator.resolve import Pseudo, Text

SPAN = Span("t.yaml", 1, 1, 1, 2)


def test_names_and_prefixes_ignore_case() -> None:
    assert [action.full for action in expand("S3:getOBJECT")] == ["s3:GetObject"]
    assert expand("s3:NoSuchAction") == () == expand("nosuch:*") == expand("*")


def test_two_levels_in_one_word_are_split() -> None:
    (action,) = expand("lambda:AddPermission")
    assert action.levels == {PERMISSIONS, WRITE}
    assert action.changes_permissions
    assert action.writes


def test_acl_writes_hand_out_access() -> None:
    assert all(action.changes_permissions for action in expand("s3:PutObjectAcl"))
    assert all(action.changes_permissions for action in expand("kms:CreateGrant"))


@pytest.mark.parametrize(
    ("pattern", "everything", "service", "partial"),
    [
        ("*", True, False, False),
        ("*:*", True, False, False),
        ("s3:*", False, True, False),
        ("s3:**", False, True, False),
        ("s3:Get*", False, False, True),
        ("s3:Get?bject", False, False, True),
        ("s3:GetObject", False, False, False),
    ],
)
def test_kinds_of_patterns(pattern: str, everything: bool, service: bool, partial: bool) -> None:
    assert (is_everything(pattern), is_whole_service(pattern), is_partial(pattern)) == (everything, service, partial)


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:*", "s3:GetObject", True),
        ("s3:get*", "S3:GetObject*", True),
        ("s3:GetObject", "s3:GetObject*", False),
        ("s3:Get?bject", "s3:Get*bject", False),
        ("*", "iam:PassRole", True),
        ("dynamodb:*", "s3:GetObject", False),
    ],
)
def test_a_pattern_covers_an_action_or_a_narrower_pattern(pattern: str, action: str, expected: bool) -> None:
    assert matches(pattern, action) is expected


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("xray:PutTraceSegments", Scope.ONLY_EVERYTHING),
        ("logs:DescribeLogGroups", Scope.ONLY_EVERYTHING),
        ("ec2:CreateNetworkInterface", Scope.DOCUMENTED),
        ("cloudwatch:PutMetricData", Scope.BESIDE_THE_POINT),
        ("rds:DescribeDBClusters", Scope.NARROWABLE),
        ("s3:GetObject", Scope.NARROWABLE),
        ("events:PutEvents", Scope.NARROWABLE),
        ("redshift-data:ExecuteStatement", Scope.NARROWABLE),
        ("ssm:StartSession", Scope.NARROWABLE),
        ("execute-api:Invoke", Scope.NARROWABLE),
        ("dynamodb:GetItem", Scope.NARROWABLE),
        ("lambda:TagResource", Scope.UNDECIDED),
    ],
)
def test_scope_of_an_action_on_everything(name: str, scope: Scope) -> None:
    (action,) = expand(name)
    if name.startswith("rds:"):
        scope = Scope.NARROWABLE if action.needs_resource else Scope.BESIDE_THE_POINT
    assert scope_of(action) is scope


def test_the_tables_name_actions_that_the_data_knows() -> None:
    ways = table("escalations")
    rows = [*ways["way"], *ways["passing"]]
    named = [action for row in rows for action in (*row["actions"], *chain(*row.get("together", [])))]
    scoped = [
        name
        for part in ("alternatives", "beside_the_point", "documented_on_everything")
        for name in table("optional_resources")[part]["actions"]
        if not name.startswith("*")
    ]
    assert [name for name in (*named, *scoped) if not expand(name)] == []


def test_optional_tables_hold_only_actions_whose_resources_are_all_optional() -> None:
    parts = table("optional_resources")
    patterns = (*parts["alternatives"]["actions"], *parts["beside_the_point"]["actions"])
    superfluous = [
        pattern
        for pattern in patterns
        if not pattern.startswith("*")
        and all(action.needs_resource for action in expand(pattern) if action.resource_types)
    ]
    assert superfluous == []


def test_every_action_of_the_core_services_is_read() -> None:
    assert all(actions_of(service) for service in ("s3", "dynamodb", "iam", "kms", "sqs", "sns", "lambda", "sts"))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("arn:aws:iam::aws:policy/AdministratorAccess",), "AdministratorAccess"),
        (("arn:", Pseudo("AWS::Partition"), ":iam::aws:policy/service-role/AWSLambdaRole"), "AWSLambdaRole"),
        (("arn:aws-us-gov:iam::aws:policy/job-function/ViewOnlyAccess",), "ViewOnlyAccess"),
        (("arn:aws:iam::111122223333:policy/AdministratorAccess",), None),
        (("AdministratorAccess",), None),
    ],
)
def test_whose_policy_an_arn_names(parts: tuple[str | Pseudo, ...], name: str | None) -> None:
    assert aws_managed_name(Text(parts, SPAN)) == name


def test_bare_names_count_where_sam_takes_them() -> None:
    assert aws_managed_name(Text(("AdministratorAccess",), SPAN), bare=True) == "AdministratorAccess"
    assert aws_managed_name(Text(("MyOwnThing",), SPAN), bare=True) is None


def test_breadth_of_managed_policies() -> None:
    assert judged("AmazonDynamoDBFullAccess_v2").severity is Severity.HIGH
    assert judged("AWSLambda_FullAccess").severity is Severity.HIGH
    assert judged("AWSXRayDaemonWriteAccess").breadth is Breadth.BASIC
    assert judged("AWSLambdaKinesisExecutionRole").breadth is Breadth.SOURCE_READER
    assert judged("Whatever").breadth is Breadth.UNRECORDED
    assert opens_stores("AmazonDynamoDBFullAccess")
    assert not opens_stores("AWSXrayFullAccess")
