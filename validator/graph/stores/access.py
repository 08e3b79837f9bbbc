"""Which stores admit given security groups on their port."""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.groups import ingress_of
from validator.graph.network.identity import SecurityGroup
from validator.graph.resource import Resource
from validator.graph.stores.admission import on_port
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import cluster_of, groups_worn
from validator.model import Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """A store that admits a group, and the steps that show it."""

    store: Resource
    group: SecurityGroup
    because: str
    evidence: tuple[Evidence, ...]


def entries_of(graph: Architecture, groups: Iterable[SecurityGroup]) -> tuple[Entry, ...]:
    """The stores of the run whose security groups admit one of the groups on the store's port."""
    wanted = [group for group in groups if group.resource is not None]
    if not wanted:
        return ()
    stores = [name for name, kind in STORE_KINDS.items() if kind.is_store and kind.groups]
    found: list[Entry] = []
    for store in graph.declared(*stores):
        if isinstance(cluster_of(graph, store), Resource):
            continue
        entry = _entry(graph, store, wanted)
        if entry is not None and store.exists():
            found.append(entry)
    return tuple(found)


def _entry(graph: Architecture, store: Resource, wanted: list[SecurityGroup]) -> Entry | None:
    for worn in groups_worn(graph, store):
        for rule in ingress_of(graph, worn.group).rules:
            source = rule.peer.group
            if source is None or on_port(graph, store, rule) is not True:
                continue
            for group in wanted:
                if (group.resource, group.is_default) == (source.resource, source.is_default):
                    because = f"{worn.group.label} admits {group.label}"
                    return Entry(store, group, because, (worn.states(), rule.states()))
    return None
