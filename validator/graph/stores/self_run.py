"""Databases that run on compute: an instance or a container service that is a data store.

A database image makes a service a store. For an instance two signs are needed of: a package that installs a
database server, an ingress rule for a database's port, a volume for data. One sign alone decides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.compute import ATTACHMENTS, group_values
from validator.graph.network.groups import ingress_of
from validator.graph.network.identity import security_group
from validator.graph.resource import Resource
from validator.graph.stores.kinds import SELF_RUN_KINDS
from validator.model import Evidence
from validator.resolve import Text, Value

_PORTS = {
    "postgres": 5432,
    "timescale": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "mssql": 1433,
    "oracle": 1521,
    "mongo": 27017,
    "redis": 6379,
    "valkey": 6379,
    "elasticsearch": 9200,
    "opensearch": 9200,
    "cassandra": 9042,
    "neo4j": 7687,
    "couchdb": 5984,
    "influxdb": 8086,
}
_NOT_SERVERS = ("exporter", "admin", "client", "express", "dashboard", "proxy", "commander", "insight", "backup")
_PACKAGES = re.compile(
    r"\b(?:(mysql|mariadb|postgresql\d*)(?:-community)?-server|(postgresql)-\d+|(mongo)db-(?:org|server)(?![-.\w])|(redis)-server|"
    r"(redis)6|(elasticsearch|opensearch|cassandra|neo4j|couchdb|influxdb)(?![-\w.]))\b"
)


@dataclass(frozen=True, slots=True)
class SelfRun:
    """The signs of a database on a compute resource. ``is_store`` is None when they do not decide."""

    is_store: bool | None
    ports: tuple[int, ...] = ()
    signs: tuple[Evidence, ...] = ()


def is_data_store(graph: Architecture, resource: Resource) -> bool | None:
    """Whether a resource holds data: True for every store type, by its signs for compute."""
    return self_run(graph, resource).is_store if resource.type in SELF_RUN_KINDS else True


def self_run(graph: Architecture, compute: Resource) -> SelfRun:
    """What shows that an instance or a container service runs a database."""
    return graph.memo("self-run", compute, lambda: _self_run(graph, compute))


def _self_run(graph: Architecture, compute: Resource) -> SelfRun:
    if compute.type == "AWS::ECS::Service":
        found = tuple(_images(graph, compute))
        return SelfRun(bool(found), tuple(port for port, _ in found), tuple(step for _, step in found))
    packages = tuple(_packages(compute))
    rules = tuple(_rules(graph, compute))
    kinds = [bool(packages), bool(rules), _has_volume(graph, compute)]
    ports = tuple(dict.fromkeys(port for port, _ in (*packages, *rules)))
    signs = tuple(step for _, step in (*packages, *rules))
    if not ports:
        return SelfRun(False)
    return SelfRun(True if sum(kinds) > 1 else None, ports, signs)


def _images(graph: Architecture, service: Resource) -> Iterator[tuple[int, Evidence]]:
    task = graph.target(service.prop("TaskDefinition"), "AWS::ECS::TaskDefinition")
    if not isinstance(task, Resource):
        return
    for container in task.prop("ContainerDefinitions").items():
        image = container.get("Image")
        name = str(image).rpartition("/")[2].partition(":")[0].partition("@")[0] if isinstance(image, Text) else ""
        path = str(image).lower() if isinstance(image, Text) else ""
        engine = next((one for one in _PORTS if one in name or f"/{one}/" in path), None)
        if engine is not None and not any(word in name for word in _NOT_SERVERS):
            yield _PORTS[engine], task.states(f"runs the image {image}", image.span)


def _data(instance: Resource) -> tuple[str, ...]:
    """Where a launch template keeps what an instance has at its top."""
    return ("LaunchTemplateData",) if instance.type == "AWS::EC2::LaunchTemplate" else ()


def _packages(instance: Resource) -> Iterator[tuple[int, Evidence]]:
    script = instance.prop(*_data(instance), "UserData")
    for name in _servers_in(str(script) if isinstance(script, Text) else ""):
        yield _PORTS[name], instance.states(f"installs {name} in UserData", script.span)
    configs = instance.attribute("Metadata").get("AWS::CloudFormation::Init")
    for package, value in _initial_packages(configs):
        for name in _servers_in(package):
            yield _PORTS[name], instance.states(f"installs {package} by its metadata", value.span)


def _initial_packages(configs: Value) -> Iterator[tuple[str, Value]]:
    for _, config in configs.entries():
        for _, manager in config.get("packages").entries():
            yield from manager.entries()


def _servers_in(text: str) -> Iterator[str]:
    for match in _PACKAGES.finditer(text):
        word = next(group for group in match.groups() if group)
        yield next(engine for engine in _PORTS if word.startswith(engine))


def _rules(graph: Architecture, instance: Resource) -> Iterator[tuple[int, Evidence]]:
    """Ingress rules for exactly a database's port; a rule for many ports shows nothing."""
    for value in group_values(instance, ATTACHMENTS[instance.type]):
        for rule in ingress_of(graph, security_group(graph, value)).rules:
            low = rule.ports.low.integer() if rule.ports is not None else None
            if (
                rule.ports is not None
                and low is not None
                and low == rule.ports.high.integer()
                and low in _PORTS.values()
            ):
                yield low, rule.states()


def _has_volume(graph: Architecture, instance: Resource) -> bool:
    disks = instance.prop(*_data(instance), "BlockDeviceMappings").items()[1:]
    attached = [*instance.prop("Volumes").items(), *disks]
    return bool(attached) or bool(graph.referrers(instance, "AWS::EC2::VolumeAttachment"))
