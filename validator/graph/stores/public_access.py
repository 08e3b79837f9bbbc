"""Whether a store is given a public address: its switch, and what AWS does where the switch is absent.

Follows the RDS API Reference (``CreateDBInstance``, ``CreateDBCluster``) for the defaults of RDS, the
CloudFormation pages for all others, and the OpenSearch Developer Guide for domains and collections.
"""

from collections.abc import Callable
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.compute import openness
from validator.graph.network.identity import label_of
from validator.graph.resource import Resource
from validator.graph.stores.collections import collection_access
from validator.graph.stores.kinds import STORE_KINDS, Publicity, kind_of
from validator.graph.stores.placement import Home, cluster_of, placement_of
from validator.model import Evidence, Missing, Span


@dataclass(frozen=True, slots=True)
class PublicAccess:
    """Whether public access is on (None: not decided). ``because`` follows the store's logical ID."""

    is_on: bool | None
    because: str
    at: Span
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    is_default: bool = False


def public_access(graph: Architecture, store: Resource) -> PublicAccess:
    """The store's public switch, its default when absent; always off for types that never get a public address."""
    return graph.memo("public-access", store, lambda: _public_access(graph, store))


def _public_access(graph: Architecture, store: Resource) -> PublicAccess:
    kind = kind_of(store.type)
    if kind.publicity is Publicity.HOST:
        return _by_host(graph, store)
    if kind.publicity is Publicity.NEVER:
        return _off(store, f"is a {kind.noun} and never gets a public address", store.span)
    if kind.publicity is Publicity.MEMBERS or _is_aurora_cluster(store):
        return _off(store, "is an endpoint of its instances; their own switches decide", store.span)
    if kind.publicity is Publicity.ENDPOINT:
        return _by_endpoint(graph, store)
    if store.type == "AWS::OpenSearchServerless::Collection":
        return _by_network_policies(graph, store)
    value = store.prop(*kind.public)
    name = kind.public[-1]
    if store.type == "AWS::MSK::Cluster":
        return _kafka(store, value.literal, value.missing, value.span)
    if value.is_absent or _is_classic(store):
        return _DEFAULTS.get(store.type, _default_off)(graph, store)
    if value.missing is not None:
        return _undecided(store, f"takes {name} from {label_of(value)}", value.span, value.missing)
    known = value.boolean()
    if known is None:
        cause = Missing(f"{name} of {store.name} is neither true nor false", f"set {name}", f"switch:{store.name}")
        return _undecided(store, f"has {name} {label_of(value)}", value.span, cause)
    because = f"sets {name} to {str(known).lower()}"
    return PublicAccess(known, because, value.span, (store.states(because, value.span),))


def _is_classic(store: Resource) -> bool:
    """With ``DBSecurityGroups`` CloudFormation ignores ``PubliclyAccessible`` (CFN ``DBInstance``)."""
    return store.type == "AWS::RDS::DBInstance" and bool(store.prop("DBSecurityGroups").items())


def _off(store: Resource, because: str, at: Span, *, is_default: bool = False) -> PublicAccess:
    return PublicAccess(False, because, at, (store.states(because, at),), is_default=is_default)


def _on(store: Resource, because: str, at: Span, *, is_default: bool = False) -> PublicAccess:
    return PublicAccess(True, because, at, (store.states(because, at),), is_default=is_default)


def _undecided(store: Resource, because: str, at: Span, cause: Missing) -> PublicAccess:
    return PublicAccess(None, because, at, (store.states(because, at),), (cause,))


def _default_off(_graph: Architecture, store: Resource) -> PublicAccess:
    name = STORE_KINDS[store.type].public[-1]
    return _off(store, f"does not set {name}, which is false by default", store.span, is_default=True)


def _default_on(_graph: Architecture, store: Resource) -> PublicAccess:
    name = STORE_KINDS[store.type].public[-1]
    return _on(store, f"does not set {name}, which is true by default", store.span, is_default=True)


def _kafka(store: Resource, setting: str | None, missing: Missing | None, at: Span) -> PublicAccess:
    if missing is not None:
        return _undecided(store, "takes PublicAccess.Type from an input", at, missing)
    if setting == "SERVICE_PROVIDED_EIPS":
        return _on(store, "sets PublicAccess.Type to SERVICE_PROVIDED_EIPS", at)
    because = (
        "sets PublicAccess.Type to DISABLED" if setting else "does not set PublicAccess, which is off by default"
    )
    return _off(store, because, at, is_default=not setting)


def _by_endpoint(graph: Architecture, store: Resource) -> PublicAccess:
    placement = placement_of(graph, store)
    if placement.home is Home.NO_VPC:
        return PublicAccess(True, placement.because, placement.at, placement.evidence, is_default=True)
    if not placement.is_decided and placement.named is not None and placement.named.missing is not None:
        return _undecided(store, "has VPCOptions that are not decided", placement.at, placement.named.missing)
    return _off(store, "is placed in a VPC by VPCOptions and has no public endpoint", placement.at)


