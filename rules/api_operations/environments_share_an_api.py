"""API016: environments that are stages of one API."""

import re
from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.lookup import naming
from validator.graph.apis.openapi import api_label
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings, stages_made_by
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ENVIRONMENT = re.compile(
    r"(^|[-_])(dev|devel|development|test|testing|tst|qa|uat|int|integration|sandbox|stage|staging|stg|preprod|"
    r"pre-prod|beta|gamma|prod|production|prd|live)($|[-_])",
    re.IGNORECASE,
)
_TEMPLATE = """\
Resources:
  Api:MARK
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Development:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: FIRST}
  Production:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: prod}
"""


class EnvironmentsShareAnApi(Rule):
    """An API of which two stages are environments: `dev` and `prod` side by side.

    ## What it proves
    No two stages of one API in one template are named after environments. Stages named after versions (`v1`, `v2`)
    are no environments.

    ## Why it matters
    Such stages share the API's definition, its authorizers, the account's limits and often the functions behind: a
    test can bring production down, and a change of the template changes both.

    ## How to fix
    Make the stage's name a parameter and deploy the template once for each environment, best in accounts of their
    own.

    ## What it cannot see
    Environments whose names the template does not hold: a stage that a parameter names is one environment of a stack.

    ## References
    Serverless Lens, OPS 2: *Use infrastructure as code and stages isolated in separate environments*.
    """

    meta = RuleMeta(
        id="API016",
        title="Environments share one API",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="A test can bring production down, and a change of the template changes both.",
        subjects=(rest.REST_API, http.API),
        lens=("OPS2.a1",),
        references=("https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html",),
        since="0.2",
    )
    examples = (
        Example.fails("dev and prod", _TEMPLATE.replace("FIRST", "dev").replace("MARK", "  # <- finding")),
        Example.passes("two versions", _TEMPLATE.replace("FIRST", "v1").replace("MARK", "")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each API with stages in the run."""
        types = [one for one in STAGE_TYPES if one != http.API]
        resources = naming(graph, subject, ("RestApiId", "ApiId"), *types)
        stages = [stage for one in resources for stage in stages_made_by(graph, one) if stage.api == subject]
        if not stages:
            return
        named = {stage.name.literal: stage for stage in stages if _is_environment(stage)}
        label = api_label(subject)
        if len(named) < 2:
            step = stages[0].resource.states(f"is {stages[0].label} of it")
            yield self.passes(subject, f"{subject.name} is an API of one environment", evidence=(step,))
            return
        names = ", ".join(str(name) for name in named)
        steps = [stage.resource.states(f"is {stage.label} of it", stage.name.span) for stage in named.values()]
        message = f"{subject.name} serves several environments from {label}: its stages are {names}"
        fix = "make the stage's name a parameter, and deploy the template once for each environment"
        yield self.fails(subject, message, evidence=steps, fix=fix)


def _is_environment(stage: StageSettings) -> bool:
    return stage.name.literal is not None and _ENVIRONMENT.search(stage.name.literal) is not None
