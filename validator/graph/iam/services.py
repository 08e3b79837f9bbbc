"""Services: which functions belong together, and which of them write a store.

White paper, *Microservices*: services are deployed apart, each with its API, functions and store. A service is a
stack of the run; within one stack it is the functions behind one API.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from validator.graph.apis.http import API, http_operations
from validator.graph.apis.operation import Operation
from validator.graph.apis.rest import REST_API, rest_operations
from validator.graph.architecture import Architecture
from validator.graph.iam.access import Access
from validator.graph.iam.execution import RoleUser, execution_role
from validator.graph.iam.grants import Grant, grants_on
from validator.graph.iam.identities import identity_of
from validator.graph.iam.named_stores import named_stores
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
    return graph.memo("services-of-function", function, lambda: _services_of(function, graph))


def _services_of(function: Resource, graph: Architecture) -> frozenset[Service]:
    stack = function.id.stack
    own = [api for api in graph.declared(REST_API, API) if api.id.stack == stack]
    if len(own) < 2 or sum(bool(_answering(api, graph)) for api in own) < 2:
        return frozenset((Service(stack),))
    apis = graph.declared(REST_API, API)
    return frozenset(Service(stack, api.name) for api in apis if function in _answering(api, graph))


def _answering(api: Resource, graph: Architecture) -> frozenset[Resource]:
    """The functions behind the operations of one API, none when it does not exist."""
    return graph.memo("functions-of-api", api, lambda: frozenset(_behind(api, graph)))


def _behind(api: Resource, graph: Architecture) -> Iterator[Resource]:
    if not api.exists():
        return
    for operation in rest_operations(graph, api) if api.type == REST_API else http_operations(graph, api):
        function = function_behind(operation, graph)
        if operation.api is not None and function is not None:
            yield function


def writers_of(store: Resource, graph: Architecture) -> tuple[Writer, ...]:
    """The functions that may write a store, and those whose grants cannot be read although they refer to it."""
    return graph.memo("store-writers", store, lambda: tuple(_writers(store, graph)))


def stores_perhaps_written(function: Resource, graph: Architecture) -> tuple[Resource, ...]:
    """The declared stores whose writers the function may be among; the others are not worth the question."""
    user = execution_role(function, graph)
    if user is None:
        return ()
    named = () if user.role is None else named_stores(graph).stores(user.role, OWNED_STORES)
    mentioned = (one for one in graph.mentioned_in(function.scope, function.body) if one.type in OWNED_STORES)
    return tuple(dict.fromkeys((*named, *mentioned)))


@dataclass(frozen=True, slots=True)
class _Functions:
    """The declared functions by the roles that they refer to, in whatever scenario."""

    places: Mapping[Resource, int]
    """Where each stands among all."""
    by_role: Mapping[Resource, tuple[Resource, ...]]
    without_role: tuple[Resource, ...]
    """Those that refer to no role of the run: a name may lead to one."""


def _functions(graph: Architecture) -> _Functions:
    def compute() -> _Functions:
        places = {function: place for place, function in enumerate(graph.declared(FUNCTION))}
        by_role: dict[Resource, list[Resource]] = {}
        without: list[Resource] = []
        for function in places:
            mentioned = graph.mentioned_in(function.scope, function.body)
            roles = [one for one in mentioned if one.type == "AWS::IAM::Role"]
            for role in roles:
                by_role.setdefault(role, []).append(function)
            if not roles:
                without.append(function)
        return _Functions(places, {role: tuple(users) for role, users in by_role.items()}, tuple(without))

    return graph.memo("functions-by-role", None, compute)


def _perhaps_writing(store: Resource, graph: Architecture) -> Iterator[tuple[Resource, RoleUser]]:
    """The existing functions that may be writers, with their roles; decides no other function's condition."""
    functions = _functions(graph)
    found = {*functions.without_role, *graph.mentioning(store, FUNCTION)}
    for role in named_stores(graph).roles(store):
        found.update(functions.by_role.get(role, ()))
    for function in sorted(found, key=functions.places.__getitem__):
        user = execution_role(function, graph) if function.exists() else None
        if user is not None:
            yield function, user


def _writers(store: Resource, graph: Architecture) -> Iterator[Writer]:
    mentioning = frozenset(graph.referrers(store, FUNCTION))
    names = named_stores(graph)
    for function, user in _perhaps_writing(store, graph):
        if user.role is None:
            if function in mentioning:
                shown = user.missing or Missing(
                    f"role {user.shown} is not in the run", "add its template", user.identity
                )
                yield Writer(function, None, shown)
            continue
        if function not in mentioning and not names.may_name(user.role, store):
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
    return _subjects(graph).get(function, frozenset())


def all_paths(graph: Architecture) -> frozenset[str]:
    """What the paths of all APIs with functions behind them are about."""

    def compute() -> frozenset[str]:
        return frozenset(one for subjects in _subjects(graph).values() for one in subjects if len(one) > 2)

    return graph.memo("all-paths", None, compute)


def _subjects(graph: Architecture) -> Mapping[Resource, frozenset[str]]:
    def compute() -> Mapping[Resource, frozenset[str]]:
        subjects: dict[Resource, set[str]] = {}
        for function, subject in _answered(graph):
            subjects.setdefault(function, set()).add(subject)
        return {function: frozenset(found) for function, found in subjects.items()}

    return graph.memo("function-paths", None, compute)


def _answered(graph: Architecture) -> Iterator[tuple[Resource, str]]:
    for operation in operations(graph):
        function = function_behind(operation, graph)
        if function is not None:
            yield function, subjects_of_path(operation.path)