def _by_host(graph: Architecture, store: Resource) -> PublicAccess:
    reach = openness(graph, store)
    if reach.is_open is None:
        return PublicAccess(None, reach.because, store.span, reach.evidence, reach.missing)
    if reach.has_public_address:
        return PublicAccess(True, f"{reach.because} with a public address", store.span, reach.evidence)
    return PublicAccess(False, f"{reach.because} without a public address", store.span, reach.evidence)


def _by_network_policies(graph: Architecture, store: Resource) -> PublicAccess:
    access = collection_access(graph, store)
    return PublicAccess(access.is_public, access.because, access.at, access.evidence, access.missing)


def _is_aurora(store: Resource) -> bool | None:
    engine = store.prop("Engine").literal
    return None if engine is None else engine.lower().startswith("aurora")


def _is_aurora_cluster(store: Resource) -> bool:
    """A cluster on which the switch is not valid; one with ``DBClusterInstanceClass`` is a Multi-AZ cluster."""
    if store.type != "AWS::RDS::DBCluster":
        return False
    aurora = _is_aurora(store)
    return aurora is True or (aurora is None and store.prop("DBClusterInstanceClass").is_absent)


def _instance_default(graph: Architecture, store: Resource) -> PublicAccess:
    """RDS API Reference, ``CreateDBInstance``: the subnet group and the engine decide."""
    group = store.prop("DBSubnetGroupName")
    unset = "does not set PubliclyAccessible"
    if (group.literal or "").lower() == "default":
        because = f"{unset}, which is true for the subnet group default"
        return _on(store, because, group.span, is_default=True)
    if not group.is_absent:
        if group.literal == "":
            cause = Missing(f"DBSubnetGroupName of {store.name} is empty by default", "give it a value", store.name)
            return _undecided(store, f"{unset}, and names no subnet group by default", group.span, cause)
        if group.missing is not None and group.literal is None and group.reference is None:
            because = f"{unset}, and {label_of(group)} may be the subnet group default"
            return _undecided(store, because, group.span, group.missing)
        return _off(
            store, f"{unset}, which is false by default with a named subnet group", group.span, is_default=True
        )
    aurora = _is_aurora(store)
    if aurora or cluster_of(graph, store) is not None:
        return _off(store, f"{unset}, which is false by default for Aurora", store.span, is_default=True)
    if not store.prop("SourceDBInstanceIdentifier").is_absent:
        cause = Missing(
            f"{store.name} is a replica: its public access is not documented where nothing is set",
            f"set PubliclyAccessible: false on {store.name}",
            f"switch:{store.name}",
        )
        return _undecided(store, f"{unset} and is a replica", store.span, cause)
    missing = store.prop("Engine").missing
    if aurora is None and missing is not None:
        return _undecided(store, f"{unset}, and its engine is not known", store.span, missing)
    because = f"{unset}, which is true by default without a subnet group"
    return _on(store, because, store.span, is_default=True)


def _cluster_default(_graph: Architecture, store: Resource) -> PublicAccess:
    """RDS API Reference, ``CreateDBCluster``, for Multi-AZ clusters."""
    group = store.prop("DBSubnetGroupName")
    unset = "does not set PubliclyAccessible"
    if group.is_absent:
        because = f"{unset}, which is true by default for a Multi-AZ cluster without a subnet group"
        return _on(store, because, store.span, is_default=True)
    if (group.literal or "").lower() == "default":
        because = f"{unset}, which is true for the subnet group default"
        return _on(store, because, group.span, is_default=True)
    if group.missing is not None and group.reference is None:
        because = f"{unset}, and {label_of(group)} may be the subnet group default"
        return _undecided(store, because, group.span, group.missing)
    return _off(store, f"{unset}, which is false by default with a named subnet group", group.span, is_default=True)


def _shard_group_default(_graph: Architecture, store: Resource) -> PublicAccess:
    what = f"{store.name} does not set PubliclyAccessible; its default depends on the gateways of the VPC"
    cause = Missing(what, f"set PubliclyAccessible: false on {store.name}", f"switch:{store.name}")
    return _undecided(store, "does not set PubliclyAccessible", store.span, cause)


_DEFAULTS: dict[str, Callable[[Architecture, Resource], PublicAccess]] = {
    "AWS::RDS::DBInstance": _instance_default,
    "AWS::RDS::DBCluster": _cluster_default,
    "AWS::RDS::DBShardGroup": _shard_group_default,
    "AWS::DMS::ReplicationInstance": _default_on,
}
