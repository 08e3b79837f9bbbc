"""What happens to a store's data when its stack goes or an update replaces it, and who may delete the store.

CloudFormation Template Reference, *DeletionPolicy attribute* and *UpdateReplacePolicy attribute*: both are ``Delete``
where they are absent, but a cluster of RDS and an RDS instance without a cluster are snapshotted when the stack goes.
"""

from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.protection.answer import Answer, broken, held, lacking, name_of, not_readable, undecided
from validator.graph.protection.at_rest import is_member
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Value

BUCKET: Final = "AWS::S3::Bucket"
SNAPSHOTS: Final = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster",
    "AWS::Redshift::Cluster",
)
"""Stores whose policies may be ``Snapshot``."""

_DEFAULT_SNAPSHOT: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")

KEPT_STORES: Final = (
    BUCKET,
    *SNAPSHOTS,
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::EFS::FileSystem",
    "AWS::Timestream::Table",
    "AWS::Timestream::InfluxDBInstance",
    "AWS::Cassandra::Table",
    "AWS::MemoryDB::Cluster",
    "AWS::OpenSearchService::Domain",
    "AWS::Elasticsearch::Domain",
    "AWS::RedshiftServerless::Namespace",
    "AWS::DocDBElastic::Cluster",
    "AWS::NeptuneGraph::Graph",
    "AWS::QLDB::Ledger",
    "AWS::DSQL::Cluster",
)
"""Stores of record; caches and queues are not: what they hold comes from elsewhere or goes on."""

