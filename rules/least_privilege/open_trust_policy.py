"""IAM008: a trust policy that lets in more than a known party."""

from collections.abc import Iterator
from typing import Final

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import Policy, PolicyKind
from validator.graph.iam.principals import Principal
from validator.graph.iam.trust import Trust, TrustVerdict, judge_trust
from validator.graph.iam.trusted_services import needless_service
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, RuleMeta

_ROLE: Final = """\
Resources:
  Partner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
"""


class OpenTrustPolicy(StatementRule):
    """## What it proves
    Each role trusts known parties only: no `Principal: "*"` without a condition that narrows it, no other account as
    a whole without an external ID or a condition on who comes, and no web identity provider without the audience and
    the subject (Cognito: the pool and `amr`; GitHub: an organisation at least). Your own account's root passes: its
    IAM policies decide. A role that only functions use trusts `lambda.amazonaws.com`, and
    `edgelambda` for Lambda@Edge alone.

    ## Why it matters
    Whoever may assume the role has all its grants, whatever protects the function that is meant to use it.

    ## How to fix
    Name the account, role or provider, and compare `aud` and `sub` (or `sts:ExternalId`) with fixed values.

    ## What it cannot see
    What identities in a trusted account may do; whether a provider issues tokens to strangers.

    ## References
    - IAM User Guide, *The confused deputy problem*; *Create a role for OpenID Connect federation*
    - Amazon Cognito Developer Guide, *Role trust and permissions*
    """

    meta = RuleMeta(
        id="IAM008",
        title="A role that strangers can assume",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="Whoever may assume a role has all that it is granted.",
        subjects=("AWS::IAM::Role",),
        lens=("SEC2.a1", "SEC2.a4"),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",),
    )
    kinds = (PolicyKind.TRUST,)
    examples = (
        Example.fails(
            "another account as a whole",
            f"""{_ROLE}\
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {{AWS: "arn:aws:iam::444455556666:root"}} # <- finding
""",
        ),
        Example.passes(
            "another account with an external ID",
            f"""{_ROLE}\
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {{AWS: "arn:aws:iam::444455556666:root"}}
            Condition: {{StringEquals: {{sts:ExternalId: tickets-4711}}}}
""",
        ),
        Example.unknown(
            "the trusted party is a parameter without value",
            f"""{_ROLE}\
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {{AWS: !Ref PartnerArn}}
Parameters:
  PartnerArn: {{Type: String}}
""",
        ),
    )

    reports_invalid = True

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """The worst of the statement's principals decides."""
        if not statement.allows or statement.not_principals:
            return  # NotPrincipal with Allow is IAM007's
        target = f"trust statement {statement.number}"
        judged = [(principal, judge_trust(principal, statement, graph)) for principal in statement.principals]
        extra = ((principal, needless_service(principal, subject, graph)) for principal in statement.principals)
        judged += [(principal, trust) for principal, trust in extra if trust is not None]
        for principal, trust in judged:
            if trust.verdict is TrustVerdict.OPEN:
                yield self._fails(subject, policy, statement, principal, trust)
                return
        for principal, trust in judged:
            if trust.verdict is TrustVerdict.UNKNOWN:
                yield self.unknown(
                    subject,
                    f"{subject.name} {trust.phrase} ({target})",
                    missing=[trust.missing or Missing("the principal is not known", "write it", "principal")],
                    evidence=[policy.states(statement, trust.phrase, principal.span)],
                    at=principal.span,
                    target=target,
                )
                return
        for principal, trust in judged[:1]:
            steps = [policy.states(statement, one.phrase, who.span) for who, one in judged]
            yield self.passes(
                subject, f"{subject.name} {trust.phrase} ({target})", evidence=steps, at=principal.span, target=target
            )

    def _fails(
        self, subject: Resource, policy: Policy, statement: Statement, principal: Principal, trust: Trust
    ) -> Judgement:
        target = f"trust statement {statement.number}"
        return self.fails(
            subject,
            f"{subject.name} {trust.phrase} ({target})",
            evidence=[policy.states(statement, trust.phrase, principal.span)],
            fix=f"In AssumeRolePolicyDocument of {subject.name}, {trust.fix}.",
            at=principal.span,
            target=target,
            severity=trust.severity,
        )
