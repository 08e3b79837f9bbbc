"""Encryption at rest: by the store's own switch, by what AWS does where it is absent, or by what it is made from.

Sources: CloudFormation resource reference of each type; RDS User Guide, *Encrypting Amazon RDS resources*; Aurora
User Guide, *Encrypting Amazon Aurora resources* (clusters made since 18 February 2026 are always encrypted);
S3 User Guide, *Setting default server-side encryption*; DynamoDB Developer Guide, *Encryption at rest*; SQS Developer
Guide, *Encryption at rest*; ElastiCache User Guide, *At-rest encryption*.
"""

from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.protection.answer import Answer, broken, held, lacking, name_of, not_readable, undecided
from validator.graph.resource import Resource
from validator.model import Missing, Severity
from validator.resolve import Value

ALWAYS: Final[dict[str, str]] = {
    "AWS::S3::Bucket": "S3 encrypts every new object",
    "AWS::DynamoDB::Table": "DynamoDB encrypts every table",
    "AWS::DynamoDB::GlobalTable": "DynamoDB encrypts every table",
    "AWS::Timestream::Database": "Timestream encrypts every database",
    "AWS::Timestream::InfluxDBInstance": "Timestream for InfluxDB encrypts every instance",
    "AWS::QLDB::Ledger": "QLDB encrypts every ledger",
    "AWS::Cassandra::Table": "Keyspaces encrypts every table",
    "AWS::DSQL::Cluster": "Aurora DSQL encrypts every cluster",
    "AWS::MemoryDB::Cluster": "MemoryDB encrypts every cluster",
    "AWS::ElastiCache::ServerlessCache": "ElastiCache encrypts every serverless cache",
    "AWS::RedshiftServerless::Namespace": "Redshift Serverless encrypts every namespace",
    "AWS::OpenSearchServerless::Collection": "OpenSearch Serverless encrypts every collection",
    "AWS::NeptuneGraph::Graph": "Neptune Analytics encrypts every graph",
    "AWS::DocDBElastic::Cluster": "DocumentDB encrypts every elastic cluster",
    "AWS::MSK::Cluster": "MSK encrypts every broker's storage",
}
"""Types that have no way to be without encryption, and who encrypts."""


@dataclass(frozen=True, slots=True)
class _Switch:
    """A property that switches encryption on; ``default`` is what AWS does without it."""

    path: tuple[str, ...]
    service: str
    default: bool = False
    severity: Severity = Severity.MEDIUM


_SWITCHES: Final[dict[str, _Switch]] = {
    "AWS::RDS::DBInstance": _Switch(("StorageEncrypted",), "RDS"),
    "AWS::RDS::DBCluster": _Switch(("StorageEncrypted",), "RDS"),
    "AWS::DocDB::DBCluster": _Switch(("StorageEncrypted",), "DocumentDB"),
    "AWS::Neptune::DBCluster": _Switch(("StorageEncrypted",), "Neptune"),
    "AWS::EFS::FileSystem": _Switch(("Encrypted",), "EFS"),
    "AWS::Redshift::Cluster": _Switch(("Encrypted",), "Redshift", default=True),
    "AWS::OpenSearchService::Domain": _Switch(("EncryptionAtRestOptions", "Enabled"), "OpenSearch Service"),
    "AWS::Elasticsearch::Domain": _Switch(("EncryptionAtRestOptions", "Enabled"), "OpenSearch Service"),
    "AWS::DAX::Cluster": _Switch(("SSESpecification", "SSEEnabled"), "DAX", severity=Severity.LOW),
    "AWS::ElastiCache::ReplicationGroup": _Switch(("AtRestEncryptionEnabled",), "ElastiCache", severity=Severity.LOW),
}
_MADE_FROM: Final[dict[str, tuple[str, ...]]] = {
    "AWS::RDS::DBInstance": ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"),
    "AWS::RDS::DBCluster": ("SnapshotIdentifier", "SourceDBClusterIdentifier", "ReplicationSourceIdentifier"),
    "AWS::DocDB::DBCluster": ("SnapshotIdentifier", "SourceDBClusterIdentifier"),
    "AWS::Neptune::DBCluster": ("SnapshotIdentifier", "SourceDBClusterIdentifier"),
    "AWS::Redshift::Cluster": ("SnapshotIdentifier",),
}
_QUEUE, _STREAM = "AWS::SQS::Queue", "AWS::Kinesis::Stream"

SUBJECTS: Final = (*ALWAYS, *_SWITCHES, _QUEUE, _STREAM)


def encryption_at_rest(graph: Architecture, store: Resource) -> Answer | None:
    """Whether what the store keeps is encrypted; None for a member whose cluster or source answers."""
    if store.type in ALWAYS:
        return held(store, f"is encrypted at rest: {ALWAYS[store.type]}")
    if store.type == _QUEUE:
        return _queue(store)
    if store.type == _STREAM:
        return _stream(store)
    if is_member(graph, store):
        return None
    return _switched(graph, store, _SWITCHES[store.type])