_DELETION, _REPLACEMENT = "DeletionPolicy", "UpdateReplacePolicy"
_AUTO_DELETE: Final = "Custom::S3AutoDeleteObjects"


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the two attributes as it takes effect; ``kept`` is None when it is not decided."""

    name: str
    kept: bool | None
    shown: str
    span: Span
    missing: Missing | None = None


def policies_of(store: Resource) -> tuple[Policy, Policy]:
    """``DeletionPolicy`` and ``UpdateReplacePolicy`` as they take effect in the scenario in force."""
    return _policy(store, _DELETION), _policy(store, _REPLACEMENT)


def _policy(store: Resource, name: str) -> Policy:
    value = store.attribute(name)
    if value.is_absent:
        snapshot = name == _DELETION and store.type in _DEFAULT_SNAPSHOT
        shown = "absent, which means Snapshot for this type" if snapshot else "absent, which means Delete"
        return Policy(name, snapshot, shown, store.span)
    text = value.literal
    if text is None:
        missing = not_readable(value, name, f"write {name}: Retain")
        return Policy(name, None, "not decided", value.span, missing)
    return Policy(name, text != "Delete", text, value.span)


def survival_of(graph: Architecture, store: Resource) -> Answer | None:
    """Whether the data outlives its stack and a replacement; None where another resource answers for the store."""
    if is_member(graph, store) or not store.prop("SourceDBInstanceIdentifier").is_absent:
        return None
    if store.type == BUCKET:
        return _bucket(graph, store)
    guard = protection_of(graph, store)
    if guard is not None and guard.holds is True:
        return held(store, f"is not deleted with its stack: it {guard.statement}", guard.span)
    if store.type == "AWS::RedshiftServerless::Namespace" and not store.prop("FinalSnapshotName").is_absent:
        return held(store, "leaves a snapshot when it is deleted", store.property_span("FinalSnapshotName"))
    return _by_policies(store)


def _by_policies(store: Resource) -> Answer:
    policies = policies_of(store)
    word = "Snapshot" if store.type in SNAPSHOTS else "Retain"
    how = f"Write beside the Type of {store.name}: DeletionPolicy: {word} and UpdateReplacePolicy: {word}"
    lost = [policy for policy in policies if policy.kept is False]
    if lost:
        what = " and ".join(f"{policy.name} is {policy.shown}" for policy in lost)
        statement = f"loses its data {_when(lost)}: {what}"
        written = next((policy.span for policy in lost if policy.span != store.span), store.span)
        if any(policy.shown.startswith("absent") for policy in lost):
            return lacking(store, statement, " and ".join(p.name for p in lost), how=how, span=written)
        return broken(store, statement, written, how=how)
    missing = [policy.missing for policy in policies if policy.missing is not None]
    if missing:
        return undecided(store, f"may lose its data with its stack: {missing[0].what}", missing, how=how)
    shown = ", ".join(f"{policy.name} {policy.shown}" for policy in policies)
    return held(store, f"outlives its stack and a replacement ({shown})", policies[0].span)


def _when(lost: list[Policy]) -> str:
    names = [policy.name for policy in lost]
    if len(names) == 2:
        return "when its stack is deleted or an update replaces it"
    return "when its stack is deleted" if names == [_DELETION] else "when an update replaces it"


def _bucket(graph: Architecture, bucket: Resource) -> Answer:
    """CloudFormation deletes empty buckets only; a custom resource of the CDK may empty it before."""
    deletion, _ = policies_of(bucket)
    if deletion.kept is True:
        return held(bucket, f"stays when its stack is deleted (DeletionPolicy {deletion.shown})", deletion.span)
    emptied = graph.referrers(bucket, _AUTO_DELETE)
    if not emptied:
        return held(bucket, "is not deleted while it holds objects: S3 refuses to delete a bucket that is not empty")
    steps = (emptied[0].states(f"empties {bucket.name} before it is deleted"),)
    if deletion.missing is not None:
        return undecided(bucket, f"may lose its objects with its stack: {deletion.missing.what}", (deletion.missing,))
    how = f"Remove autoDeleteObjects, and write beside the Type of {bucket.name}: DeletionPolicy: Retain"
    statement = f"loses its objects when its stack is deleted: {emptied[0].name} empties it first"
    return broken(bucket, statement, deletion.span, how=how, steps=steps)


_SWITCHES: Final[dict[str, tuple[tuple[str, ...], bool | None]]] = {
    "AWS::RDS::DBInstance": (("DeletionProtection",), False),
    "AWS::RDS::DBCluster": (("DeletionProtection",), False),
    "AWS::DocDB::DBCluster": (("DeletionProtection",), False),
    "AWS::Neptune::DBCluster": (("DeletionProtection",), None),
    "AWS::NeptuneGraph::Graph": (("DeletionProtection",), None),
    "AWS::DynamoDB::Table": (("DeletionProtectionEnabled",), False),
    "AWS::QLDB::Ledger": (("DeletionProtection",), True),
    "AWS::DSQL::Cluster": (("DeletionProtectionEnabled",), None),
}
"""The switch and what AWS takes where it is absent; None where AWS does not document it, or in two ways."""

_GLOBAL_TABLE: Final = "AWS::DynamoDB::GlobalTable"
PROTECTED: Final = (*_SWITCHES, _GLOBAL_TABLE)


def protection_of(graph: Architecture, store: Resource) -> Answer | None:
    """Whether deletion protection is on; None for types without it and for members of a cluster."""
    if store.type == _GLOBAL_TABLE:
        return _replicas(store)
    if store.type not in _SWITCHES or is_member(graph, store):
        return None
    if store.type == "AWS::RDS::DBInstance" and not store.prop("SourceDBInstanceIdentifier").is_absent:
        return None
    path, default = _SWITCHES[store.type]
    return _protected(store, store.prop(*path), path, default)


def _protected(store: Resource, value: Value, path: tuple[str, ...], default: bool | None) -> Answer:
    name = name_of(path)
    how = f"Set {name}: true on {store.name}."
    if store.origin.resource_type == "AWS::Serverless::SimpleTable":
        how = f"Write {store.name} as an AWS::DynamoDB::Table with {name}: true; a SimpleTable has no such property."
    truth = value.boolean()
    if truth is True:
        return held(store, f"has deletion protection ({name} is true)", value.span)
    if value.is_absent:
        if default is None:
            what = f"{name} of {store.name} is absent, and AWS does not document one default for it"
            missing = Missing(what, f"set {name} to true", f"default:{store.name}.{name}")
            return undecided(store, f"may have no deletion protection: {what}", (missing,), how=how)
        if default:
            return held(store, f"has deletion protection: it is on where {name} is absent")
        statement = f"has no deletion protection: {name} is absent, which means false"
        return lacking(store, statement, name, how=how)
    if truth is False:
        return broken(store, f"has no deletion protection: {name} is false", value.span, how=how)
    missing = not_readable(value, name, f"set {name} to true")
    return undecided(store, f"may have no deletion protection: {missing.what}", (missing,), value.span, how=how)


def _replicas(table: Resource) -> Answer:
    """Protected where every replica is: what is deleted in one Region is that Region's copy, also the last one."""
    value = table.prop("Replicas")
    if value.missing is not None:
        return undecided(
            table, f"may have no deletion protection: {value.missing.what}", (value.missing,), value.span
        )
    path = ("DeletionProtectionEnabled",)
    answers = [_protected(table, replica.get(*path), path, default=False) for replica in value.items()]
    order = {False: 0, None: 1, True: 2}
    worst = min(answers, key=lambda answer: order[answer.holds], default=None)
    return worst or lacking(
        table, "has no deletion protection: it names no replicas", "Replicas", how="Name Replicas."
    )
