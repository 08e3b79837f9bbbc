"""The architecture of a workload as data to draw: nodes in lanes and boxes, and the edges between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from validator.model.span import Span


class Lane(StrEnum):
    """Where a node stands, from the outside to the data."""

    INTERNET = "internet"
    PRESENTATION = "presentation"
    LOGIC = "logic"
    DATA = "data"
    SUPPORT = "support"


class BoxKind(StrEnum):
    """What a box stands for."""

    VPC = "vpc"
    SUBNET = "subnet"
    STACK = "stack"


class ProtectionKind(StrEnum):
    """What sort of guard a protection is."""

    WAF = "waf"
    AUTHORIZER = "authorizer"
    ENCRYPTION = "encryption"


@dataclass(frozen=True, slots=True)
class Protection:
    """A guard of a node: ``WAF OrdersAcl``, ``Cognito: 5 of 7 operations``."""

    kind: ProtectionKind
    text: str
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """The conditions under which it guards; empty when under all."""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A frame around nodes: a VPC, a subnet in its VPC, a stack."""

    id: str
    kind: BoxKind
    name: str
    parent: str = ""
    """The id of the box it stands in; empty for one that stands in none."""
    public: bool | None = None
    """For a subnet: whether the Internet is routed to it; None when that is not known or does not apply."""
    span: Span | None = None
    """Where it is written; None for one that no template of the run makes."""
    stack: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class PictureNode:
    """A resource, or a party that is none (``the Internet``, ``resource_type`` then empty)."""

    id: str
    name: str
    """Logical ID in the file the person wrote."""
    resource_type: str
    lane: Lane
    span: Span | None
    stack: str = ""
    template: str = ""
    boxes: tuple[str, ...] = ()
    """Ids of the innermost boxes it stands in: each subnet it runs in."""
    protections: tuple[Protection, ...] = ()
    """What guards it."""
    owners: tuple[str, ...] = ()
    """Ids of the nodes and boxes it is drawn as a part of (a role of its function); empty for one drawn itself."""


@dataclass(frozen=True, slots=True)
class PictureEdge:
    """``source`` stands in ``relation`` to ``target``; both are ids of nodes."""

    source: str
    target: str
    relation: str
    detail: str
    span: Span
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to draw of one workload."""

    title: str
    boxes: tuple[PictureBox, ...]
    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]
