"""API020: the stage named Stage that SAM adds to an API."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.openapi import is_implicit
from validator.graph.apis.stage_settings import is_extra_stage
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TicketsApi:MARK
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DefinitionBody: {swagger: "2.0", paths: {}}
"""


class ExtraStageOfSam(Rule):
    """A second stage, named `Stage`, that SAM adds to a REST API.

    ## What it proves
    No REST API of SAM, explicit or implicit, gets a stage besides its own. SAM's deployment makes one named `Stage`
    wherever `OpenApiVersion` is not set.

    ## Why it matters
    The stage answers like the other one, and has none of its settings: no log, no trace, no limit, no web ACL, no
    stage variables.

    ## How to fix
    Set `OpenApiVersion: 3.0.1` on the API or in `Globals.Api`.

    ## What it cannot see
    Stages that are left over from earlier deployments.

    ## References
    SAM Developer Guide: *AWS::Serverless::Api*, `OpenApiVersion`.
    """

    meta = RuleMeta(
        id="API020",
        title="SAM adds a second stage to an API",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="The API answers at a second address without log, trace, limit and web ACL.",
        subjects=(rest.DEPLOYMENT,),
        lens=("OPS1.a4", "REL1.a1"),
        references=(
            "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("no OpenApiVersion", _TEMPLATE.replace("MARK", "  # <- finding")),
        Example.passes(
            "OpenApiVersion is set",
            _TEMPLATE.replace("MARK", "").replace('swagger: "2.0"', "openapi: 3.0.1")
            + "      OpenApiVersion: 3.0.1\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each REST API of SAM."""
        if not is_extra_stage(subject):
            return
        api = rest.rest_api_of(graph, subject)
        implicit = api is not None and is_implicit(api)
        label = "the implicit API" if implicit else subject.name
        name = subject.prop("StageName")
        if name.is_absent:
            step = subject.states("is deployed to the stage that the template names")
            yield self.passes(subject, f"{subject.name} gets no stage but its own", evidence=(step,))
            return
        step = subject.states(f"gets a second stage {name.literal or name} from SAM")
        where = "in Globals (Globals: {Api: {OpenApiVersion: 3.0.1}})"
        fix = f"set OpenApiVersion {where if implicit else f'on {subject.name} (OpenApiVersion: 3.0.1)'}"
        message = (
            f"{subject.name} has a second stage {name.literal or name}, which SAM adds to {label} without settings"
        )
        yield self.fails(subject, message, evidence=(step,), fix=fix, target=f"stage {name.literal or name}")
