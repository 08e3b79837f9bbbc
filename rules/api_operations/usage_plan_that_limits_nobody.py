"""API008: a usage plan that limits nobody."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.openapi import api_label
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.usage_plans import USAGE_PLAN, PlanStage, keyed_operations, keys_undecided, plan_stages
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      ApiKeyRequired: KEY
      Integration: {Type: MOCK}
  Partners:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: live}]MARK
      Quota: {Limit: 10000, Period: DAY}
"""


class UsagePlanThatLimitsNobody(Rule):
    """A usage plan without a quota, without a stage, or before methods that ask for no key.

    ## What it proves
    Every usage plan has a quota, names at least one stage, and the API of each stage that it names has a method that
    demands an API key. A plan counts the calls of a key; where no key is asked for, nothing is counted.

    ## Why it matters
    A plan that limits nobody looks like protection and is none: one consumer can use up what all share.

    ## How to fix
    Set `Quota` and `ApiStages` on the plan, and `ApiKeyRequired: true` on the methods (SAM:
    `Auth: {ApiKeyRequired: true}` on the API).

    ## What it cannot see
    Which consumers have keys (keys are often made outside of templates), and APIs that other stacks hold.

    ## References
    API Gateway Developer Guide: *Usage plans and API keys for REST APIs*; Serverless Lens, REL 1.
    """

    meta = RuleMeta(
        id="API008",
        title="A usage plan limits nobody",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="One consumer can use up what all consumers share.",
        subjects=(USAGE_PLAN,),
        lens=("REL1.a2", "REL1.a1"),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "no method asks for a key", _TEMPLATE.replace("KEY", "false").replace("MARK", "  # <- finding")
        ),
        Example.passes("the method asks for a key", _TEMPLATE.replace("KEY", "true").replace("MARK", "")),
        Example.unknown(
            "an input decides whether a key is asked for",
            "Parameters:\n  Keyed: {Type: String}\n"
            + _TEMPLATE.replace("KEY", "!Ref Keyed").replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict on the quota, and one on each stage of the plan."""
        yield self._quota(subject)
        whole = subject.prop("ApiStages")
        if whole.missing is not None:
            message = f"{subject.name} names stages that are not decided: {whole.missing.what}"
            yield self.unknown(subject, message, missing=(whole.missing,), at=whole.span, target="stages")
            return
        named = plan_stages(graph, subject)
        if not named:
            step = subject.states("names no stage", whole.span if not whole.is_absent else subject.span)
            fix = f"set ApiStages on {subject.name} (ApiStages: [{{ApiId: !Ref Api, Stage: live}}])"
            message = f"{subject.name} is a usage plan for no stage"
            yield self.fails(subject, message, evidence=(step,), fix=fix, target="stages")
        for number, stage in enumerate(named, 1):
            yield from self._stage(subject, stage, number, graph)

    def _quota(self, subject: Resource) -> Judgement:
        quota = subject.prop("Quota")
        if quota.missing is not None:
            message = f"{subject.name} has a quota that is not decided: {quota.missing.what}"
            return self.unknown(subject, message, missing=(quota.missing,), at=quota.span, target="quota")
        if not quota.get("Limit").is_absent:
            step = subject.states("has a quota", quota.span)
            return self.passes(
                subject, f"{subject.name} has a quota", evidence=(step,), at=quota.span, target="quota"
            )
        added = may_be_added(subject, "a quota")
        if added is not None:
            message = f"{subject.name} is not decided: {added.what}"
            return self.unknown(subject, message, missing=(added,), target="quota")
        throttled = not subject.prop("Throttle").is_absent
        what = "limits rates and has no quota" if throttled else "has no quota and no rate limit"
        fix = f"set Quota on {subject.name} (Quota: {{Limit: 10000, Period: DAY}})"
        if subject.origin.resource_type.startswith("AWS::Serverless::"):
            fix = f"set Auth.UsagePlan.Quota on {subject.name} (Quota: {{Limit: 10000, Period: DAY}})"
        step = subject.states(what)
        generated = subject.is_generated
        message = f"{subject.name} has a usage plan that {what}" if generated else f"{subject.name} {what}"
        return self.fails(subject, message, evidence=(step,), fix=fix, target="quota")

    def _stage(self, subject: Resource, stage: PlanStage, number: int, graph: Architecture) -> Iterator[Judgement]:
        target, at = f"stage entry {number}", stage.value.span
        if stage.api is None:
            if stage.missing is not None:
                message = f"{subject.name} names an API that is not decided: {stage.missing.what}"
                yield self.unknown(subject, message, missing=(stage.missing,), at=at, target=target)
            return
        keyed, api = keyed_operations(graph, stage.api), api_label(stage.api)
        if keyed:
            step = stage.api.states(f"demands a key on {keyed[0].name}", keyed[0].span)
            message = f"{subject.name} counts the calls of {api}, which demands a key on {len(keyed)} of its methods"
            yield self.passes(subject, message, evidence=(step,), at=at, target=target)
            return
        missing = keys_undecided(graph, stage.api)
        if missing is not None:
            message = f"{subject.name} may count no calls of {api}: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), at=at, target=target)
            return
        fix = f"set ApiKeyRequired: true on the methods of {api}"
        if stage.api.origin.resource_type == "AWS::Serverless::Api":
            fix = f"set Auth.ApiKeyRequired on {stage.api.name} (Auth: {{ApiKeyRequired: true}})"
        steps = (subject.states(f"names a stage of {api}", at), stage.api.states("demands a key on no method"))
        message = f"{subject.name} limits nobody on {api}: no method of it demands a key"
        yield self.fails(subject, message, evidence=steps, fix=fix, at=at, target=target)
