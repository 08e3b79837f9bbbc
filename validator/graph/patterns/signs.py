"""What a workload shows of itself: APIs with code behind them, sign-in, front ends, and what its functions keep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.apis.authorizers import REST_AUTHORIZER, V2_AUTHORIZER, Authorizer, authorizers_of
from validator.graph.apis.http import protocol_of
from validator.graph.apis.operation import Operation
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.buckets.usage import BUCKET, bucket_origins, use_of
from validator.graph.edge.distributions import DISTRIBUTION
from validator.graph.iam.execution import execution_role
from validator.graph.iam.grants import allows_of, data_access, grants_on
from validator.graph.iam.named_stores import named_stores
from validator.graph.iam.services import FUNCTION, function_behind, operations
from validator.graph.resource import Resource
from validator.graph.stores.usage import uses_of
from validator.model import Missing

USER_POOL: Final = "AWS::Cognito::UserPool"
AMPLIFY: Final = "AWS::Amplify::App"
TABLES: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_IAM_STORES: Final = (
    *TABLES,
    BUCKET,
    "AWS::Timestream::Database",
    "AWS::Cassandra::Keyspace",
    "AWS::OpenSearchService::Domain",
)
RELATIONAL: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy")
CACHES: Final = (
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::ElastiCache::CacheCluster",
    "AWS::MemoryDB::Cluster",
    "AWS::DAX::Cluster",
)


def calls(graph: Architecture) -> tuple[tuple[Operation, Resource], ...]:
    """The operations of REST and HTTP APIs that functions of the run answer, each with its function; by name.

    All lists here are in the order of names: what a template declares first says nothing of a workload.
    """
    return graph.memo("pattern-calls", None, lambda: tuple(sorted(_calls(graph), key=_call_name)))


def _call_name(call: tuple[Operation, Resource]) -> tuple[str, ...]:
    operation, function = call
    api = operation.api.name if operation.api is not None else ""
    return (function.id.stack, api, operation.path, operation.method, function.name)


def by_name(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources, each once, in the order of their stacks and names."""
    return tuple(sorted(set(resources), key=lambda resource: (resource.id.stack, resource.name, resource.logical_id)))


def _calls(graph: Architecture) -> Iterator[tuple[Operation, Resource]]:
    for operation in operations(graph):
        function = function_behind(operation, graph)
        if operation.api is None or function is None or function.type != FUNCTION:
            continue
        if protocol_of(operation.api, operation.name) is not Protocol.WEBSOCKET:
            yield operation, function


def authorizers(graph: Architecture) -> tuple[Authorizer, ...]:
    """The authorizers of all APIs with functions behind them, in a body or as resources."""
    apis = dict.fromkeys(operation.api for operation, _ in calls(graph) if operation.api is not None)
    in_bodies = (one for api in apis for one in authorizers_of(graph, api))
    declared = graph.existing(REST_AUTHORIZER, V2_AUTHORIZER)
    return (*in_bodies, *(one for resource in declared for one in authorizers_of(graph, resource)))


def pools_of_authorizers(graph: Architecture) -> tuple[Resource, ...]:
    """The user pools of the run that an authorizer names."""
    values = (value for one in authorizers(graph) for value in (*one.providers.items(), one.issuer))
    found = (graph.target(value, USER_POOL) for value in values)
    return by_name(pool for pool in found if isinstance(pool, Resource))


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """Something that gives people a site: an Amplify app, or a distribution with a bucket behind it."""

    resource: Resource
    bucket: Resource | None = None
    named: str = ""


def front_ends(graph: Architecture) -> tuple[FrontEnd, ...]:
    """The front ends of the run."""
    return graph.memo("pattern-front-ends", None, lambda: tuple(_front_ends(graph)))


def _front_ends(graph: Architecture) -> Iterator[FrontEnd]:
    for app in by_name(graph.existing(AMPLIFY)):
        yield FrontEnd(app)
    for distribution in by_name(graph.existing(DISTRIBUTION)):
        for origin in bucket_origins(distribution, graph):
            if origin.is_default or (origin.bucket is not None and use_of(origin.bucket, graph).is_site):
                yield FrontEnd(distribution, origin.bucket, origin.name)


def stores_of(graph: Architecture, function: Resource) -> tuple[Resource, ...]:
    """The stores that a function keeps data in: by grants that name them, or as a client in their network."""
    return graph.memo("pattern-stores", function, lambda: by_name(_stores_of(graph, function)))


def _stores_of(graph: Architecture, function: Resource) -> Iterator[Resource]:
    user = execution_role(function, graph)
    if user is not None and user.role is not None:
        for store in named_stores(graph).stores(user.role, _IAM_STORES):
            if store.exists() and any(grant.is_named for grant in grants_on(store, user.role, graph)):
                yield store
    for use in uses_of(graph, function):
        yield use.store


def unseen_stores(graph: Architecture, function: Resource) -> tuple[Missing, ...]:
    """Why a function may keep data where the run does not show it: its role, or a grant on something unnamed."""
    user = execution_role(function, graph)
    if user is None:
        return ()
    if user.role is None:
        what = f"the role {user.shown} of {function.name} is not in the run"
        return (user.missing or Missing(what, "add the template that makes it", user.identity),)
    statements = (statement for _, statement in allows_of(user.role, graph) if data_access(statement))
    return tuple(
        value.missing for statement in statements for value in statement.resources if value.missing is not None
    )
