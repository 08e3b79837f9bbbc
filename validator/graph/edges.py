"""Edges: what one part of an architecture does to another, with the property that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from validator.graph.resource import Resource
from validator.model import Span


class Relation(StrEnum):
    """What an edge says, as a verb between its source and its target."""

    ROUTES_TO = "routes to"
    INVOKES = "invokes"
    AUTHORISED_BY = "is authorised by"
    PROTECTED_BY = "is protected by"
    ASSUMES = "assumes"
    MAY = "may use"
    RUNS_IN = "runs in"
    ROUTED_THROUGH = "is routed through"
    ADMITS = "admits"
    WEARS = "wears"
    HOLDS_SECRET = "holds the secret of"
    PUBLISHES = "publishes to"
    CONSUMES = "consumes from"
    ENCRYPTED_BY = "is encrypted by"
    TALKS_TO = "talks to"


class Place(StrEnum):
    """Parties to an architecture that are no resources."""

    INTERNET = "the Internet"
    ANYONE_WITH_CREDENTIALS = "anyone with AWS credentials"
    SIGNED_IN_USER = "any signed-in user"


NodeKey = Resource | Place


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` stands in ``relation`` to ``target`` because of what stands at ``span``.

    ``detail`` adds what matters (an action list, a port, a path); ``scenario`` names the conditions under
    which the edge exists, empty when under all.
    """

    source: NodeKey
    relation: Relation
    target: NodeKey
    span: Span
    detail: str = ""
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}), compare=False)
