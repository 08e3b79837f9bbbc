"""The difference of two architectures, ordered by danger."""

from collections.abc import Collection

from validator.difference.compared import Compared
from validator.difference.facts import FactKind, NodeId
from validator.difference.grant_changes import grant_changes
from validator.difference.guard_changes import operation_changes, subnet_changes, web_acl_changes
from validator.difference.part_changes import condition_changes, edge_changes, resource_changes, undecided_changes
from validator.difference.path_changes import path_changes
from validator.graph import Relation
from validator.model import ArchitectureChange, ChangeKind

_ORDER = list(ChangeKind)


def architecture_changes(both: Compared) -> tuple[ArchitectureChange, ...]:
    """What the change does to the architecture, the most dangerous first."""
    paths = path_changes(both)
    operations = [*operation_changes(both)]
    spoken = {node for one in (*paths.changes, *operations) for node in one.nodes}
    guards = [*web_acl_changes(both), *subnet_changes(both)]
    grants = grant_changes(both, _called(both, spoken))
    told: list[ArchitectureChange] = [*paths.changes, *operations, *guards, *grants, *condition_changes(both)]
    told += undecided_changes(both)
    told += resource_changes(both, told)
    told += edge_changes(both, told, paths.explained)
    return tuple(sorted(told, key=_order))


def _called(both: Compared, spoken: Collection[str]) -> frozenset[NodeId]:
    """The functions that are called by something of which other changes speak."""
    return frozenset(
        fact.object
        for facts in (both.head.of(FactKind.EDGE), both.base.of(FactKind.EDGE))
        for fact in facts
        if fact.object is not None and fact.terms[0] == Relation.INVOKES.value and str(fact.subject) in spoken
    )


def _order(one: ArchitectureChange) -> tuple[object, ...]:
    return (one.danger.rank, _ORDER.index(one.kind), one.span.path, one.span.line, one.span.column, one.sentence)
