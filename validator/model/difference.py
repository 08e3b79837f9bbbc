"""What a change does: the findings it makes and ends, and what it does to the architecture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from validator.model.finding import Change
from validator.model.report_writer import ReportOptions
from validator.model.review import Review
from validator.model.span import Span


class Danger(Enum):
    """How much a change of the architecture asks for a second look; ordered, the worst first."""

    DANGEROUS = "dangerous"
    """It opens something: to the Internet, to everyone, or to everything."""
    NOTABLE = "notable"
    """It widens who can do what, in a way that may well be meant."""
    PLAIN = "plain"
    """It adds or removes parts."""
    SAFER = "safer"
    """It closes something."""

    @property
    def rank(self) -> int:
        """0 for dangerous up to 3 for safer."""
        return list(Danger).index(self)


class ChangeKind(StrEnum):
    """What sort of change of the architecture it is."""

    PATH_ADDED = "path-added"
    PATH_REMOVED = "path-removed"
    AUTHORIZER_LOST = "authorizer-lost"
    AUTHORIZER_CHANGED = "authorizer-changed"
    AUTHORIZER_UNDECIDED = "authorizer-undecided"
    AUTHORIZER_GAINED = "authorizer-gained"
    METHOD_ADDED = "method-added"
    METHOD_REMOVED = "method-removed"
    WEB_ACL_LOST = "web-acl-lost"
    WEB_ACL_UNDECIDED = "web-acl-undecided"
    WEB_ACL_GAINED = "web-acl-gained"
    SUBNET_OPENED = "subnet-opened"
    SUBNET_UNDECIDED = "subnet-undecided"
    SUBNET_CLOSED = "subnet-closed"
    GRANT_ADDED = "grant-added"
    GRANT_REMOVED = "grant-removed"
    RESOURCE_UNDECIDED = "resource-undecided"
    CONDITION_CHANGED = "condition-changed"
    RESOURCE_ADDED = "resource-added"
    RESOURCE_REMOVED = "resource-removed"
    EDGE_ADDED = "edge-added"
    EDGE_REMOVED = "edge-removed"


@dataclass(frozen=True, slots=True)
class ArchitectureChange:
    """One change of the architecture as a sentence for people, with its place."""

    kind: ChangeKind
    danger: Danger
    sentence: str
    span: Span
    """Where it is written: in the new state, or in the old one for what is gone."""
    removed: bool = False
    """Whether the place is one of the old state."""
    nodes: tuple[str, ...] = ()
    """The ids of the nodes it is about, in the order of the path where it is one."""
    hops: tuple[tuple[str, str], ...] = ()
    """Which of the nodes lead to which, for a picture."""
    parts: tuple[str, ...] = ()
    """What follows from it or belongs to it, a phrase each."""
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """The conditions under which it holds; empty when under all."""


@dataclass(frozen=True, slots=True)
class DifferenceNode:
    """A resource, or a party that is none (``resource_type`` then empty)."""

    id: str
    name: str
    resource_type: str
    template: str
    change: Change
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class DifferenceEdge:
    """``source`` stands in ``relation`` to ``target``; both are ids of nodes."""

    source: str
    target: str
    relation: str
    detail: str
    change: Change
    span: Span
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Difference:
    """The comparison of two states.

    ``review`` is that of the new state: its findings carry their ``change``, ``fixed`` has what ended. ``changes``
    are ordered by danger. ``nodes`` and ``edges`` hold what was added (``new``) and removed (``fixed``), and the
    unchanged nodes that these touch.
    """

    base: str
    head: str
    review: Review
    changes: tuple[ArchitectureChange, ...] = ()
    nodes: tuple[DifferenceNode, ...] = ()
    edges: tuple[DifferenceEdge, ...] = ()


@runtime_checkable
class DifferenceWriter(Protocol):
    """Turns a difference into the text of one format. Stateless: one instance serves every run."""

    @property
    def name(self) -> str:
        """The format as it is asked for: ``--format NAME``."""
        ...

    def write(self, difference: Difference, options: ReportOptions) -> str:
        """The whole report, ending in a line break. Reads and writes nothing outside its arguments."""
        ...
