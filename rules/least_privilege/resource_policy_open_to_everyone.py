"""IAM010: a resource policy that admits everyone, or gives a party every action."""

from collections.abc import Iterator
from typing import Final

from rules.least_privilege.statement_rule import StatementRule
from validator.graph import Architecture, Resource
from validator.graph.iam.actions import is_everything, is_whole_service
from validator.graph.iam.conditions import Effect
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import RESOURCE_POLICIES, Policy, PolicyKind
from validator.graph.iam.principals import Principal, PrincipalKind
from validator.graph.iam.public import PublicGrant, grants_to_everyone
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, RuleMeta

_API_TYPES: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::DomainNameV2")
_SEARCH_TYPES: Final = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
_KEY_TYPES: Final = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_CRITICAL_TYPES: Final = (*_KEY_TYPES, "AWS::SecretsManager::ResourcePolicy", "AWS::Lambda::ResourcePolicy")

_QUEUE = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Topic:
    Type: AWS::SNS::Topic
  OrdersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
"""


class ResourcePolicyOpenToEveryone(StatementRule):
    """## What it proves
    No policy of a queue, topic, bucket, key, secret, repository, table, event bus, file system, domain or another
    resource admits everyone without a condition that narrows it to known parties, and none gives a named party every
    action (`sqs:*`). Allow and Deny are read together. The account itself (`:root` of your own account) passes: that
    hands the decision to IAM; in a key policy it is the default, and named administrators of a key pass with it.

    ## Why it matters
    A resource policy needs no identity policy of yours beside it: whoever it names may act.

    ## How to fix
    Name the principal, or compare a key that says who comes (`aws:SourceArn`, `aws:SourceAccount`,
    `aws:PrincipalOrgID`, `aws:SourceVpce`) with a fixed value in `StringEquals` or `ArnLike`.

    ## What it cannot see
    Whether an organisation that it admits is your own (*unknown*); blocks at the level of the account.

    ## References
    - IAM User Guide, *AWS JSON policy elements: Principal*; *AWS global condition context keys*
    - S3 User Guide, *The meaning of "public"*
    """

    meta = RuleMeta(
        id="IAM010",
        title="A resource policy that is open to everyone",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="Whoever a resource policy admits needs no other permission of yours.",
        subjects=tuple(RESOURCE_POLICIES),
        lens=("SEC2.a1",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",),
    )
    kinds = (PolicyKind.RESOURCE,)
    examples = (
        Example.fails(
            "anyone may send",
            f"""{_QUEUE}\
            Principal: "*" # <- finding
            Condition: {{Bool: {{aws:SecureTransport: "true"}}}}
""",
        ),
        Example.passes(
            "one topic may send",
            f"""{_QUEUE}\
            Principal: "*"
            Condition: {{ArnEquals: {{aws:SourceArn: !Ref Topic}}}}
""",
        ),
        Example.unknown(
            "an organisation, which may be your own",
            f"""{_QUEUE}\
            Principal: "*"
            Condition: {{StringEquals: {{aws:PrincipalOrgID: o-a1b2c3d4e5}}}}
