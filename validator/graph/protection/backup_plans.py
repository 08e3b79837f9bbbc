"""Which stores the run's AWS Backup selections take in: by reference, by ARN pattern, by tag.

AWS Backup Developer Guide, *Assigning resources to a backup plan*; CloudFormation ``AWS::Backup::BackupSelection``.
Resources are named by ARN (``*`` for all of them) or, as an alternative, by one of ``ListOfTags``; ``Conditions`` all
have to hold beside that. What one that names nothing takes in is decided by the account's opt-in settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.names import NAME_PROPERTIES
from validator.graph.protection.answer import not_readable
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Text, Value

SELECTION: Final = "AWS::Backup::BackupSelection"

_ARN_SERVICE: Final[dict[str, str]] = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::S3::Bucket": "s3",
    "AWS::RDS::DBInstance": "rds",
    "AWS::RDS::DBCluster": "rds",
    "AWS::DocDB::DBCluster": "rds",
    "AWS::Neptune::DBCluster": "rds",
    "AWS::Redshift::Cluster": "redshift",
    "AWS::RedshiftServerless::Namespace": "redshift-serverless",
    "AWS::EFS::FileSystem": "elasticfilesystem",
    "AWS::Timestream::Database": "timestream",
    "AWS::Timestream::Table": "timestream",
    "AWS::DSQL::Cluster": "dsql",
}
"""The types that AWS Backup takes, with the service of their ARNs."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection that takes the store in (``missing`` is None), or that may do so."""

    step: Evidence
    missing: Missing | None = None


def backup_selection(graph: Architecture, store: Resource) -> Selected | None:
    """The selection of the run that takes the store in, else one that may, else None."""
    if store.type not in _ARN_SERVICE:
        return None
    return graph.memo("backup-selection", store, lambda: _selection(graph, store))


def _selection(graph: Architecture, store: Resource) -> Selected | None:
    doubtful: Selected | None = None
    for selection in graph.existing(SELECTION):
        found = _takes(graph, selection, store)
        if found is True:
            return Selected(selection.states(f"takes {store.name} into a backup plan"))
        if isinstance(found, Missing):
            doubtful = doubtful or Selected(selection.states(f"may take {store.name} into a backup plan"), found)
    return doubtful


def _takes(graph: Architecture, selection: Resource, store: Resource) -> bool | Missing:
    body = selection.prop("BackupSelection")
    if body.missing is not None:
        return body.missing
    excluded = _any(_names(graph, item, store) for item in body.get("NotResources").items())
    if excluded is not False:
        return False if excluded is True else excluded
    named, tagged, conditions = body.get("Resources"), body.get("ListOfTags"), body.get("Conditions")
    for value in (named, tagged, conditions):
        if value.missing is not None and not value.items():
            return value.missing
    ways = [*(_names(graph, item, store) for item in named.items()), *(_tag(store, item) for item in tagged.items())]
    taken = _any(ways) if ways else True if conditions.entries() else _opted_in(selection)
    allowed = _conditions(store, conditions)
    if False in (taken, allowed):
        return False
    return next((test for test in (taken, allowed) if isinstance(test, Missing)), True)


def _opted_in(selection: Resource) -> Missing:
    what = f"{selection.name} names nothing, and takes in what the account has opted in to AWS Backup"
    return Missing(what, "name the store's ARN in Resources", f"backup:{selection.name}")


def _any(tests: Iterable[bool | Missing]) -> bool | Missing:
    found = list(tests)
    if True in found:
        return True
    return next((test for test in found if isinstance(test, Missing)), False)


def _names(graph: Architecture, item: Value, store: Resource) -> bool | Missing:
    """Whether an ARN or pattern takes the store in."""
    if not isinstance(item, Text):
        return not_readable(item, "the selection's Resources", "name the store's ARN")
    if any(graph.resource_of(reference) == store for reference in item.references):
        return True
    if item.literal == "*":
        return True
    if item.missing is not None and not str(item).startswith("arn:"):
        return item.missing
    pieces = _shown(item).split(":", 5)
    if len(pieces) != 6 or not fnmatchcase(_ARN_SERVICE[store.type], pieces[2]) or item.references:
        return False
    return _matches_name(pieces[5], store)


def _shown(item: Text) -> str:
    return "".join(part if isinstance(part, str) else "*" for part in item.parts)


def _matches_name(pattern: str, store: Resource) -> bool | Missing:
    """Whether the last part of an ARN pattern fits the store's name; a name that AWS makes is not known."""
    kind, slash, rest = pattern.partition("/" if "/" in pattern else ":")
    name = rest if slash else kind
    if name.strip("*") == "":
        return not slash or _kind_fits(kind, store)
    written = store.prop(NAME_PROPERTIES.get(store.type, "Name"))
    if written.literal is not None:
        return _kind_fits(kind, store) and fnmatchcase(written.literal, name)
    return Missing(
        f"the name of {store.name} is not known, so {pattern} may or may not take it in",
        f"name {store.name} by reference in the backup selection",
        f"backup:{store.name}",
    )


_ARN_KIND: Final[dict[str, str]] = {
    "AWS::RDS::DBInstance": "db",
    "AWS::RDS::DBCluster": "cluster",
    "AWS::DocDB::DBCluster": "cluster",
    "AWS::Neptune::DBCluster": "cluster",
}


def _kind_fits(kind: str, store: Resource) -> bool:
    wanted = _ARN_KIND.get(store.type)
    return wanted is None or fnmatchcase(wanted, kind)


def _tag(store: Resource, item: Value) -> bool | Missing:
    key, wanted = item.get("ConditionKey"), item.get("ConditionValue")
    return _has_tag(store, key, wanted)


def _has_tag(store: Resource, key: Value, wanted: Value) -> bool | Missing:
    for value in (key, wanted):
        if value.missing is not None:
            return value.missing
    for name, held in tags_of(store):
        if str(name) != str(key).removeprefix("aws:ResourceTag/"):
            continue
        return held.missing or str(held) == str(wanted)
    return next((name.missing for name, _ in tags_of(store) if name.missing is not None), False)


def tags_of(store: Resource) -> tuple[tuple[Value, Value], ...]:
    """The tags of a store, wherever its type has them."""
    lists = [store.prop("Tags"), store.prop("FileSystemTags")]
    lists += [replica.get("Tags") for replica in store.prop("Replicas").items()]
    return tuple((item.get("Key"), item.get("Value")) for tags in lists for item in tags.items() if item is not tags)


def _conditions(store: Resource, conditions: Value) -> bool | Missing:
    """``StringEquals`` on tags is read; what else is asked for is left open."""
    found: list[bool | Missing] = []
    for operator, tests in conditions.entries():
        if operator != "StringEquals":
            what = f"{operator} in the backup selection at {tests.span} is not read"
            found.append(Missing(what, "name the store's ARN in Resources", f"backup-condition:{tests.span}"))
            continue
        found += [_has_tag(store, test.get("ConditionKey"), test.get("ConditionValue")) for test in tests.items()]
    if False in found:
        return False
    return next((test for test in found if isinstance(test, Missing)), True)
