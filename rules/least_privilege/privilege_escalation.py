"""IAM006: a grant that leads to more privilege than it says."""

from collections.abc import Iterator
from typing import Final

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.ceilings import ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.escalation import (
    PASS_ROLE,
    Width,
    deploys,
    grants,
    leads_on_as_a_whole,
    passed_by_policy,
    passing_to,
    trusted_services,
    ways_of,
    width_of,
)
from validator.graph.iam.identities import Attachment, attachments_of
from validator.graph.iam.policies import IDENTITY_TYPES, Policy
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, RuleMeta

_ATTACHING: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet")

_POLICY: Final = """\
Resources:
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
"""


class PrivilegeEscalation(StatementRule):
    """## What it proves
    No identity policy opens a known way to more privilege: rewriting or attaching policies, creating another user's
    keys, changing a role's trust, assuming every role, replacing the code of functions, or passing any role to a
    service (`iam:PassRole` on `*` or on a pattern without `iam:PassedToService`). Actions that only work together are
    looked for over all policies of the identity. What a boundary or a Deny of the run takes back does not count.

    ## Why it matters
    The grant looks small and ends as administrator: `iam:PassRole` with `lambda:CreateFunction` runs code as any role
    that Lambda may assume.

    ## How to fix
    Name the roles or functions that are meant, and set `iam:PassedToService` to the service that gets them.

    ## What it cannot see
    What a role outside the run may do once it is passed or assumed; service control policies. A whole service
    (`iam:*`), everything, or `NotAction` is judged by IAM001 and IAM007: here it gets no verdict.

    ## References
    - IAM User Guide, *Granting a user permissions to pass a role to an AWS service*
    - Rhino Security Labs, *AWS IAM privilege escalation methods*; pathfinding.cloud
    """

    meta = RuleMeta(
        id="IAM006",
        title="A way to more privilege",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="Whoever holds this grant can give itself the rights that it lacks.",
        subjects=IDENTITY_TYPES,
        lens=("SEC2.a3",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",),
    )
    examples = (
        Example.fails(
            "any role may be passed",
            f"""{_POLICY}\
          - Effect: Allow
            Action: [iam:PassRole, lambda:CreateFunction, lambda:InvokeFunction]
            Resource: "*" # <- finding
""",
        ),
        Example.passes(
            "one role, to one service",
            f"""{_POLICY}\
          - Effect: Allow
            Action: iam:PassRole
            Resource: arn:aws:iam::111122223333:role/worker
            Condition: {{StringEquals: {{iam:PassedToService: lambda.amazonaws.com}}}}
""",
        ),
        Example.unknown(
            "which role may be passed is a parameter",
            f"""{_POLICY}\
          - Effect: Allow
            Action: iam:PassRole
            Resource: !Ref Role
Parameters:
  Role: {{Type: String}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Each statement, and the AWS managed policies that pass every role."""
        yield from super().judge(subject, graph)
        if subject.type not in _ATTACHING:
            return
        for attachment in attachments_of(subject, graph):
            service = None if attachment.aws_name is None else passed_by_policy(attachment.aws_name)
            if service is not None:
                yield self._managed(subject, attachment, service)

    def _managed(self, subject: Resource, attachment: Attachment, service: str) -> Judgement:
        name = attachment.aws_name
        return self.fails(
            subject,
            f"{subject.name} may pass every role that {service} can assume: the AWS managed policy {name} says so",
            evidence=[subject.states(f"has the AWS managed policy {name}", attachment.span)],
            fix=f"Replace {name} by the actions that are called, with {PASS_ROLE} on the exact role.",
            at=attachment.span,
            target=f"policy {name}",
            severity=Severity.MEDIUM,
        )

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """Passing roles first, then the worst of the other ways."""
        if not statement.allows:
            return
        passing = self._passing(subject, policy, statement, graph) if grants(statement, PASS_ROLE) else None
        ways = ways_of(policy, statement, graph)
        target, at = policy.title(statement), statement.element_span("Resource", "NotResource")
        if ways:
            actions = ", ".join(dict.fromkeys(way.action for way in ways))
            worst = ways[0]
            reach = _REACH[worst.width]
            yield self.fails(
                subject,
                f"{subject.name} may call {actions} on {reach}: {worst.why} ({target})",
                evidence=[policy.states(statement, f"allows {actions} on {reach}", at)],
                fix=f"In {target}, set Resource to the exact ARNs that are meant, or remove {actions}.",
                at=at,
                target=target,
                severity=worst.severity,
            )
        if passing is not None:
            yield passing
        elif not ways and not leads_on_as_a_whole(statement):
            yield self.passes(
                subject,
                f"{subject.name} opens no known way to more privilege ({target})",
                evidence=[policy.states(statement, "grants nothing that leads further")],
                at=statement.span,
                target=target,
            )

    def _passing(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Judgement | None:
        target, at = policy.title(statement), statement.element_span("Resource", "NotResource")
        width = width_of(statement.resources)
        services = _passed_to(statement)
        if ceiling_on(policy, statement, PASS_ROLE, graph) is not None:
            return None
        step = policy.states(statement, f"allows {PASS_ROLE}", at)
        if width is Width.UNKNOWN and not services:
            missing = [cause for value in statement.resources if (cause := value.missing) is not None]
            unclear = Missing("the roles that may be passed are not known", "write their ARNs", "pass-role")
            message = f"{subject.name} may pass roles that are not known ({target})"
            return self.unknown(subject, message, missing=missing or [unclear], evidence=[step], at=at, target=target)
        severity, what = self._judged(width, services, policy, statement, graph)
        if severity is None:
            return self.passes(subject, f"{subject.name} {what} ({target})", evidence=[step], at=at, target=target)
        uses = passing_to(policy, graph)
        if uses and width is not Width.EXACT:
            what += f"; with {uses[0][1]} its own code runs as that role in {uses[0][0]}"
        if severity is not Severity.LOW and deploys(policy.holder, graph):
            severity = Severity.LOW
        return self.fails(
            subject,
            f"{subject.name} {what} ({target})",
            evidence=[step],
            fix=f"In {target}, set Resource of {PASS_ROLE} to the role's ARN and add "
            "Condition: {StringEquals: {iam:PassedToService: <service>.amazonaws.com}}.",
            at=at,
            target=target,
            severity=severity,
        )

    def _judged(
        self, width: Width, services: str, policy: Policy, statement: Statement, graph: Architecture
    ) -> tuple[Severity | None, str]:
        """How bad it is to pass these roles, and the phrase that says so; no severity when it passes."""
        if width is Width.EVERYTHING:
            if services:
                return Severity.MEDIUM, f"may pass every role that {services} can assume"
            return Severity.HIGH, "may pass every role to every service"
        if services:
            return None, f"may pass named roles to {services} only"
        if width is Width.PATTERN:
            return Severity.MEDIUM, "may pass every role whose name matches a pattern, to every service"
        roles = [graph.target(value, "AWS::IAM::Role") for value in statement.resources]
        if all(isinstance(role, Resource) and len(set(trusted_services(role))) == 1 for role in roles):
            return None, "may pass roles whose own trust admits one service"
        return Severity.LOW, "may pass a named role to every service that its trust admits"


_REACH: Final = {
    Width.EVERYTHING: "every resource",
    Width.PATTERN: "every resource whose name matches a pattern",
    Width.EXACT: "named resources",
    Width.UNKNOWN: "resources that are not known",
    Width.OWN: "the caller's own resources",
}


def _passed_to(statement: Statement) -> str:
    """The services that may receive the role, when the statement names them."""
    for test in statement.conditions:
        if test.key != "iam:passedtoservice" or test.negated or test.if_exists or test.quantifier == "ForAllValues":
            continue
        texts = [str(value) for value in test.values]
        if texts and not any(test.takes_wildcards and set(text) <= {"*"} for text in texts):
            return ", ".join(texts)
    return ""
