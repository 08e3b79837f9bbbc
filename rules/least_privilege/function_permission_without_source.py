"""IAM009: a Lambda permission that does not say who may call."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.iam.conditions import Effect
from validator.graph.iam.permissions import Permission, permission_of
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_PERMISSION: Final = """\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Role: arn:aws:iam::111122223333:role/w, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
  Topic:
    Type: AWS::SNS::Topic
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Worker
      Action: lambda:InvokeFunction
"""

_LAYER: Final = "AWS::Lambda::LayerVersionPermission"


class FunctionPermissionWithoutSource(Rule):
    """## What it proves
    Each Lambda permission says who may call: not everyone, and for a service also on whose behalf (`SourceArn` with
    a fixed account, or `SourceAccount`). For S3 the account is asked for, since a bucket's ARN holds none; for Alexa
    the skill (`EventSourceToken`). A permission names an action to invoke, not `lambda:*`. A function URL that is
    open to everyone is judged by AUTH003.

    ## Why it matters
    A permission for `sns.amazonaws.com` alone lets every topic of every account call the function.

    ## How to fix
    Set `SourceArn` to the ARN of the rule, topic, API or pool, and for S3 `SourceAccount: !Ref AWS::AccountId`.

    ## What it cannot see
    Permissions that are added outside the template; whether the caller itself is protected.

    ## References
    - Lambda Developer Guide, *Granting function access to AWS services*
    - IAM User Guide, *The confused deputy problem*
    """

    meta = RuleMeta(
        id="IAM009",
        title="A function permission without a source",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.MEDIUM,
        why="Without a source, the same service may call the function for any other customer.",
        subjects=("AWS::Lambda::Permission", _LAYER),
        lens=("SEC2.a1",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
    )
    examples = (
        Example.fails(
            "any topic of any account may call",
            f"""{_PERMISSION}\
      Principal: sns.amazonaws.com # <- finding
""",
        ),
        Example.passes(
            "one topic may call",
            f"""{_PERMISSION}\
      Principal: sns.amazonaws.com
      SourceArn: !Ref Topic
""",
        ),
        Example.unknown(
            "the source is a parameter without value",
            f"""{_PERMISSION}\
      Principal: sns.amazonaws.com
      SourceArn: !Ref Source
Parameters:
  Source: {{Type: String}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict on who may call, and one on what, when that is more than a call."""
        permission = permission_of(subject)
        if permission.is_function_url and permission.is_everyone:
            return
        if permission.is_wide_action:
            yield self.fails(
                subject,
                f"{subject.name} allows {permission.action} instead of lambda:InvokeFunction",
                evidence=[subject.states(f"allows {permission.action}", permission.action_span)],
                fix=f"Set Action of {subject.name} to lambda:InvokeFunction.",
                at=permission.action_span,
                target="Action",
            )
        yield self._who(subject, permission)

    def _who(self, subject: Resource, permission: Permission) -> Judgement:
        at = permission.principal.span
        steps = [subject.states(f"admits {permission.shown}", at), *_sources(subject, permission)]
        narrowed = permission.narrowing
        on = subject.prop("LayerVersionArn" if subject.type == _LAYER else "FunctionName")
        named = ", ".join(dict.fromkeys(ref.logical_id for ref in getattr(on, "references", ())))
        what = f"{subject.name} lets {permission.shown} use {named or 'a function outside the run'}"
        if permission.principal.missing is not None:
            message = f"{subject.name} admits a principal that is not known"
            return self.unknown(subject, message, missing=[permission.principal.missing], evidence=steps, at=at)
        if not permission.needs_source:
            return self.passes(subject, f"{what}: a named party", evidence=steps, at=at)
        if narrowed.effect is Effect.UNKNOWN:
            missing = narrowed.missing or Missing("the source is not known", "write it", "source")
            return self.unknown(
                subject, f"{what}, from a source that is not known", missing=[missing], evidence=steps, at=at
            )
        if narrowed.effect is Effect.OPEN:
            return self.fails(
                subject,
                f"{what} {permission.lacking}",
                evidence=steps,
                fix=f"Set {permission.wanted} of {subject.name}.",
                at=at,
                severity=Severity.HIGH if permission.is_everyone and subject.type != _LAYER else None,
            )
        return self.passes(subject, f"{what} for {narrowed.by} only", evidence=steps, at=at)


def _sources(subject: Resource, permission: Permission) -> Iterator[Evidence]:
    for name in ("SourceArn", "SourceAccount", "PrincipalOrgID", "OrganizationId", "EventSourceToken"):
        if not subject.prop(name).is_absent:
            yield subject.states(f"asks for {name}", subject.property_span(name))
