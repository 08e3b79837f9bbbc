"""Whether a store takes encrypted connections only: by its own switch, or by its parameter group.

Sources: RDS User Guide, *Requiring an SSL connection to a PostgreSQL DB instance* (``rds.force_ssl`` is on from
version 15; Aurora PostgreSQL from 17) and *Requiring SSL/TLS for all connections* to MySQL and MariaDB; Redshift
Management Guide, *Parameter groups* (``require_ssl``); DocumentDB and Neptune guides, *Encrypting data in transit*;
CloudFormation resource reference of the other types.
"""

import re
from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture, External
from validator.graph.protection.answer import Answer, broken, held, lacking, name_of, not_readable, undecided
from validator.graph.protection.at_rest import is_aurora, is_member
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Unknown, Value


@dataclass(frozen=True, slots=True)
class _Switch:
    """A property of the store itself; ``default`` is None where AWS documents no single one."""

    path: tuple[str, ...]
    on: tuple[str, ...]
    default: bool | None
    snippet: str


_TRUE: Final = ("true", "1")
_SWITCHES: Final[dict[str, _Switch]] = {
    "AWS::RDS::DBProxy": _Switch(("RequireTLS",), _TRUE, default=False, snippet="RequireTLS: true"),
    "AWS::MemoryDB::Cluster": _Switch(("TLSEnabled",), _TRUE, default=True, snippet="TLSEnabled: true"),
    "AWS::DAX::Cluster": _Switch(
        ("ClusterEndpointEncryptionType",), ("tls",), default=False, snippet="ClusterEndpointEncryptionType: TLS"
    ),
    "AWS::OpenSearchService::Domain": _Switch(
        ("DomainEndpointOptions", "EnforceHTTPS"),
        _TRUE,
        default=False,
        snippet="DomainEndpointOptions: {EnforceHTTPS: true}",
    ),
    "AWS::Elasticsearch::Domain": _Switch(
        ("DomainEndpointOptions", "EnforceHTTPS"),
        _TRUE,
        default=False,
        snippet="DomainEndpointOptions: {EnforceHTTPS: true}",
    ),
    "AWS::MSK::Cluster": _Switch(
        ("EncryptionInfo", "EncryptionInTransit", "ClientBroker"),
        ("tls",),
        default=None,
        snippet="EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS, InCluster: true}}",
    ),
    "AWS::ElastiCache::CacheCluster": _Switch(
        ("TransitEncryptionEnabled",), _TRUE, default=False, snippet="TransitEncryptionEnabled: true"
    ),
    "AWS::ElastiCache::ReplicationGroup": _Switch(
        ("TransitEncryptionEnabled",), _TRUE, default=False, snippet="TransitEncryptionEnabled: true"
    ),
}


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter of the store's parameter group; ``group`` is the property that names the group."""

    group: str
    group_type: str
    name: str
    off: tuple[str, ...] = ("0", "off", "false", "disabled")


_CLUSTER_GROUP, _INSTANCE_GROUP = "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"
_REDSHIFT: Final = _Parameter("ClusterParameterGroupName", "AWS::Redshift::ClusterParameterGroup", "require_ssl")
_PARAMETERS: Final[dict[str, _Parameter]] = {
    "AWS::DocDB::DBCluster": _Parameter("DBClusterParameterGroupName", "AWS::DocDB::DBClusterParameterGroup", "tls"),
    "AWS::Neptune::DBCluster": _Parameter(
        "DBClusterParameterGroupName", "AWS::Neptune::DBClusterParameterGroup", "neptune_enforce_ssl"
    ),
    "AWS::Redshift::Cluster": _REDSHIFT,
}
_ALWAYS: Final[dict[str, str]] = {
    "AWS::ElastiCache::ServerlessCache": "a serverless cache takes TLS only",
    "AWS::DSQL::Cluster": "Aurora DSQL takes TLS only",
}
_RDS: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")

SUBJECTS: Final = (*_RDS, *_SWITCHES, *_PARAMETERS, *_ALWAYS)


