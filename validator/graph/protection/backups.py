"""Backups: automatic ones of the store's own service, or a plan of AWS Backup in the run.

Sources: CloudFormation resource reference of each type (defaults of ``BackupRetentionPeriod``,
``AutomatedSnapshotRetentionPeriod``, ``SnapshotRetentionLimit``); DynamoDB Developer Guide, *Point-in-time backups*;
EFS User Guide, *Automatic backups*; Keyspaces Developer Guide, *Point-in-time recovery*. Caches are not judged: they
can be filled again from the store behind them.
"""

from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.protection.answer import Answer, broken, held, lacking, name_of, not_readable, undecided
from validator.graph.protection.at_rest import is_aurora, is_member
from validator.graph.protection.backup_plans import backup_selection
from validator.graph.resource import Resource
from validator.resolve import Value


@dataclass(frozen=True, slots=True)
class _Days:
    """Days for which automatic backups are kept; ``default`` is what AWS takes where the property is absent."""

    path: tuple[str, ...]
    default: int
    least: int = 0
    """The fewest days that the service takes: 0 where backups can be switched off."""


_DAYS: Final[dict[str, _Days]] = {
    "AWS::RDS::DBInstance": _Days(("BackupRetentionPeriod",), 1),
    "AWS::RDS::DBCluster": _Days(("BackupRetentionPeriod",), 1, 1),
    "AWS::DocDB::DBCluster": _Days(("BackupRetentionPeriod",), 1, 1),
    "AWS::Neptune::DBCluster": _Days(("BackupRetentionPeriod",), 1, 1),
    "AWS::Redshift::Cluster": _Days(("AutomatedSnapshotRetentionPeriod",), 1),
    "AWS::MemoryDB::Cluster": _Days(("SnapshotRetentionLimit",), 0),
}
_RECOVERY: Final[dict[str, tuple[str, ...]]] = {
    "AWS::DynamoDB::Table": ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
    "AWS::Cassandra::Table": ("PointInTimeRecoveryEnabled",),
}
_GLOBAL_TABLE, _FILE_SYSTEM = "AWS::DynamoDB::GlobalTable", "AWS::EFS::FileSystem"
_BY_PLAN_ONLY: Final = ("AWS::Timestream::Table", "AWS::DSQL::Cluster")
_ALWAYS: Final[dict[str, str]] = {
    "AWS::OpenSearchService::Domain": "OpenSearch Service takes a snapshot every hour",
    "AWS::Elasticsearch::Domain": "OpenSearch Service takes a snapshot every hour",
    "AWS::RedshiftServerless::Namespace": "Redshift Serverless makes recovery points every 30 minutes",
}

SUBJECTS: Final = (*_DAYS, *_RECOVERY, _GLOBAL_TABLE, _FILE_SYSTEM, *_BY_PLAN_ONLY, *_ALWAYS)


def backup_of(graph: Architecture, store: Resource) -> Answer | None:
    """Whether the data can be brought back from a backup; None where another resource answers for the store."""
    if is_member(graph, store) or not _is_original(store):
        return None
    own = _own(store)
    if own.holds is True:
        return own
    plan = backup_selection(graph, store)
    if plan is None:
        return own
    if plan.missing is None:
        return held(store, "is backed up by an AWS Backup plan of the run", steps=(plan.step,))
    return undecided(store, f"may be in no backup plan: {plan.missing.what}", (plan.missing,), own.span, how=own.how)


def _is_original(store: Resource) -> bool:
    """A read replica holds what its source holds."""
    return store.prop("SourceDBInstanceIdentifier").is_absent and store.prop("ReplicationSourceIdentifier").is_absent


def _own(store: Resource) -> Answer:
    if store.type in _ALWAYS:
        return held(store, f"is backed up: {_ALWAYS[store.type]}")
    if store.type in _DAYS:
        return _kept_for_days(store, _DAYS[store.type])
    if store.type in _RECOVERY:
        path = _RECOVERY[store.type]
        return _switched(store, store.prop(*path), path)
    if store.type == _GLOBAL_TABLE:
        return _replicas(store)
    if store.type == _FILE_SYSTEM:
        return _file_system(store)
    return _no_plan(store, "the service makes none by itself")


