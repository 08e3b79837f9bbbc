"""Usage plans: which stages they limit, and which operations ask for a key.

Follows the API Gateway Developer Guide, *Usage plans and API keys for REST APIs*: a plan limits the holders of
its keys, on methods that demand a key and in the stages that it names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import rest
from validator.graph.apis.openapi import body_missing, refused_events
from validator.graph.apis.operation import Operation
from validator.graph.apis.rest import REST_API, rest_operations
from validator.graph.apis.stages import Stage
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Text, Value

USAGE_PLAN = "AWS::ApiGateway::UsagePlan"


@dataclass(frozen=True, slots=True)
class PlanStage:
    """One stage that a plan names. ``api`` is None when it is not in the run."""

    value: Value
    api: Resource | None
    missing: Missing | None = None


def plan_stages(graph: Architecture, plan: Resource) -> tuple[PlanStage, ...]:
    """The stages that a usage plan names."""

    def compute() -> tuple[PlanStage, ...]:
        return tuple(_plan_stage(graph, item) for item in plan.prop("ApiStages").items())

    return graph.memo("plan-stages", plan, compute)


def _plan_stage(graph: Architecture, item: Value) -> PlanStage:
    found = graph.target(item.get("ApiId"), REST_API)
    api = found if isinstance(found, Resource) else None
    return PlanStage(item, api, item.missing or item.get("ApiId").missing if api is None else None)


def plans_of(graph: Architecture, stage: Stage) -> tuple[tuple[Resource, Value], ...]:
    """The usage plans that name the stage, each with its entry for it."""
    return tuple(_plans(graph, stage))


def _plans(graph: Architecture, stage: Stage) -> Iterator[tuple[Resource, Value]]:
    for plan in graph.existing(USAGE_PLAN):
        for item in plan_stages(graph, plan):
            if item.api is not None and item.api == stage.api and _names(graph, item.value.get("Stage"), stage):
                yield plan, item.value


def _names(graph: Architecture, named: Value, stage: Stage) -> bool:
    if graph.target(named, rest.STAGE, rest.DEPLOYMENT) == stage.resource:
        return True
    return isinstance(named, Text) and isinstance(stage.name, Text) and named.parts == stage.name.parts


def plan_undecided(graph: Architecture, stage: Stage) -> Missing | None:
    """What lacks to say that no plan of the run names the stage."""
    for plan in graph.existing(USAGE_PLAN):
        whole = plan.prop("ApiStages").missing
        if whole is not None:
            return whole
        for item in plan_stages(graph, plan):
            if item.missing is not None or (item.api == stage.api and item.value.get("Stage").missing is not None):
                return item.missing or item.value.get("Stage").missing
    return None


def keyed_operations(graph: Architecture, api: Resource) -> tuple[Operation, ...]:
    """The operations of the API that demand a key."""
    return tuple(one for one in rest_operations(graph, api) if one.authorization.api_key)


def keys_undecided(graph: Architecture, api: Resource) -> Missing | None:
    """What lacks to say which operations demand a key."""
    missing = body_missing(api) or refused_events(graph, api)
    if missing is not None:
        return missing
    found = (_undecided_key(one) for one in rest_operations(graph, api))
    return next((one for one in found if one is not None), None)


def _undecided_key(operation: Operation) -> Missing | None:
    if operation.authorization.api_key:
        return None
    own = operation.source.prop("ApiKeyRequired").missing if operation.source.type == rest.METHOD else None
    return own or operation.authorization.missing
