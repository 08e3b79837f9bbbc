"""The base under the patterns: functions inside a VPC that reach private data."""

from validator.graph.architecture import Architecture
from validator.graph.iam.services import FUNCTION
from validator.graph.network.functions import Attached, place_of
from validator.graph.network.zones import zones_of
from validator.graph.patterns import parts
from validator.graph.patterns.signs import by_name
from validator.graph.patterns.table import Component, Pattern, Recognition, absent, open_, present, shown
from validator.graph.resource import Resource
from validator.graph.stores.access import entries_of
from validator.model import Missing


def lambda_in_vpc(graph: Architecture) -> Recognition | None:
    """The workload as functions inside a VPC: one that is attached and uses a store there; else None."""
    attached = tuple(f for f in by_name(graph.existing(FUNCTION)) if place_of(graph, f).attached is Attached.YES)
    clients = tuple(function for function in attached if parts.network_stores(graph, (function,)))
    if not clients:
        return None
    central, stores = clients[0], parts.network_stores(graph, clients)
    reasons = (central.states(f"is attached to a VPC and uses {shown(stores)}", place_of(graph, central).at),)
    table = (
        present("functions in the VPC", f"{shown(clients)} is attached to the VPC", clients),
        parts.function_subnets(graph, clients),
        _zones(graph, clients),
        present("private data", f"{shown(stores)}, used from inside the VPC", stores),
        parts.private_subnets(graph, stores, "private subnets of the data"),
        _admitted(graph, clients, stores),
        parts.secret_of(graph, stores),
        parts.role_for_each(graph, clients),
    )
    return Recognition(Pattern.LAMBDA_IN_VPC, central, reasons, table)


def _zones(graph: Architecture, clients: tuple[Resource, ...]) -> Component:
    name = "two availability zones"
    zones = [zones_of(graph, place_of(graph, client).subnets) for client in clients]
    missing = tuple(cause for zone in zones for cause in zone.missing)
    if all(zone.are_several for zone in zones):
        return present(name, f"{shown(clients)} stands in several zones", clients)
    if missing:
        return open_(name, missing[0].what, missing)
    return absent(name, f"{shown(clients)} stands in one zone", "Name subnets of two availability zones.")


def _admitted(graph: Architecture, clients: tuple[Resource, ...], stores: tuple[Resource, ...]) -> Component:
    name = "security group admitting the functions"
    missing: list[Missing] = []
    for client in clients:
        groups = place_of(graph, client).security_groups(graph)
        admitting = tuple(entry.store for entry in entries_of(graph, groups) if entry.store in stores)
        if admitting:
            resources = (client, *admitting)
            return present(name, f"{shown(admitting)} admits the security group of {client.name}", resources)
        missing += [group.missing for group in groups if group.missing is not None]
    missing += parts.undecided_admission(graph, stores)
    if missing:
        return open_(name, missing[0].what, tuple(missing))
    how = "Admit the functions' security group on the port of the store."
    return absent(name, f"no security group of {shown(stores)} admits the functions'", how)