""",
        ),
    )

    reports_invalid = True

    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """Everyone first; then what a named party is given."""
        if not statement.allows:
            return
        grant = next(
            (g for g in grants_to_everyone(policy.statements) if g.statement.number == statement.number), None
        )
        if grant is not None:
            yield from self._everyone(subject, policy, grant)
        elif subject.type not in _API_TYPES:
            yield self._named(subject, policy, statement)

    def _everyone(self, subject: Resource, policy: Policy, grant: PublicGrant) -> Iterator[Judgement]:
        statement, target = grant.statement, policy.title(grant.statement)
        at = statement.element_span("Principal", "NotPrincipal")
        steps = [policy.states(statement, "admits everyone", at)]
        if grant.refused_by is not None:
            steps.append(policy.states(grant.refused_by, f"refuses all but {grant.narrowed.by}"))
        if grant.missing is not None:
            message = f"{subject.name} may admit everyone: {grant.missing.what} ({target})"
            steps = [policy.states(statement, "admits a party that is not known for certain", at)]
            yield self.unknown(subject, message, missing=[grant.missing], evidence=steps, at=at, target=target)
        elif grant.narrowed.organization and grant.narrowed.effect is Effect.NARROWED:
            what = f"whether {grant.narrowed.by} is your own organisation is not in the template"
            how = "if it is, suppress this with that as the reason"
            message = f"{subject.name} admits a whole organisation: {grant.narrowed.by} ({target})"
            cause = Missing(what, how, f"organization:{grant.narrowed.by}")
            yield self.unknown(subject, message, missing=[cause], evidence=steps, at=at, target=target)
        elif not grant.is_public:
            message = f"{subject.name} admits only {grant.narrowed.by} ({target})"
            yield self.passes(subject, message, evidence=steps, at=at, target=target)
        elif (why := _guarded(subject)) is not None:
            message = f"{subject.name} admits everyone in its policy, but {why} ({target})"
            yield self.passes(subject, message, evidence=steps, at=at, target=target)
        elif subject.type not in _API_TYPES:
            yield self.fails(
                subject,
                f"{subject.name} admits everyone: {_who(statement)} ({target})",
                evidence=steps,
                fix=f"In {target} of {subject.name}, name the Principal, or add Condition: "
                "{ArnEquals: {aws:SourceArn: <arn>}} with the ARN of what may come.",
                at=at,
                target=target,
                severity=Severity.CRITICAL if subject.type in _CRITICAL_TYPES else None,
            )

    def _named(self, subject: Resource, policy: Policy, statement: Statement) -> Judgement:
        target = policy.title(statement)
        wide = [a for a in statement.actions if is_everything(str(a)) or is_whole_service(a.literal or "")]
        parties = [principal for principal in statement.principals if not _may_hold_all(principal, subject)]
        unknown = [cause for principal in statement.principals if (cause := principal.may_be_anyone) is not None]
        shown = ", ".join(principal.text for principal in statement.principals) or "nobody"
        at = statement.element_span("Action")
        if wide and parties and not unknown:
            return self.fails(
                subject,
                f"{subject.name} gives {shown} every action: {wide[0].literal} ({target})",
                evidence=[policy.states(statement, f"allows {wide[0].literal} to {shown}", wide[0].span)],
                fix=f"In {target} of {subject.name}, set Action to the actions that {shown} needs.",
                at=wide[0].span,
                target=target,
                severity=Severity.LOW if subject.type in _KEY_TYPES else Severity.MEDIUM,
            )
        if unknown:
            message = f"{subject.name} admits a principal that is not known ({target})"
            steps = [policy.states(statement, "takes its principal from outside the template")]
            return self.unknown(
                subject,
                message,
                missing=unknown,
                evidence=steps,
                at=statement.element_span("Principal"),
                target=target,
            )
        steps = [policy.states(statement, f"admits {shown}", at)]
        return self.passes(
            subject, f"{subject.name} admits {shown} only ({target})", evidence=steps, at=at, target=target
        )


def _may_hold_all(principal: Principal, subject: Resource) -> bool:
    """The account itself; of a key also its administrators: a key policy has to name somebody who may manage it."""
    if principal.is_account_root and principal.account == "own":
        return True
    return subject.type in _KEY_TYPES and principal.kind is PrincipalKind.AWS


def _guarded(subject: Resource) -> str | None:
    """What stands before the policy of a search domain, an access point or an API."""
    if subject.type in _SEARCH_TYPES:
        if not subject.prop("VPCOptions").is_absent:
            return "the domain lives in a VPC, where its security groups decide"
        if subject.prop("AdvancedSecurityOptions", "Enabled").boolean():
            return "fine-grained access control asks for credentials"
    if subject.type == "AWS::S3::AccessPoint" and not subject.prop("VpcConfiguration").is_absent:
        return "the access point answers in its VPC only"
    if subject.type == "AWS::ApiGateway::RestApi":
        kinds = subject.prop("EndpointConfiguration", "Types").items()
        if not any(kind.literal == "PRIVATE" for kind in kinds):
            return "a public API is meant for everyone: the authorization of each method decides"
    return None


def _who(statement: Statement) -> str:
    if statement.not_principals:
        return "NotPrincipal with Allow is everyone else, anonymous callers too"
    if any(principal.kind is PrincipalKind.FEDERATED for principal in statement.principals):
        return "anyone who signs in with that provider"
    if not statement.conditions:
        return "no condition narrows it"
    return f"its condition ({', '.join(test.key for test in statement.conditions)}) does not say who may come"
