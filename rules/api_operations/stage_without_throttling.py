"""API007: a way in that nothing but the account's limit slows down."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule, fix_of_setting
from validator.graph import Architecture, Resource
from validator.graph.apis.function_urls import URL, function_of
from validator.graph.apis.operation import Operation
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings, operations_of
from validator.graph.apis.stages import Stage
from validator.graph.apis.usage_plans import keyed_operations, plan_undecided, plans_of
from validator.graph.edge.coverage import stage_protection
from validator.graph.edge.web_acl_content import equipment
from validator.model import Category, Evidence, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

_KEYS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
_STAGE = """\
Resources:
  Live:MARK
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !ImportValue tickets-api
      StageName: live
"""


class StageWithoutThrottling(StageRule):
    """A stage or function URL without a limit of its own.

    ## What it proves
    Every stage has a rate or burst limit for all its operations: by method or route settings, by usage plans where
    every operation demands a key, or (REST) by a rate-based rule of the stage's web ACL. The function behind a
    function URL has reserved concurrency.

    ## Why it matters
    Without one only the account's limit holds, which all APIs of the Region share: a flood on one API stops the
    others, and what stands behind it takes the rest.

    ## How to fix
    Set `ThrottlingRateLimit` and `ThrottlingBurstLimit` in `MethodSettings` for `/*` and `*`, or in
    `DefaultRouteSettings`; set `ReservedConcurrentExecutions` on the function behind a URL.

    ## What it cannot see
    Whether the numbers fit what stands behind; limits that a distribution's web ACL sets count for nothing where
    the API also answers by itself.

    ## References
    API Gateway Developer Guide: *Throttle requests to your REST APIs*; Serverless Lens, REL 1.
    """

    meta = RuleMeta(
        id="API007",
        title="A way in has no limit of its own",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="A flood of requests on one API uses up the limit that all APIs of the Region share.",
        subjects=(*STAGE_TYPES, URL),
        lens=("REL1.a1",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("the account's limit only", _STAGE.replace("MARK", "  # <- finding")),
        Example.passes(
            "a limit for every route",
            _STAGE.replace("MARK", "")
            + "      DefaultRouteSettings: {ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}\n",
        ),
        Example.unknown(
            "an input selects the settings",
            "Parameters:\n  Size: {Type: AWS::SSM::Parameter::Value<String>}\n"
            + _STAGE.replace("MARK", "  # <- finding")
            + "      DefaultRouteSettings: !FindInMap [Limits, !Ref Size, Routes]\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage and each function URL."""
        if subject.type == URL:
            yield from self._url(subject, graph)
            return
        yield from super().judge(subject, graph)

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage."""
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        settings = stage.get("MethodSettings" if stage.is_rest else "DefaultRouteSettings")
        if settings.missing is not None:
            yield self.undecided(stage, settings.missing)
            return
        own = _limit(stage, graph)
        if own is not None:
            step = subject.states("limits the rate of requests", own.span)
            yield self.passes(subject, f"{label} is throttled", evidence=(step,), at=own.span, target=stage.label)
            return
        other = _other_limit(stage, graph)
        if other is not None:
            message = f"{label} is throttled: {other.resource} {other.relation}"
            yield self.passes(subject, message, evidence=(other,), target=stage.label)
            return
        missing = _undecided(stage, graph)
        if missing is not None:
            yield self.undecided(stage, missing)
            return
        limits = "ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200"
        some = any(True for key in _KEYS for _ in stage.settings(key))
        what = "a limit for some operations only" if some else "no limit of its own"
        yield self.lacks(
            stage, f"{label} has {what}, so the account's holds", "throttling", fix_of_setting(stage, limits)
        )

    def _url(self, url: Resource, graph: Architecture) -> Iterator[Judgement]:
        function = function_of(graph, url)
        if function is None:
            return
        reserved = function.prop("ReservedConcurrentExecutions")
        if not reserved.is_absent:
            step = function.states("has reserved concurrency", reserved.span)
            message = f"{function.name} answers its function URL with reserved concurrency at most"
            yield self.passes(url, message, evidence=(step,), target="function URL")
            return
        missing = may_be_added(function, "reserved concurrency")
        if missing is not None:
            message = f"{function.name} is not decided: {missing.what}"
            yield self.unknown(url, message, missing=(missing,), target="function URL")
            return
        steps = (url.states("invokes it without a limit"), function.states("has no reserved concurrency"))
        fix = f"set ReservedConcurrentExecutions on {function.name} (ReservedConcurrentExecutions: 50)"
        message = f"{url.name} has a function URL that nothing limits: {function.name} has no reserved concurrency"
        yield self.fails(url, message, evidence=steps, fix=fix, target="function URL")


def _limit(stage: StageSettings, graph: Architecture) -> Value | None:
    """The limit that holds for all operations, whether written once or for each of them."""
    for key in _KEYS:
        whole = stage.setting(key)
        if not whole.is_absent:
            return whole
    operations = operations_of(graph, stage.api) if stage.api is not None else ()
    found = [_of_operation(stage, one) for one in operations]
    return found[0] if found and all(one is not None for one in found) else None


def _of_operation(stage: StageSettings, operation: Operation) -> Value | None:
    values = (stage.setting_of(key, operation) for key in _KEYS)
    return next((value for value in values if not value.is_absent), None)


def _other_limit(stage: StageSettings, graph: Architecture) -> Evidence | None:
    """The usage plan or the web ACL that limits what the stage's own settings do not."""
    if not stage.is_rest or stage.api is None:
        return None
    as_stage = Stage(stage.resource, stage.api, stage.name)
    operations = operations_of(graph, stage.api)
    if operations and len(keyed_operations(graph, stage.api)) == len(operations):
        for plan, entry in plans_of(graph, as_stage):
            for value in (plan.prop("Throttle"), entry.get("Throttle")):
                if not value.is_absent:
                    return plan.states("limits each key", value.span)
    acl = stage_protection(graph, as_stage).acl
    if acl is not None and equipment(graph, acl).rate_based:
        return acl.states("limits each source by a rate-based rule")
    return None


def _undecided(stage: StageSettings, graph: Architecture) -> Missing | None:
    """What may yet limit every request: usage plans where all operations demand a key."""
    if not stage.is_rest or stage.api is None:
        return None
    operations = operations_of(graph, stage.api)
    if not operations or len(keyed_operations(graph, stage.api)) != len(operations):
        return None
    return plan_undecided(graph, Stage(stage.resource, stage.api, stage.name))
