"""Cache behaviours of distributions: which requests they take, where they lead, what runs in them.

Follows the CloudFront Developer Guide, *Cache behavior settings*: the default behaviour takes what no path pattern
matches; a behaviour leads to an origin or to an origin group.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.buckets.usage import BucketOrigin, bucket_origins
from validator.graph.edge.distributions import Origin, origins_of
from validator.graph.resource import Resource
from validator.resolve import Text, Value


@dataclass(frozen=True, slots=True)
class Behavior:
    """One cache behaviour. ``origins`` are more than one where it leads to an origin group."""

    distribution: Resource
    label: str
    """``the default behavior`` or ``behavior /api/*``."""
    value: Value
    origins: tuple[Origin, ...]
    is_default: bool

    def runs_code(self, *events: str) -> Value | None:
        """The function or Lambda@Edge function that runs on one of the events, which may change what is answered."""
        for name in ("FunctionAssociations", "LambdaFunctionAssociations"):
            listed = self.value.get(name)
            if listed.missing is not None:
                return listed
            for item in listed.items():
                if item.get("EventType").literal in (*events, None):
                    return item
        return None


def behaviors_of(graph: Architecture, distribution: Resource) -> tuple[Behavior, ...]:
    """The cache behaviours of a distribution, the default one first."""
    return graph.memo("behaviors", distribution, lambda: tuple(_behaviors(graph, distribution)))


def _behaviors(graph: Architecture, distribution: Resource) -> Iterator[Behavior]:
    config = distribution.prop("DistributionConfig")
    default = config.get("DefaultCacheBehavior")
    if not default.is_absent:
        origins = _origins(graph, distribution, default)
        yield Behavior(distribution, "the default behavior", default, origins, is_default=True)
    for number, item in enumerate(config.get("CacheBehaviors").items(), 1):
        pattern = item.get("PathPattern")
        name = str(pattern) if isinstance(pattern, Text) else f"number {number}"
        origins = _origins(graph, distribution, item)
        yield Behavior(distribution, f"behavior {name}", item, origins, is_default=False)


def _origins(graph: Architecture, distribution: Resource, behavior: Value) -> tuple[Origin, ...]:
    wanted = {str(behavior.get("TargetOriginId"))}
    groups = distribution.prop("DistributionConfig", "OriginGroups", "Items")
    for group in groups.items():
        if str(group.get("Id")) in wanted:
            wanted |= {str(member.get("OriginId")) for member in group.get("Members", "Items").items()}
    return tuple(one for one in origins_of(graph, distribution) if str(one.value.get("Id")) in wanted)


def buckets_of(graph: Architecture, behavior: Behavior) -> tuple[BucketOrigin, ...]:
    """The origins of the behaviour that are buckets."""
    ids = {str(origin.value.get("Id")) for origin in behavior.origins}
    return tuple(one for one in bucket_origins(behavior.distribution, graph) if one.id in ids)
