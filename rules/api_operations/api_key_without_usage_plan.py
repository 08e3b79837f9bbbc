"""API009: methods that demand a key which no usage plan admits."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.openapi import is_implicit
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.stage_settings import is_extra_stage
from validator.graph.apis.stages import Stage, stage_of
from validator.graph.apis.usage_plans import keyed_operations, plan_undecided, plans_of
from validator.graph.names import OUTSIDE_CONTENT
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Outside: {Type: String}
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
      ApiKeyRequired: true
      Integration: {Type: MOCK}
  Live:MARK
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: live}
  Partners:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: STAGE}]
"""


class ApiKeyWithoutUsagePlan(Rule):
    """A stage whose methods demand an API key while no usage plan names the stage.

    ## What it proves
    Where a method demands an API key, a usage plan of the run names each stage of its API. API Gateway answers 403
    to every key that no plan joins to the stage.

    ## Why it matters
    Every call of the method fails, whatever key it brings, and no consumer has a quota.

    ## How to fix
    Add the stage to `ApiStages` of an `AWS::ApiGateway::UsagePlan` (SAM: `Auth.UsagePlan.CreateUsagePlan`).

    ## What it cannot see
    Plans that are made in the console or by another stack that is not part of the run.

    ## References
    API Gateway Developer Guide: *Usage plans and API keys for REST APIs*.
    """

    meta = RuleMeta(
        id="API009",
        title="A key is demanded and no usage plan admits one",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="API Gateway refuses every key that no usage plan joins to the stage.",
        subjects=(rest.STAGE, rest.DEPLOYMENT),
        lens=("REL1.a2",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the plan names another stage", _TEMPLATE.replace("STAGE", "prod").replace("MARK", "  # <- finding")
        ),
        Example.passes("the plan names the stage", _TEMPLATE.replace("STAGE", "!Ref Live").replace("MARK", "")),
        Example.unknown(
            "an input decides which stage the plan names",
            _TEMPLATE.replace("STAGE", "!Ref Outside").replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage of an API whose methods demand a key."""
        stage = None if is_extra_stage(subject) else stage_of(graph, subject)
        if stage is None or stage.api is None or not (keyed := keyed_operations(graph, stage.api)):
            return
        label = f"{subject.name} {stage.label}"
        step = stage.api.states(f"demands a key on {keyed[0].name}", keyed[0].span)
        plans = plans_of(graph, stage)
        if plans:
            plan, entry = plans[0]
            message = f"{label} is named by usage plan {plan.name}"
            steps = (step, plan.states("names the stage", entry.span))
            yield self.passes(subject, message, evidence=steps, target=stage.label)
            return
        missing = plan_undecided(graph, stage) or _elsewhere(graph, stage) or may_be_added(subject, "a usage plan")
        if missing is not None:
            message = f"{label} may have no usage plan: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), evidence=(step,), target=stage.label)
            return
        fix = f"add an AWS::ApiGateway::UsagePlan whose ApiStages names {stage.label} of {stage.api.name}"
        if is_implicit(stage.api):
            fix = "set Auth.UsagePlan in Globals (Globals: {Api: {Auth: {UsagePlan: {CreateUsagePlan: SHARED}}}})"
        elif stage.api.origin.resource_type == "AWS::Serverless::Api":
            fix = f"set Auth.UsagePlan on {stage.api.name} (Auth: {{UsagePlan: {{CreateUsagePlan: PER_API}}}})"
        message = f"{label} demands a key on {keyed[0].name} and is in no usage plan of this workload"
        yield self.fails(subject, message, evidence=(step,), fix=fix, target=stage.label)


def _elsewhere(graph: Architecture, stage: Stage) -> Missing | None:
    """A nested stack or custom resource that receives the API or the stage may hold the plan."""
    near = [one for one in (stage.api, stage.resource) if one is not None]
    receivers = [other for one in near for other in graph.referrers(one) if _takes_it_outside(other)]
    if not receivers:
        return None
    what = f"{receivers[0].name} receives {stage.api.name if stage.api else 'the API'} and may hold the usage plan"
    return Missing(what, "review that template as well", f"resource:{receivers[0].name}")


def _takes_it_outside(resource: Resource) -> bool:
    return resource.type in OUTSIDE_CONTENT or resource.type.startswith("Custom::")
