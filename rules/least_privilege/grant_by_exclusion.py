"""IAM007: a grant of everything but what is named."""

from collections.abc import Iterator
from typing import Final

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import IDENTITY_TYPES, RESOURCE_POLICIES, Policy, PolicyKind
from validator.model import Category, Severity
from validator.resolve import Text, Value
from validator.rulekit import Example, Judgement, RuleMeta

_WHAT: Final = {
    "NotPrincipal": "admits everyone but",
    "NotAction": "allows every action but",
    "NotResource": "reaches every resource but",
}
_INSTEAD: Final = {"NotPrincipal": "Principal", "NotAction": "Action", "NotResource": "Resource"}


class GrantByExclusion(StatementRule):
    """## What it proves
    No statement allows by exclusion: `NotAction`, `NotResource` or `NotPrincipal` with `Effect: Allow`, in identity,
    trust and resource policies. With `Deny` they are guard rails and pass.

    ## Why it matters
    `NotAction: iam:*` grants everything else, and whatever AWS adds next year. `NotPrincipal` with `Allow` admits the
    anonymous caller.

    ## How to fix
    List what is meant: `Action`, `Resource`, `Principal`. To take something back, add a `Deny`.

    ## What it cannot see
    Policies outside the templates of the run.

    ## References
    - IAM User Guide, *AWS JSON policy elements: NotAction*, *NotResource*, *NotPrincipal*
    """

    meta = RuleMeta(
        id="IAM007",
        title="A grant by exclusion",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="A grant of everything but what is named grows with every action and resource that AWS adds.",
        subjects=(*IDENTITY_TYPES, *RESOURCE_POLICIES),
        lens=("SEC2.a1", "SEC2.a3"),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",),
    )
    kinds = (PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.RESOURCE)
    examples = (
        Example.fails(
            "everything but IAM",
            """\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            NotAction: iam:* # <- finding
            Resource: arn:aws:s3:::reports/*
""",
        ),
        Example.passes(
            "a Deny of everything outside one Region",
            """\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: s3:GetObject, Resource: arn:aws:s3:::reports/*}
          - Effect: Deny
            NotAction: iam:*
            Resource: "*"
            Condition: {StringNotEquals: {aws:RequestedRegion: eu-central-1}}
""",
        ),
        Example.unknown(
            "whether it allows or denies is a parameter",
            """\
Parameters:
  Effect: {Type: String}
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: !Ref Effect, NotAction: iam:*, Resource: "*"}
""",
        ),
    )

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """A failure for each excluding element of an Allow."""
        target = policy.title(statement)
        written = [name for name in _WHAT if not statement.body.get(name).is_absent]
        if not statement.allows:
            if written and statement.denies:
                message = f"{subject.name} denies with {' and '.join(written)}, which grants nothing ({target})"
                yield self.passes(
                    subject, message, evidence=[policy.states(statement, "denies")], at=statement.span, target=target
                )
            return
        for name in written:
            value = statement.body.get(name)
            at = statement.element_span(name)
            named = _shown(value)
            yield self.fails(
                subject,
                f"{subject.name} {_WHAT[name]} {named} ({target})",
                evidence=[policy.states(statement, f"{_WHAT[name]} {named}", at)],
                fix=f"In {target}, replace {name} by {_INSTEAD[name]} and list what is meant.",
                at=at,
                target=target,
                severity=Severity.LOW if policy.kind is PolicyKind.TRUST and name == "NotAction" else None,
            )
        if not written:
            yield self.passes(
                subject,
                f"{subject.name} names what it allows ({target})",
                evidence=[policy.states(statement, "names what it allows")],
                at=statement.span,
                target=target,
            )


def _shown(value: Value) -> str:
    items = [item for entry in value.entries() for item in entry[1].items()] or list(value.items())
    return ", ".join(str(item) if isinstance(item, Text) else "what is not known" for item in items)