def is_member(graph: Architecture, store: Resource) -> bool:
    """Whether another resource decides for the store: its cluster, or the instance that it is a replica of."""
    if store.type != "AWS::RDS::DBInstance":
        return False
    if not store.prop("DBClusterIdentifier").is_absent or is_aurora(store):
        return True
    source = store.prop("SourceDBInstanceIdentifier")
    return not source.is_absent and isinstance(graph.target(source, store.type), Resource)


def is_aurora(store: Resource) -> bool:
    """Whether the engine is Aurora."""
    return (store.prop("Engine").literal or "").lower().startswith("aurora")


def _switched(graph: Architecture, store: Resource, switch: _Switch) -> Answer:
    value, name = store.prop(*switch.path), name_of(switch.path)
    truth = value.boolean()
    if truth is True:
        return held(store, f"is encrypted at rest ({name} is true)", value.span)
    if (origin := _origin(store)) is not None:
        return _as_its_origin(store, *origin, name)
    how = f"Set {name}: true on {store.name}; the store is replaced, so plan the move of its data."
    if truth is False:
        statement = f"is not encrypted at rest: {name} is false"
        return broken(store, statement, value.span, how=how, severity=switch.severity)
    if not value.is_absent:
        missing = not_readable(value, name, f"set {name} to true")
        return undecided(store, f"may not be encrypted at rest: {missing.what}", (missing,), value.span, how=how)
    return _absent(store, switch, name, how)


def _absent(store: Resource, switch: _Switch, name: str, how: str) -> Answer:
    default: bool | Missing = switch.default
    service = switch.service
    if store.type == "AWS::RDS::DBCluster":
        default, service = _by_engine(store, "aurora"), "Aurora" if is_aurora(store) else service
    elif store.type == "AWS::ElastiCache::ReplicationGroup":
        default = _by_engine(store, "valkey")
    if isinstance(default, Missing):
        return undecided(store, f"may not be encrypted at rest: {default.what}", (default,), how=how)
    if default:
        return held(store, f"is encrypted at rest: {service} does so where {name} is absent")
    statement = f"is not encrypted at rest: {name} is absent, and {service} then does not encrypt"
    return lacking(store, statement, name, how=how, severity=switch.severity)


def _by_engine(store: Resource, encrypted: str) -> bool | Missing:
    engine = store.prop("Engine")
    if engine.missing is not None:
        return engine.missing
    return (engine.literal or "").lower().startswith(encrypted)


def _origin(store: Resource) -> tuple[str, Value] | None:
    names = _MADE_FROM.get(store.type, ())
    if store.type == "AWS::RDS::DBInstance":
        names = (*names, "SourceDBInstanceIdentifier")
    for name in names:
        value = store.prop(name)
        if not value.is_absent and value.literal != "":
            return name, value
    return None


def _as_its_origin(store: Resource, name: str, value: Value, switch: str) -> Answer:
    """What is made from a snapshot or a source takes over whether that is encrypted (RDS User Guide)."""
    what = f"{store.name} takes its encryption over from {name}, which is not in the run"
    missing = value.missing or Missing(what, "check that the source is encrypted", f"source:{store.name}")
    statement = f"may not be encrypted at rest: it is made from {name} and takes over whether that is encrypted"
    return undecided(store, statement, (missing,), value.span, how=f"Set {switch}: true on {store.name}.")


def _queue(queue: Resource) -> Answer:
    key = queue.prop("KmsMasterKeyId")
    if not key.is_absent and key.literal != "":
        return held(queue, "is encrypted at rest with the key of KmsMasterKeyId", key.span)
    managed = queue.prop("SqsManagedSseEnabled")
    if managed.is_absent:
        return held(queue, "is encrypted at rest: SQS does so where SqsManagedSseEnabled is absent")
    truth = managed.boolean()
    if truth is True:
        return held(queue, "is encrypted at rest (SqsManagedSseEnabled is true)", managed.span)
    how = f"Remove SqsManagedSseEnabled from {queue.name}, or set it to true."
    if truth is False:
        statement = "is not encrypted at rest: SqsManagedSseEnabled is false and KmsMasterKeyId is absent"
        return broken(queue, statement, managed.span, how=how, severity=Severity.LOW)
    missing = not_readable(managed, "SqsManagedSseEnabled", "set it to true")
    return undecided(queue, f"may not be encrypted at rest: {missing.what}", (missing,), managed.span, how=how)


def _stream(stream: Resource) -> Answer:
    value = stream.prop("StreamEncryption")
    if value.missing is not None:
        statement = f"may not be encrypted at rest: {value.missing.what}"
        return undecided(stream, statement, (value.missing,), value.span)
    if not value.is_absent:
        return held(stream, "is encrypted at rest (StreamEncryption)", value.span)
    how = f"Add to {stream.name}: StreamEncryption: {{EncryptionType: KMS, KeyId: alias/aws/kinesis}}"
    statement = "is not encrypted at rest: StreamEncryption is absent, and Kinesis then does not encrypt"
    return lacking(stream, statement, "StreamEncryption", how=how, severity=Severity.LOW)