def _kept_for_days(store: Resource, days: _Days) -> Answer:
    value, name = store.prop(*days.path), name_of(days.path)
    how = f"Set {name}: 7 (or more) on {store.name}."
    if value.is_absent:
        if days.default:
            service = "Aurora" if is_aurora(store) else "the service"
            return held(store, f"is backed up: {service} keeps backups for {days.default} day where {name} is absent")
        return _no_plan(store, f"{name} is absent, which means none", how, name)
    count = value.integer()
    if count is None:
        if days.least:
            return held(store, f"is backed up: {name} is at least {days.least}", value.span)
        missing = not_readable(value, name, f"give {name} a number of days")
        return undecided(store, f"may not be backed up: {missing.what}", (missing,), value.span, how=how)
    if count > 0:
        return held(store, f"is backed up, kept for {count} days ({name})", value.span)
    return broken(
        store, f"is not backed up: {name} is 0, and no backup plan of the run takes it in", value.span, how=how
    )


def _switched(store: Resource, value: Value, path: tuple[str, ...]) -> Answer:
    name = name_of(path)
    how = f"Set on {store.name}: {_snippet(path)}"
    truth = value.boolean()
    if truth is True:
        return held(store, f"can be restored to any second of the last days ({path[-1]})", value.span)
    if value.is_absent:
        return _no_plan(store, f"{name} is absent", how, name)
    if truth is False:
        statement = f"is not backed up: {name} is false, and no backup plan of the run takes it in"
        return broken(store, statement, value.span, how=how)
    missing = not_readable(value, name, f"set {name} to true")
    return undecided(store, f"may not be backed up: {missing.what}", (missing,), value.span, how=how)


def _snippet(path: tuple[str, ...]) -> str:
    if len(path) == 1:
        return f"{path[0]}: true"
    return f"{path[0]}: {{{path[1]}: true}}"


def _replicas(table: Resource) -> Answer:
    """One replica with point-in-time recovery is enough to bring the data back."""
    path = _RECOVERY["AWS::DynamoDB::Table"]
    value = table.prop("Replicas")
    answers = [_switched(table, replica.get(*path), path) for replica in value.items()]
    if value.missing is not None:
        statement = f"may not be backed up: {value.missing.what}"
        return undecided(table, statement, (value.missing,), value.span)
    order = {True: 0, None: 1, False: 2}
    best = min(answers, key=lambda answer: order[answer.holds], default=None)
    return best or _no_plan(table, "it has no replicas")


def _file_system(store: Resource) -> Answer:
    value = store.prop("BackupPolicy", "Status")
    how = f"Set on {store.name}: BackupPolicy: {{Status: ENABLED}}"
    if value.literal == "ENABLED":
        return held(store, "is backed up daily (BackupPolicy ENABLED)", value.span)
    if value.is_absent:
        if not store.prop("AvailabilityZoneName").is_absent:
            return held(store, "is backed up: EFS does so for a One Zone file system where BackupPolicy is absent")
        return _no_plan(store, "BackupPolicy is absent", how, "BackupPolicy")
    if value.literal is not None:
        statement = f"is not backed up: BackupPolicy is {value.literal}, and no backup plan of the run takes it in"
        return broken(store, statement, value.span, how=how)
    missing = not_readable(value, "BackupPolicy", "set BackupPolicy to ENABLED")
    return undecided(store, f"may not be backed up: {missing.what}", (missing,), value.span, how=how)


def _no_plan(store: Resource, because: str, how: str = "", what: str = "a backup") -> Answer:
    statement = f"is not backed up: {because}, and no backup plan of the run takes it in"
    advice = how or f"Name the ARN of {store.name} in an AWS::Backup::BackupSelection."
    return lacking(store, statement, what, how=advice)