def encryption_in_transit(graph: Architecture, store: Resource) -> Answer | None:
    """Whether plain connections are refused; None for a cluster's member and for engines that are not modelled."""
    if store.type in _ALWAYS:
        return held(store, f"takes encrypted connections only: {_ALWAYS[store.type]}")
    if store.type in _SWITCHES:
        return _switched(store, _SWITCHES[store.type])
    if store.type in _RDS:
        return None if is_member(graph, store) else _relational(graph, store)
    parameter = _PARAMETERS[store.type]
    return _by_group(graph, store, parameter, default=True)


def _switched(store: Resource, switch: _Switch) -> Answer:
    value, name = store.prop(*switch.path), name_of(switch.path)
    how = f"Set on {store.name}: {switch.snippet}"
    text = (value.literal or "").lower()
    if text in switch.on:
        mode = store.prop("TransitEncryptionMode")
        if (mode.literal or "").lower() == "preferred":
            statement = "takes plain connections too: TransitEncryptionMode is preferred"
            return broken(store, statement, mode.span, how=f"Set TransitEncryptionMode: required on {store.name}.")
        return held(store, f"takes encrypted connections only ({name} is {value.literal})", value.span)
    if value.is_absent:
        return _absent(store, switch, name, how)
    if value.literal is not None:
        return broken(store, f"takes plain connections: {name} is {value.literal}", value.span, how=how)
    missing = not_readable(value, name, f"set {switch.snippet}")
    return undecided(store, f"may take plain connections: {missing.what}", (missing,), value.span, how=how)


def _absent(store: Resource, switch: _Switch, name: str, how: str) -> Answer:
    if switch.default:
        return held(store, f"takes encrypted connections only: that is so where {name} is absent")
    engine = store.prop("Engine")
    is_valkey = (engine.literal or "").lower().startswith("valkey")
    if switch.default is None or is_valkey or engine.missing is not None:
        what = f"{name} of {store.name} is absent, and AWS does not document one default for it"
        missing = engine.missing or Missing(what, f"set {switch.snippet}", f"default:{store.name}.{name}")
        return undecided(store, f"may take plain connections: {missing.what}", (missing,), how=how)
    return lacking(store, f"takes plain connections: {name} is absent, which means no", name, how=how)


def _relational(graph: Architecture, store: Resource) -> Answer | None:
    engine = store.prop("Engine")
    cluster = store.type == "AWS::RDS::DBCluster"
    group = "DBClusterParameterGroupName" if cluster else "DBParameterGroupName"
    kind = _CLUSTER_GROUP if cluster else _INSTANCE_GROUP
    if engine.missing is not None:
        return undecided(store, f"may take plain connections: {engine.missing.what}", (engine.missing,), engine.span)
    name = (engine.literal or "").lower()
    if "postgres" in name or name.startswith("sqlserver"):
        return _by_group(graph, store, _Parameter(group, kind, "rds.force_ssl"), default=_forced(store))
    if "mysql" in name:
        return _by_group(graph, store, _Parameter(group, kind, "require_secure_transport"), default=_demanded(store))
    if name == "mariadb":
        return _by_group(graph, store, _Parameter(group, kind, "require_secure_transport"), default=_demanded(store))
    return None


def _forced(store: Resource) -> bool | None:
    """``rds.force_ssl`` of PostgreSQL: on from 15 (Aurora from 17); off for SQL Server."""
    if (store.prop("Engine").literal or "").lower().startswith("sqlserver"):
        return False
    version = _major(store)
    if version is None:
        return None
    return version >= (17 if is_aurora(store) else 15)


