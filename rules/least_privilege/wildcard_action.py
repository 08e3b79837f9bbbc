"""IAM001: a statement allows every action of a service, or every action there is."""

from collections.abc import Iterator

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.actions import expand, is_everything, is_whole_service
from validator.graph.iam.arns import is_everything as is_every_resource
from validator.graph.iam.ceilings import Ceiling, ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.frameworks import is_framework_made
from validator.graph.iam.policies import IDENTITY_TYPES, Policy
from validator.graph.iam.scope import WITHOUT_DATA, Scope, scope_of
from validator.model import Category, Severity
from validator.resolve import Text, Value
from validator.rulekit import Example, Judgement, RuleMeta


class WildcardAction(StatementRule):
    """## What it proves
    No identity policy allows `*` or `service:*`. Each statement with `Effect: Allow` is judged by itself; a Deny
    is never a grant, and resource policies (`kms:*` for the account in a key policy) are not identity policies.

    ## Why it matters
    `dynamodb:*` lets a function that reads tickets delete the table, change its backups and its policy. Whoever
    takes over the function has all of it.

    ## How to fix
    List the actions that the code calls. In SAM, use a policy template such as `DynamoDBReadPolicy`, or a connector.

    ## What it cannot see
    Service control policies, and policies attached outside the templates of the run. A permissions boundary counts
    only when the run holds its document.

    ## References
    - IAM User Guide, *AWS JSON policy elements: Action*
    - IAM User Guide, *Security best practices in IAM* (grant least privilege)
    """

    meta = RuleMeta(
        id="IAM001",
        title="Every action of a service is allowed",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="A grant of every action includes the ones that delete data and hand out access.",
        subjects=IDENTITY_TYPES,
        lens=("SEC2.a3",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",),
    )
    examples = (
        Example.fails(
            "every action of DynamoDB",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
  ReaderRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: dynamodb:* # <- finding
                Resource: !GetAtt Tickets.Arn
""",
        ),
        Example.passes(
            "the action the code calls, and a Deny for the rest",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
  ReaderRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Tickets.Arn}
              - {Effect: Deny, Action: dynamodb:*, Resource: "*"}
""",
        ),
        Example.unknown(
            "the actions are a parameter without value",
            """\
Parameters:
  Actions: {Type: CommaDelimitedList}
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: !Ref Actions
            Resource: arn:aws:s3:::reports/*
""",
        ),
    )

    reports_invalid = True

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """A failure for the first pattern that stands for a whole service and that nothing cuts."""
        if not statement.allows:
            return
        wide = [action for action in statement.actions if _is_wide(action)]
        cuts = [ceiling_on(policy, statement, str(action), graph) for action in wide]
        if wide and not all(cuts):
            yield self._fails(subject, policy, statement, [a for a, cut in zip(wide, cuts, strict=True) if not cut])
            return
        missing = [action.missing for action in statement.actions if action.missing and not _is_wide(action)]
        target = policy.title(statement)
        if missing:
            yield self.unknown(
                subject,
                f"{subject.name} allows actions that are not known ({target})",
                missing=[cause for cause in missing if cause],
                evidence=[policy.states(statement, "allows an unknown list of actions")],
                at=statement.element_span("Action", "NotAction"),
                target=target,
            )
            return
        yield self._passes(subject, policy, statement, [cut for cut in cuts if cut])

    def _fails(self, subject: Resource, policy: Policy, statement: Statement, wide: list[Value]) -> Judgement:
        names = ", ".join(str(action) for action in wide)
        on = (
            ", ".join(str(value) if isinstance(value, Text) else "?" for value in statement.resources)
            or "no resource"
        )
        at = wide[0].span
        return self.fails(
            subject,
            f"{subject.name} allows {names} on {on} ({policy.title(statement)})",
            evidence=[policy.states(statement, f"allows {names} on {on}", at)],
            fix=f"In {policy.title(statement)}, set Action to the actions that are called, "
            "for example [dynamodb:GetItem, dynamodb:Query], and drop the wildcard.",
            at=at,
            target=policy.title(statement),
            severity=Severity.LOW if is_framework_made(subject.name) else _severity(wide, statement),
        )

    def _passes(self, subject: Resource, policy: Policy, statement: Statement, cuts: list[Ceiling]) -> Judgement:
        target = policy.title(statement)
        if cuts:
            message = f"{subject.name} writes a wildcard action that is not in force: {cuts[0].why} ({target})"
            return self.passes(subject, message, evidence=[cuts[0].evidence], at=statement.span, target=target)
        return self.passes(
            subject,
            f"{subject.name} allows named actions only ({target})",
            evidence=[policy.states(statement, "allows no whole service")],
            at=statement.span,
            target=target,
        )


def _is_wide(action: Value) -> bool:
    """``*``, ``service:*``, and ``${Service}:*``: whichever service it is, it is all of it."""
    text = str(action) if isinstance(action, Text) else ""
    return is_everything(text) or is_whole_service(text)


def _severity(wide: list[Value], statement: Statement) -> Severity:
    everywhere = any(is_every_resource(resource) for resource in statement.resources)
    texts = [str(action) for action in wide]
    if any(is_everything(text) or text.lower().startswith("iam:") for text in texts):
        return Severity.CRITICAL if everywhere else Severity.HIGH
    if all(text.lower().partition(":")[0] in WITHOUT_DATA for text in texts):
        return Severity.LOW
    actions = [action for text in texts for action in expand(text)]
    harmless = all(scope_of(a) is Scope.ONLY_EVERYTHING and not a.changes_permissions for a in actions if a.writes)
    return Severity.LOW if actions and harmless else Severity.HIGH
