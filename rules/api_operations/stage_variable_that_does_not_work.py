"""API015: an integration that calls by a stage variable which a stage does not set, or which nothing admits."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.function_urls import PERMISSION
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings, stages_made_by
from validator.graph.apis.stage_variables import VariableUse, called_function, variable_uses
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Shared: {Type: AWS::SSM::Parameter::Value<String>}
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
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://${stageVariables.host}/tickets"}
  Live:MARK
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: live, Variables: VARIABLES}
"""


class StageVariableThatDoesNotWork(Rule):
    """A stage on which an integration cannot call: its variable is not set, or the function admits no call.

    ## What it proves
    Every variable that an integration's URI names (`${stageVariables.name}`) is set on every stage of the API. Where
    its value leads to a function of the run by name and alias, a permission lets API Gateway invoke just that, unless
    the integration has credentials.

    ## Why it matters
    Every call of the method fails with 500 on that stage, and on no other: the fault shows after the release only.

    ## How to fix
    Set the variable in `Variables` (HTTP and WebSocket: `StageVariables`) of the stage; add an
    `AWS::Lambda::Permission` for the alias that it names.

    ## What it cannot see
    Functions outside the run. Variables that mapping templates alone use become empty texts and are not judged.

    ## References
    API Gateway Developer Guide: *Use stage variables for a REST API in API Gateway*.
    """

    meta = RuleMeta(
        id="API015",
        title="A stage variable leads nowhere",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="Every call of the method fails on that stage.",
        subjects=STAGE_TYPES,
        lens=("OPS2.a1",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the stage sets another variable",
            _TEMPLATE.replace("VARIABLES", "{hots: shop.example.com}").replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "the stage sets the variable",
            _TEMPLATE.replace("VARIABLES", "{host: shop.example.com}").replace("MARK", ""),
        ),
        Example.unknown(
            "an input selects the variables",
            _TEMPLATE.replace("VARIABLES", "!FindInMap [Stages, !Ref Shared, Variables]").replace(
                "MARK", "  # <- finding"
            ),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage and each variable that the API's integrations call by."""
        for stage in stages_made_by(graph, subject):
            if stage.api is None:
                continue
            uses: dict[str, VariableUse] = {}
            for use in variable_uses(graph, stage.api):
                uses.setdefault(use.variable, use)
            for use in uses.values():
                yield self._use(stage, use, graph)

    def _use(self, stage: StageSettings, use: VariableUse, graph: Architecture) -> Judgement:
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        target = f"{stage.label} {use.variable}"
        variables = "Variables" if stage.is_rest else "StageVariables"
        value = stage.get(variables, use.variable)
        step = use.source.states(f"calls by stage variable {use.variable} ({use.name})", use.span)
        missing = stage.get(variables).missing
        if missing is not None:
            message = f"{label} may not set {use.variable}: {missing.what}"
            return self.unknown(subject, message, missing=(missing,), evidence=(step,), target=target)
        if value.is_absent:
            message = f"{label} does not set {use.variable}, which {use.name} of {use.source.name} calls by"
            fix = f"set {variables} on {subject.name} ({variables}: {{{use.variable}: …}})"
            here = subject.states(f"does not set {use.variable}")
            return self.fails(subject, message, evidence=(step, here), fix=fix, target=target)
        called = None if use.has_credentials else called_function(graph, use, value)
        if called is not None and not _admitted(graph, *called):
            function, qualifier = called
            name = f"{function.name}:{qualifier}" if qualifier else function.name
            message = f"{label} calls {name} by {use.variable}, and no permission lets API Gateway invoke it"
            here = subject.states(f"sets {use.variable}", value.span)
            fix = f"add an AWS::Lambda::Permission for apigateway.amazonaws.com whose FunctionName is {name}"
            return self.fails(subject, message, evidence=(step, here), fix=fix, at=value.span, target=target)
        here = subject.states(f"sets {use.variable}", value.span)
        message = f"{label} sets {use.variable}, which {use.name} calls by"
        return self.passes(subject, message, evidence=(step, here), at=value.span, target=target)


def _admitted(graph: Architecture, function: Resource, qualifier: str) -> bool:
    """Whether a permission of the run is for that function and qualifier, and for API Gateway."""
    for permission in graph.declared(PERMISSION):
        named = permission.prop("FunctionName")
        found = graph.target(named, function.type)
        fits = found == function and (not qualifier or str(named).endswith(f":{qualifier}"))
        if not fits and qualifier and function.type == "AWS::Lambda::Function":
            fits = _is_alias(graph, permission, function, qualifier)
        for_gateway = permission.prop("Principal").literal in ("apigateway.amazonaws.com", "*", None)
        if fits and for_gateway and permission.exists():
            return True
    return False


def _is_alias(graph: Architecture, permission: Resource, function: Resource, qualifier: str) -> bool:
    alias = graph.target(permission.prop("FunctionName"), "AWS::Lambda::Alias")
    if not isinstance(alias, Resource) or alias.prop("Name").literal != qualifier:
        return False
    return graph.target(alias.prop("FunctionName"), function.type) == function
