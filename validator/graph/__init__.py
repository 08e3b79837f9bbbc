"""The typed graph of a run and the vocabulary of its queries."""

from validator.graph.architecture import Architecture, Assumed, External, Target
from validator.graph.edges import Edge, NodeKey, Place, Relation
from validator.graph.resource import Resource, ResourceId

__all__ = [
    "Architecture",
    "Assumed",
    "Edge",
    "External",
    "NodeKey",
    "Place",
    "Relation",
    "Resource",
    "ResourceId",
    "Target",
]