def _demanded(store: Resource) -> bool | None:
    """``require_secure_transport``: off for MySQL up to 8.4 and MariaDB up to 11.4, on from 9.7 and from 11.8.

    Aurora MySQL leaves it off in versions 2 and 3 (MySQL 5.7 and 8.0); the default of a newer one is not judged.
    """
    version = store.prop("EngineVersion")
    found = re.match(r"(\d+)(?:\.(\d+))?", version.literal or "")
    if is_aurora(store):
        return False if version.is_absent or re.match(r"(5|8\.0)\b", version.literal or "") else None
    if found is None:
        return None
    major = int(found[1])
    is_maria = (store.prop("Engine").literal or "").lower() == "mariadb"
    last_off, first_on = ((11, 4), (11, 8)) if is_maria else ((8, 4), (9, 7))
    if found[2] is None:
        return False if major < last_off[0] else True if major > first_on[0] else None
    exact = (major, int(found[2]))
    return False if exact <= last_off else True if exact >= first_on else None


def _major(store: Resource) -> int | None:
    found = re.match(r"\d+", store.prop("EngineVersion").literal or "")
    return int(found.group()) if found else None


def _by_group(graph: Architecture, store: Resource, parameter: _Parameter, *, default: bool | None) -> Answer:
    named = store.prop(parameter.group)
    match graph.target(named, parameter.group_type):
        case Resource() as group:
            return _in_group(store, group, parameter, default)
        case None:
            return _by_default(store, parameter, default)
        case External(text) if text.startswith("default"):
            of_old = parameter is _REDSHIFT and text == "default.redshift-1.0"
            return _by_default(store, parameter, False if of_old else default)
        case Unknown() as unknown:
            missing = unknown.cause
        case External(text):
            what = f"parameter group {text} is not in the run"
            missing = Missing(what, "add the template that makes it", f"group:{text}")
    how = f"Set {parameter.name} in a parameter group of the template."
    return undecided(store, f"may take plain connections: {missing.what}", (missing,), named.span, how=how)


def _in_group(store: Resource, group: Resource, parameter: _Parameter, default: bool | None) -> Answer:
    value = _parameter_of(group, parameter.name)
    step = store.states(f"takes its parameters from {group.name}", store.property_span(parameter.group))
    if value is None or value.is_absent:
        if parameter is _REDSHIFT and group.prop("ParameterGroupFamily").literal == "redshift-1.0":
            default = False
        return _by_default(store, parameter, default, group)
    text = (value.literal or "").lower()
    how = f"Set {parameter.name} in the Parameters of {group.name}."
    if value.literal is None:
        missing = not_readable(value, parameter.name, f"write {parameter.name}")
        return undecided(store, f"may take plain connections: {missing.what}", (missing,), value.span, how=how)
    stated = group.states(f"sets {parameter.name} to {value.literal}", value.span)
    if text in parameter.off:
        statement = f"takes plain connections: {group.name} sets {parameter.name} to {value.literal}"
        return broken(store, statement, value.span, how=how, steps=(step, stated))
    return held(
        store,
        f"takes encrypted connections only ({parameter.name} in {group.name})",
        value.span,
        steps=(step, stated),
    )


def _parameter_of(group: Resource, name: str) -> Value | None:
    parameters = group.prop("Parameters")
    if parameters.missing is not None:
        return parameters
    if group.type == "AWS::Redshift::ClusterParameterGroup":
        return next(
            (item.get("ParameterValue") for item in parameters.items() if item.get("ParameterName").literal == name),
            None,
        )
    return parameters.get(name)


def _by_default(
    store: Resource, parameter: _Parameter, default: bool | None, group: Resource | None = None
) -> Answer:
    where = f"{group.name} leaves" if group is not None else f"no {parameter.group} changes"
    what = f"{where} {parameter.name}"
    if default is None:
        lacks = f"{what} of {store.name}, whose default depends on the engine's version"
        missing = Missing(lacks, f"set {parameter.name} in its parameter group", f"{parameter.name}:{store.name}")
        return undecided(store, f"may take plain connections: {lacks}", (missing,))
    if default:
        return held(store, f"takes encrypted connections only: {what}, which is on by default")
    how = f"Name in {parameter.group} of {store.name} a {parameter.group_type} that sets {parameter.name}."
    return lacking(store, f"takes plain connections: {what}, which is off by default", parameter.name, how=how)
