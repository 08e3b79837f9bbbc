"""IAM002: a partial wildcard that stands for writes on a data or IAM service."""

from collections.abc import Iterator
from typing import Final

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.actions import TAGGING, Action, expand, is_partial
from validator.graph.iam.ceilings import ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import IDENTITY_TYPES, Policy
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

_SERVICES: Final = frozenset(
    (
        "aoss",
        "cassandra",
        "cognito-identity",
        "cognito-idp",
        "dax",
        "dsql",
        "dynamodb",
        "elasticache",
        "elasticfilesystem",
        "es",
        "iam",
        "kms",
        "memorydb",
        "neptune-db",
        "organizations",
        "qldb",
        "rds",
        "rds-data",
        "redshift",
        "redshift-data",
        "redshift-serverless",
        "s3",
        "s3express",
        "secretsmanager",
        "ssm",
        "sso",
        "sts",
        "timestream",
    )
)
"""Services that keep data, keys, secrets or identities."""

_DOCUMENTED_FAMILIES: Final = frozenset(("kms:generatedatakey*", "kms:reencrypt*"))
"""Families that AWS documents as one operation (KMS Developer Guide, *Key users*)."""

_POLICY: Final = """\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
"""


class PartialWildcardAction(StatementRule):
    """## What it proves
    No wildcard inside an action name stands for more than one action with a write, a permission or a tag among them,
    on a service that keeps data, keys or identities. Each pattern is expanded with the service authorization data;
    one that gives reads only (`s3:Get*`, `dynamodb:Describe*`) passes.

    ## Why it matters
    `s3:Put*` is meant for objects and includes the bucket's policy, its ACL and its public access block.

    ## How to fix
    List the actions. `tierlens` names the ones that the pattern adds.

    ## What it cannot see
    Actions that AWS adds after the authorization data was made.

    ## References
    - IAM User Guide, *AWS JSON policy elements: Action*
    - Service Authorization Reference
    """

    meta = RuleMeta(
        id="IAM002",
        title="A wildcard that includes writes",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.MEDIUM,
        why="A wildcard in an action name grants actions that nobody meant to grant.",
        subjects=IDENTITY_TYPES,
        lens=("SEC2.a3",),
        references=("https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",),
    )
    examples = (
        Example.fails(
            "objects are meant, the bucket's policy is included",
            f"""{_POLICY}\
            Action: s3:Put* # <- finding
            Resource: [arn:aws:s3:::reports, arn:aws:s3:::reports/*]
""",
        ),
        Example.passes(
            "reads only",
            f"""{_POLICY}\
            Action: [s3:Get*, dynamodb:BatchGet*]
            Resource: [arn:aws:s3:::reports, arn:aws:s3:::reports/*]
""",
        ),
        Example.unknown(
            "part of the action is a parameter",
            f"""{_POLICY}\
            Action: !Sub s3:${{Verb}}*
            Resource: arn:aws:s3:::reports/*
Parameters:
  Verb: {{Type: String}}
""",
        ),
    )

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """A failure for the first pattern that adds writes."""
        if not statement.allows:
            return
        target = policy.title(statement)
        for value in statement.actions:
            added = _writes(value)
            if added and ceiling_on(policy, statement, str(value), graph) is None:
                yield self._fails(subject, policy, statement, value, added)
                return
        missing = [cause for value in statement.actions if (cause := _missing(value)) is not None]
        steps = [policy.states(statement, "allows actions")]
        if missing:
            message = f"{subject.name} allows a pattern of actions that is not known ({target})"
            at = statement.element_span("Action")
            yield self.unknown(subject, message, missing=missing, evidence=steps, at=at, target=target)
            return
        message = f"{subject.name} has no wildcard that adds writes ({target})"
        yield self.passes(subject, message, evidence=steps, at=statement.span, target=target)

    def _fails(
        self, subject: Resource, policy: Policy, statement: Statement, value: Value, added: tuple[Action, ...]
    ) -> Judgement:
        names = [action.name for action in sorted(added, key=lambda one: not one.changes_permissions)]
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        target = policy.title(statement)
        return self.fails(
            subject,
            f"{subject.name} allows {value}, which includes {shown} ({target})",
            evidence=[policy.states(statement, f"allows {value}", value.span)],
            fix=f"In {target}, replace {value} by the actions that are called.",
            at=value.span,
            target=target,
            severity=_severity(added),
        )


def _writes(value: Value) -> tuple[Action, ...]:
    """The writing actions of a partial wildcard on a data or IAM service; none when it stands for one action."""
    pattern = value.literal or ""
    if not is_partial(pattern) or pattern.partition(":")[0].lower() not in _SERVICES:
        return ()
    if pattern.lower() in _DOCUMENTED_FAMILIES:
        return ()
    actions = expand(pattern)
    return tuple(a for a in actions if a.writes or TAGGING in a.levels) if len(actions) > 1 else ()


def _missing(value: Value) -> Missing | None:
    text = str(value)
    return value.missing if "*" in text or "?" in text else None


def _severity(added: tuple[Action, ...]) -> Severity:
    if any(action.changes_permissions for action in added):
        return Severity.HIGH
    return Severity.MEDIUM if any(action.writes for action in added) else Severity.LOW
