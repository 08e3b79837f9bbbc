"""Recognises the pattern of a workload by its evidence (white paper, *Sample architecture patterns*).

Strict: a pattern counts only when what makes it that pattern is in the run. All stacks of the run are one workload.
Where two patterns fit, the one with the larger share of its components is reported; of two that fit alike, several
services with stores of their own are the stronger sign.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.patterns import fronts as front
from validator.graph.patterns import parts
from validator.graph.patterns.inside_vpc import lambda_in_vpc
from validator.graph.patterns.services import microservices
from validator.graph.patterns.signs import (
    AMPLIFY,
    CACHES,
    RELATIONAL,
    TABLES,
    USER_POOL,
    FrontEnd,
    by_name,
    calls,
    front_ends,
    pools_of_authorizers,
    stores_of,
    unseen_stores,
)
from validator.graph.patterns.table import Component, Pattern, Recognition, absent, not_used, open_, present, shown
from validator.graph.resource import Resource
from validator.model import Evidence

_TABLE_HOW = "Add an AWS::DynamoDB::Table and grant the function that uses it."
_BUCKET = "AWS::S3::Bucket"


@dataclass(frozen=True, slots=True)
class _Workload:
    """The signs of a workload with one API before functions that keep data."""

    api: Resource
    calls: tuple[parts.Call, ...]
    functions: tuple[Resource, ...]
    stores: tuple[Resource, ...]
    pools: tuple[Resource, ...]
    fronts: tuple[FrontEnd, ...]


def recognised(graph: Architecture) -> tuple[Recognition, ...]:
    """The pattern that the workload follows best, none when it follows no one's; in the scenario in force."""
    return graph.memo("pattern-recognition", None, lambda: tuple(_recognised(graph)))


def _recognised(graph: Architecture) -> Iterator[Recognition]:
    found = [one for one in (microservices(graph), _with_one_api(graph)) if one is not None]
    if found:
        yield max(found, key=lambda one: one.score)
        return
    base = lambda_in_vpc(graph)
    if base is not None:
        yield base


def _with_one_api(graph: Architecture) -> Recognition | None:
    workload = _workload(graph)
    if workload is None:
        return None
    if not workload.fronts:
        return _mobile_backend(graph, workload) if workload.pools else None
    by_bucket = all(one.resource.type != AMPLIFY for one in workload.fronts)
    if workload.pools:
        return _web_application(graph, workload)
    return _single_page_application(graph, workload) if by_bucket else None


def _workload(graph: Architecture) -> _Workload | None:
    found = calls(graph)
    apis = tuple(dict.fromkeys(op.api for op, _ in found if op.api is not None))
    if not apis:
        return None
    size = {api: len({function for op, function in found if op.api == api}) for api in apis}
    central = min(apis, key=lambda api: (-size[api], api.name, api.id.stack))
    functions = by_name(function for _, function in found)
    sites = tuple(one.bucket for one in front_ends(graph))
    stores = by_name(s for function in functions for s in stores_of(graph, function) if s not in sites)
    if not stores:
        return None
    pools = by_name((*pools_of_authorizers(graph), *graph.existing(USER_POOL)))
    return _Workload(central, found, functions, stores, pools, front_ends(graph))


def _reasons(workload: _Workload) -> tuple[Evidence, ...]:
    return (
        workload.api.states(f"leads to {shown(workload.functions)}"),
        *(store.states("keeps what the functions write") for store in workload.stores[:1]),
        *(pool.states("signs people in") for pool in workload.pools[:1]),
        *(one.resource.states("gives people a site") for one in workload.fronts[:1]),
    )


def _logic(graph: Architecture, workload: _Workload) -> Iterator[Component]:
    yield present("API", f"{workload.api.name} leads to the functions", (workload.api,))
    yield parts.function_for_each_path(workload.calls)
    yield parts.role_for_each(graph, workload.functions)


def _tables(graph: Architecture, workload: _Workload) -> Component:
    return parts.store_among(graph, workload.functions, "DynamoDB tables", TABLES, _TABLE_HOW)


def _sign_in(graph: Architecture, workload: _Workload) -> Iterator[Component]:
    yield present("Cognito user pool", f"{shown(workload.pools)} signs people in", workload.pools)
    clients = tuple(c for pool in workload.pools for c in graph.referrers(pool, "AWS::Cognito::UserPoolClient"))
    if clients:
        yield present("app client", f"{shown(clients)} is what the app signs in with", clients)
    else:
        how = "Add an AWS::Cognito::UserPoolClient for the app."
        yield absent("app client", f"no app client of {shown(workload.pools)} is in the run", how)
    yield parts.sign_in_guard(graph, workload.api, workload.calls)


def _mobile_backend(graph: Architecture, workload: _Workload) -> Recognition:
    relational = parts.store_among(graph, workload.functions, "relational database", RELATIONAL)
    databases = tuple(store for store in workload.stores if store.type in RELATIONAL)
    table = [*_sign_in(graph, workload), *_logic(graph, workload), _tables(graph, workload), relational]
    if databases:
        table.append(parts.private_subnets(graph, databases, "private subnets of the database"))
        table.append(parts.attached_clients(graph, workload.functions, "functions in the database's VPC"))
        table.append(parts.secret_of(graph, databases))
    return Recognition(Pattern.MOBILE_BACKEND, workload.api, _reasons(workload), tuple(table))


def _single_page_application(graph: Architecture, workload: _Workload) -> Recognition:
    cache = parts.store_among(graph, workload.functions, "cache", CACHES)
    caches = tuple(store for store in workload.stores if store.type in CACHES)
    content = _content(graph, workload)
    table = [
        front.site_bucket(workload.fronts),
        front.distribution(workload.fronts),
        front.access_control(graph, workload.fronts),
        front.certificate(graph, workload.fronts),
        parts.lambda_authorizer(graph, workload.api, workload.calls),
        *_logic(graph, workload),
        _tables(graph, workload),
        cache,
    ]
    if caches:
        table.append(parts.private_subnets(graph, caches, "private subnets of the cache"))
        table.append(parts.attached_clients(graph, workload.functions, "functions in the cache's VPC"))
    table.append(content)
    return Recognition(Pattern.SINGLE_PAGE_APPLICATION, workload.api, _reasons(workload), tuple(table))


def _content(graph: Architecture, workload: _Workload) -> Component:
    sites = {one.bucket for one in workload.fronts}
    contents = tuple(store for store in workload.stores if store.type == _BUCKET and store not in sites)
    if contents:
        return present("content bucket", f"{shown(contents)}, used by the functions", contents)
    missing = tuple(cause for function in workload.functions for cause in unseen_stores(graph, function))
    if missing:
        return open_("content bucket", missing[0].what, missing)
    return not_used("content bucket", f"no function behind the API uses one ({shown(workload.functions)})")


def _web_application(graph: Architecture, workload: _Workload) -> Recognition:
    table = (
        front.static_front_end(workload.fronts),
        *_sign_in(graph, workload),
        *_logic(graph, workload),
        _tables(graph, workload),
    )
    return Recognition(Pattern.WEB_APPLICATION, workload.api, _reasons(workload), table)
