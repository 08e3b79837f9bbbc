"""API005: an API that is on no trace."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule, fix_of
from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.appsync import GRAPHQL_API
from validator.graph.apis.function_urls import owner_of
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.stage_settings import StageSettings, operations_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, RuleMeta

_STAGE = """\
Resources:
  Live:{mark}
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !ImportValue tickets-api
      DeploymentId: d1
      StageName: live
"""


class TraceThatStartsBehindTheApi(StageRule):
    """A REST stage or a GraphQL API that X-Ray does not trace.

    ## What it proves
    `TracingEnabled` is true on every stage of a REST API, and `XrayEnabled` on every GraphQL API. Where functions
    behind the API are traced, the finding says so: their traces begin one hop too late.

    ## Why it matters
    One trace then shows what the API itself adds: authorizers, throttling, time before the function starts. And the
    API is where it is decided which requests are sampled.

    ## How to fix
    Set `TracingEnabled: true` on the stage (SAM: on the API or in `Globals`), `XrayEnabled: true` on the GraphQL API.

    ## What it cannot see
    Other tracing products. HTTP and WebSocket APIs have no X-Ray setting and are not judged.

    ## References
    API Gateway Developer Guide: *Trace user requests to REST APIs using X-Ray*; AppSync Developer Guide: *Tracing*.
    """

    meta = RuleMeta(
        id="API005",
        title="An API is on no trace",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="What happens to a request before it reaches code cannot be followed.",
        subjects=(rest.STAGE, rest.DEPLOYMENT, GRAPHQL_API),
        lens=("OPS1.a3",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html",),
        since="0.2",
    )
    examples = (
        Example.fails("tracing is off by default", _STAGE.format(mark="  # <- finding")),
        Example.passes("tracing is on", _STAGE.format(mark="") + "      TracingEnabled: true\n"),
        Example.unknown(
            "an input decides",
            "Parameters:\n  Traced: {Type: String}\n"
            + _STAGE.format(mark="")
            + "      TracingEnabled: !Ref Traced  # <- finding\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each REST stage and each GraphQL API."""
        if subject.type == GRAPHQL_API:
            yield self._graphql(subject)
            return
        yield from super().judge(subject, graph)

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each REST stage."""
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        traced = stage.get("TracingEnabled")
        if traced.boolean():
            step = subject.states("is traced", traced.span)
            yield self.passes(subject, f"{label} is traced", evidence=(step,), at=traced.span, target=stage.label)
        elif traced.missing is not None:
            message = f"{label} is perhaps not traced: {traced.missing.what}"
            yield self.unknown(subject, message, missing=(traced.missing,), at=traced.span, target=stage.label)
        else:
            yield self._untraced(stage, graph)

    def _untraced(self, stage: StageSettings, graph: Architecture) -> Judgement:
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        added = may_be_added(stage.holder, "tracing")
        if added is not None:
            return self.undecided(stage, added)
        traced = _traced_functions(stage, graph)
        steps: list[Evidence] = [subject.states(f"does not trace {stage.label}", stage.place("TracingEnabled"))]
        steps += [
            function.states("is traced", function.prop("TracingConfig", "Mode").span) for function in traced[:3]
        ]
        message = f"{label} is not traced"
        if traced:
            message = f"{label} is not traced, though {', '.join(f.name for f in traced[:3])} behind it is"
        return self.fails(
            subject,
            message,
            evidence=steps,
            fix=fix_of(stage, "TracingEnabled: true"),
            at=stage.place("TracingEnabled"),
            target=stage.label,
        )

    def _graphql(self, subject: Resource) -> Judgement:
        traced = subject.prop("XrayEnabled")
        at = subject.span if traced.is_absent else traced.span
        if traced.boolean():
            step = subject.states("is traced", at)
            return self.passes(subject, f"{subject.name} is traced", evidence=(step,), at=at)
        missing = traced.missing or (may_be_added(subject, "tracing") if traced.is_absent else None)
        if missing is not None:
            message = f"{subject.name} is perhaps not traced: {missing.what}"
            return self.unknown(subject, message, missing=(missing,), at=at)
        step = subject.states("does not trace its resolvers", at)
        fix = f"set XrayEnabled on {subject.name} (XrayEnabled: true)"
        return self.fails(subject, f"{subject.name} is not traced", evidence=(step,), fix=fix, at=at)


def _traced_functions(stage: StageSettings, graph: Architecture) -> list[Resource]:
    """The functions behind the stage that are traced themselves."""
    if stage.api is None:
        return []
    called = (one.integration.function for one in operations_of(graph, stage.api))
    owners = dict.fromkeys(owner_of(graph, one) for one in called if one is not None)
    return [one for one in owners if one is not None and one.prop("TracingConfig", "Mode").literal == "Active"]
