"""TIER003: people's own credentials open the data tier."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.buckets.usage import BUCKET, use_of
from validator.graph.iam.access import Access
from validator.graph.iam.ceilings import Ceiling, ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.grants import data_access
from validator.graph.iam.identities import Attachment, identity_of
from validator.graph.iam.managed import opens_stores
from validator.graph.iam.people import (
    ATTACHMENT,
    GROUP,
    Narrowness,
    RoleForPeople,
    Visitor,
    givers_of,
    narrowness_of,
    outside_role,
    roles_for_people,
)
from validator.graph.iam.policies import Policy
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_POOL: Final = """\
Resources:
  Visitors:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: Data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem, dynamodb:PutItem]
                Resource: arn:aws:dynamodb:eu-central-1:111122223333:table/tickets
                Condition: {KEYS}
  Pool:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: pool, Roles: {authenticated: ROLE}}
"""
_OWN: Final = "{'ForAllValues:StringEquals': {dynamodb:LeadingKeys: '${cognito-identity.amazonaws.com:sub}'}}"


class PeopleOpenDataTier(Rule):
    """## What it proves
    No role that an identity pool (or a group of a user pool) hands to its visitors may read or write a store, except
    the caller's own items: `${cognito-identity.amazonaws.com:sub}` in the resource, in `dynamodb:LeadingKeys` or in
    `s3:prefix`. Guests never pass.

    ## Why it matters
    The browser then talks to the store itself: no code of the logic tier checks what is asked, and the credentials
    are in the visitor's hands.

    ## How to fix
    Let the API do it: give the grant to the function's role. For uploads, limit the role to the caller's own prefix.

    ## What it cannot see
    Roles outside the run (*unknown*); what a tag of the caller stands for (*unknown*). Guests of the enhanced flow
    are cut further by Cognito's own session policy, which holds no store.

    ## References
    - Amazon Cognito Developer Guide, *Role trust and permissions*
    - AWS Serverless Multi-Tier Architectures, *Three-tier architecture overview*
    """

    meta = RuleMeta(
        id="TIER003",
        title="People's credentials open a store",
        category=Category.TIER_SEPARATION,
        severity=Severity.HIGH,
        why="With such a role the visitor's browser reaches the data with no code of the logic tier in between.",
        subjects=("AWS::IAM::Role", ATTACHMENT, GROUP),
        lens=("SEC1.a2", "SEC2"),
        references=("https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",),
    )
    examples = (
        Example.fails(
            "signed-in people write the whole table",
            _POOL.replace("Condition: {KEYS}", "Sid: Data")
            .replace("table/tickets", "table/tickets # <- finding")
            .replace("ROLE", "!GetAtt Visitors.Arn"),
        ),
        Example.passes(
            "each caller reaches items under its own key",
            _POOL.replace("{KEYS}", _OWN).replace("ROLE", "!GetAtt Visitors.Arn"),
        ),
        Example.unknown(
            "a role that the run does not hold",
            _POOL.replace("{KEYS}", _OWN).replace("ROLE", "arn:aws:iam::111122223333:role/visitors"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A role of the run statement by statement; a role from outside where it is handed out."""
        if subject.type == "AWS::IAM::Role":
            for given in givers_of(subject, graph):
                yield from self._role(subject, given, graph)
            return
        for given in roles_for_people(subject, graph):
            if given.role is None:
                yield self.unknown(
                    subject,
                    f"{subject.name} gives {given.visitor.value} a role that the run does not hold",
                    missing=[outside_role(given)],
                    evidence=[given.step],
                    at=given.span,
                    target=f"role for {given.visitor.value}",
                )

    def _role(self, role: Resource, given: RoleForPeople, graph: Architecture) -> Iterator[Judgement]:
        identity = identity_of(role, graph)
        found = False
        for attachment in identity.attachments:
            if attachment.aws_name is not None and opens_stores(attachment.aws_name):
                found = True
                yield self._managed(role, given, attachment, attachment.aws_name)
        for policy in identity.policies:
            for statement in () if policy.missing is not None else policy.statements:
                if statement.missing is not None or not statement.allows or not self._concerns(statement, graph):
                    continue
                found = True
                cuts = [ceiling_on(policy, statement, str(action), graph) for action in statement.actions]
                cut = cuts[0] if cuts and all(cuts) else None
                if cut is None:
                    yield self._statement(role, given, policy, statement)
                else:
                    yield self._cut(role, given, policy, statement, cut)
        target = f"role for {given.visitor.value}"
        if identity.missing:
            yield self.unknown(
                role,
                f"{role.name} is the role of {given.visitor.value}, and part of its policies cannot be read",
                missing=identity.missing,
                evidence=[given.step],
                at=given.span,
                target=target,
            )
        elif not found:
            message = f"{role.name} is the role of {given.visitor.value} and opens no store"
            yield self.passes(role, message, evidence=[given.step], at=given.span, target=target)

    def _cut(
        self, role: Resource, given: RoleForPeople, policy: Policy, statement: Statement, cut: Ceiling
    ) -> Judgement:
        target = f"{policy.title(statement)} for {given.visitor.value}"
        message = f"{role.name} writes a grant on data that is not in force: {cut.why} ({target})"
        return self.passes(role, message, evidence=[given.step, cut.evidence], at=statement.span, target=target)

    def _managed(self, role: Resource, given: RoleForPeople, attachment: Attachment, name: str) -> Judgement:
        return self.fails(
            role,
            f"{role.name} gives {given.visitor.value} the AWS managed policy {name}, which opens whole stores",
            evidence=[given.step, role.states(f"has {name}", attachment.span)],
            fix=f"Remove {name} from {role.name} and let a function read and write.",
            at=attachment.span,
            target=f"policy {name} for {given.visitor.value}",
            severity=Severity.CRITICAL if given.visitor is Visitor.GUEST else Severity.HIGH,
        )

    def _concerns(self, statement: Statement, graph: Architecture) -> bool:
        """Whether it speaks of data; reading a site's bucket is no way into the data tier."""
        access = data_access(statement)
        if not access:
            return False
        if access & {Access.WRITE} or not statement.resources:
            return True
        targets = [graph.target(element, BUCKET) for element in statement.resources]
        return not all(isinstance(one, Resource) and use_of(one, graph).is_site_only for one in targets)

    def _statement(self, role: Resource, given: RoleForPeople, policy: Policy, statement: Statement) -> Judgement:
        access = data_access(statement)
        does = " and ".join(sorted(kind.value for kind in access))
        target = f"{policy.title(statement)} for {given.visitor.value}"
        at = statement.element_span("Resource", "NotResource")
        steps = [given.step, policy.states(statement, f"may {does} data", at)]
        narrowness = narrowness_of(policy, statement)
        if given.visitor is Visitor.SIGNED_IN and narrowness is Narrowness.OWN:
            message = f"{role.name} lets {given.visitor.value} {does} only {narrowness.value} ({target})"
            return self.passes(role, message, evidence=steps, at=at, target=target)
        if given.visitor is Visitor.SIGNED_IN and narrowness is Narrowness.TAGGED:
            cause = Missing(
                "what the caller's tag stands for is not in the template",
                "use ${cognito-identity.amazonaws.com:sub}, or suppress this with what the tag means",
                f"principal-tag:{role.name}",
            )
            message = f"{role.name} lets {given.visitor.value} {does} {narrowness.value} ({target})"
            return self.unknown(role, message, missing=[cause], evidence=steps, at=at, target=target)
        return self.fails(
            role,
            f"{role.name} lets {given.visitor.value} {does} data directly: {_shown(statement)} ({target})",
            evidence=steps,
            fix=f"Remove the statement from {policy.holder.name} and let a function do it, or end Resource in "
            "/${cognito-identity.amazonaws.com:sub}/* so that each caller reaches its own items.",
            at=at,
            target=target,
            severity=_severity(given.visitor, access),
        )


def _shown(statement: Statement) -> str:
    actions = [str(value) for value in statement.actions] or ["every action"]
    return ", ".join(actions[:4]) + (" …" if len(actions) > 4 else "")


def _severity(visitor: Visitor, access: frozenset[Access]) -> Severity:
    writes = Access.WRITE in access
    if visitor is Visitor.GUEST:
        return Severity.CRITICAL if writes else Severity.HIGH
    return Severity.HIGH if writes else Severity.MEDIUM
