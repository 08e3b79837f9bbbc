"""Services: which functions belong together, and which of them write a store.

White paper, *Microservices*: services are deployed apart, each with its API, functions and store. A service is a
stack of the run; within one stack it is the functions behind one API.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.apis.http import API, http_operations
from validator.graph.apis.operation import Operation
from validator.graph.apis.rest import REST_API, rest_operations
from validator.graph.architecture import Architecture
from validator.graph.iam.access import Access
from validator.graph.iam.execution import execution_role
from validator.graph.iam.grants import Grant, grants_on
from validator.graph.iam.identities import identity_of
from validator.graph.resource import Resource
from validator.model import Missing

FUNCTION: Final = "AWS::Lambda::Function"
OWNED_STORES: Final = (
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::S3::Bucket",
    "AWS::Timestream::Database",
    "AWS::Cassandra::Keyspace",
)
"""Stores whose writers grants show."""


@dataclass(frozen=True, slots=True, order=True)
class Service:
    """A service by its stack and, where a stack has several APIs, by the API."""

    stack: str
    api: str = ""

    def __str__(self) -> str:
        return f"API {self.api}" if self.api else f"stack {self.stack}"


@dataclass(frozen=True, slots=True)
class Writer:
    """A function that may write a store by a grant that names it; ``missing`` says why it only may be one."""

    function: Resource
    grant: Grant | None
    missing: Missing | None = None


def operations(graph: Architecture) -> tuple[Operation, ...]:
    """The operations of all REST, HTTP and WebSocket APIs that exist."""
    rest = (op for api in graph.existing(REST_API) for op in rest_operations(graph, api))
    http = (op for api in graph.existing(API) for op in http_operations(graph, api))
    return (*rest, *http)


def function_behind(operation: Operation, graph: Architecture) -> Resource | None:
    """The function that answers an operation, also through an alias or a version."""
    found = operation.integration.function
    if found is None or found.type == FUNCTION:
        return found
    target = graph.target(found.prop("FunctionName"), FUNCTION)
    return target if isinstance(target, Resource) else None


def services_of(function: Resource, graph: Architecture) -> frozenset[Service]:
    """The services that a function belongs to; empty when several APIs of its stack leave that open."""
    groups = graph.memo("service-apis", None, lambda: tuple(_api_groups(graph)))
    stack = function.id.stack
    apis = {api for api, _ in groups if api.id.stack == stack}
    if len(apis) < 2:
        return frozenset((Service(stack),))
    return frozenset(Service(stack, api.name) for api, member in groups if member == function)


def _api_groups(graph: Architecture) -> Iterator[tuple[Resource, Resource]]:
    for operation in operations(graph):
        function = function_behind(operation, graph)
        if operation.api is not None and function is not None:
            yield operation.api, function


def writers_of(store: Resource, graph: Architecture) -> tuple[Writer, ...]:
    """The functions that may write a store, and those whose grants cannot be read although they refer to it."""
    return graph.memo("store-writers", store, lambda: tuple(_writers(store, graph)))


def _writers(store: Resource, graph: Architecture) -> Iterator[Writer]:
    mentioning = graph.referrers(store, FUNCTION)
    for function in graph.existing(FUNCTION):
        user = execution_role(function, graph)
        if user is None:
            continue
        if user.role is None:
            if function in mentioning:
                shown = user.missing or Missing(
                    f"role {user.shown} is not in the run", "add its template", user.identity
                )
                yield Writer(function, None, shown)
            continue
        found = [one for one in grants_on(store, user.role, graph) if one.is_named and Access.WRITE in one.access]
        if found:
            yield Writer(function, found[0])
        elif function in mentioning and (missing := identity_of(user.role, graph).missing):
            yield Writer(function, None, missing[0])


_GENERIC: Final = re.compile(r"api|rest|public|internal|v\d+|\{.*|\$.*|")


def subjects_of_path(path: str) -> str:
    """What a path is about: its first segment that is no version, prefix or parameter, as a stem."""
    for segment in path.split("/"):
        if not _GENERIC.fullmatch(segment.lower()):
            return stem(segment)
    return ""


def stem(name: str) -> str:
    """A name in lower case without punctuation and without the ``s`` of the plural."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def paths_of(function: Resource, graph: Architecture) -> frozenset[str]:
    """What the paths are about that a function answers; a proxy path (``{proxy+}``) is about nothing."""
    answered = graph.memo("function-paths", None, lambda: tuple(_answered(graph)))
    return frozenset(subject for member, subject in answered if member == function)


def all_paths(graph: Architecture) -> frozenset[str]:
    """What the paths of all APIs with functions behind them are about."""
    answered = graph.memo("function-paths", None, lambda: tuple(_answered(graph)))
    return frozenset(subject for _, subject in answered if len(subject) > 2)


def _answered(graph: Architecture) -> Iterator[tuple[Resource, str]]:
    for operation in operations(graph):
        function = function_behind(operation, graph)
        if function is not None:
            yield function, subjects_of_path(operation.path)
