"""Microservices: several services, each with an API, functions and a store of its own, deployed apart."""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.iam.services import FUNCTION, Service, services_of
from validator.graph.patterns import parts
from validator.graph.patterns.signs import by_name, calls, front_ends, stores_of, unseen_stores
from validator.graph.patterns.table import Component, Pattern, Recognition, absent, open_, present, shown
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS


@dataclass(frozen=True, slots=True)
class _Member:
    """One service with its API, its functions and the stores that they use."""

    service: Service
    api: Resource
    functions: tuple[Resource, ...]
    stores: tuple[Resource, ...]


def microservices(graph: Architecture) -> Recognition | None:
    """The workload as microservices: two services or more with an API and a store of their own, else None."""
    members = _members(graph)
    own = {member.service: _own_stores(member, members) for member in members}
    owners = [member for member in members if own[member.service]]
    if len(owners) < 2:
        return None
    reasons = tuple(
        member.api.states(f"is the API of {member.service}, which keeps {shown(own[member.service])}")
        for member in owners
    )
    functions = tuple(function for member in members for function in member.functions)
    table = (
        *(_api(member) for member in members),
        *(_store(graph, member, own[member.service]) for member in members),
        _deployed_apart(members),
        parts.role_for_each(graph, functions),
    )
    return Recognition(Pattern.MICROSERVICES, members[0].api, reasons, table)


def _members(graph: Architecture) -> tuple[_Member, ...]:
    answering: dict[Service, list[tuple[Resource, Resource]]] = {}
    for operation, function in calls(graph):
        found = services_of(function, graph)
        if len(found) == 1 and operation.api is not None:
            answering.setdefault(next(iter(found)), []).append((operation.api, function))
    everyone = by_name(graph.existing(FUNCTION))
    sites = {front.bucket for front in front_ends(graph)}
    members = []
    for service, pairs in answering.items():
        functions = tuple(f for f in everyone if services_of(f, graph) == {service})
        stores = dict.fromkeys(s for f in functions for s in stores_of(graph, f) if s not in sites)
        api = min((api for api, _ in pairs), key=lambda api: api.name)
        members.append(_Member(service, api, functions, by_name(stores)))
    return tuple(sorted(members, key=lambda member: (member.api.name, str(member.service))))


def _own_stores(member: _Member, members: tuple[_Member, ...]) -> tuple[Resource, ...]:
    others = {store for other in members if other.service != member.service for store in other.stores}
    return tuple(store for store in member.stores if store not in others and _keeps_data(store))


def _keeps_data(store: Resource) -> bool:
    kind = STORE_KINDS.get(store.type)
    return kind is None or kind.is_store


def _api(member: _Member) -> Component:
    resources = (member.api, *member.functions)
    return present(f"{member.api.name}: API and functions", f"{shown(resources)} of {member.service}", resources)


def _store(graph: Architecture, member: _Member, own: tuple[Resource, ...]) -> Component:
    name = f"{member.api.name}: own store"
    if own:
        return present(name, f"{shown(own)} is used by {member.service} only", own)
    missing = tuple(cause for function in member.functions for cause in unseen_stores(graph, function))
    if missing:
        return open_(name, missing[0].what, missing)
    shared = f"shares {shown(member.stores)} with another service" if member.stores else "uses no store"
    return absent(name, f"{member.service} {shared}", "Give the service a store that no other service uses.")


def _deployed_apart(members: tuple[_Member, ...]) -> Component:
    name = "services deployed apart"
    stacks: dict[str, list[str]] = {}
    for member in members:
        stacks.setdefault(member.service.stack, []).append(member.api.name)
    together = next((apis for apis in stacks.values() if len(apis) > 1), None)
    if together is not None:
        return absent(name, f"{' and '.join(together)} are in one stack", "Give each service a stack of its own.")
    return present(name, "each service is a stack of its own", tuple(member.api for member in members))
