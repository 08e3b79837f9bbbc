"""What the graph disproves of reports on APIs: a method without authorization, a stage without a cache."""

from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis.openapi import body_missing
from validator.graph.apis.operations import guard_of, is_preflight
from validator.graph.apis.rest import method_operation
from validator.graph.apis.stage_settings import operations_of
from validator.graph.apis.stages import stages_of
from validator.model import Evidence, Refutation

_CACHEABLE: Final = frozenset(("GET", "ANY", ""))


def open_method(graph: Architecture, method: Resource, _rule: str) -> Refutation | None:
    """A method whose callers a private endpoint with a policy, the policy alone or mutual TLS limits."""
    operation = method_operation(graph, method)
    if operation.api is None:
        return None
    if is_preflight(graph, operation):
        step = Evidence(method.name, "answers CORS preflights without code behind it", operation.span)
        return Refutation(f"{method.name} answers CORS preflights only", (step,))
    guard = guard_of(graph, operation)
    if not guard.holds:
        return None
    return Refutation(f"{method.name} is guarded: {guard.statement}", guard.evidence)


def stage_without_cache(graph: Architecture, stage: Resource, _rule: str) -> Refutation | None:
    """A cache of API Gateway keeps answers to GET only (Developer Guide, *Enable API caching*); there is none."""
    api = graph.target(stage.prop("RestApiId"), "AWS::ApiGateway::RestApi")
    if not isinstance(api, Resource) or body_missing(api) is not None:
        return None
    if stage.prop("MethodSettings").missing is not None or _sets_cache(stage):
        return None
    operations = operations_of(graph, api)
    exact = all(operation.method.isalpha() for operation in operations)
    if not operations or not exact or any(operation.method in _CACHEABLE for operation in operations):
        return None
    if not any(one.resource == stage for one in stages_of(graph, api)):
        return None
    names = ", ".join(dict.fromkeys(operation.method for operation in operations))
    steps = tuple(Evidence(one.source.name, f"is {one.name}", one.span) for one in operations[:3])
    return Refutation(
        f"{api.name} has no GET method ({names} only): a cache of {stage.name} would hold nothing", steps
    )


def _sets_cache(stage: Resource) -> bool:
    settings = stage.prop("MethodSettings").items()
    return any(not setting.get("CachingEnabled").is_absent for setting in settings)
