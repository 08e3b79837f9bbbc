"""Edges of the presentation tier's front: distributions, their origins, records, and web ACLs."""

from collections.abc import Iterator

from validator.graph.apis.rest import DEPLOYMENT, STAGE
from validator.graph.apis.stages import stage_of
from validator.graph.architecture import Architecture
from validator.graph.edge.coverage import Protection, resource_protection, stage_protection
from validator.graph.edge.distributions import DISTRIBUTION, distribution_acl, origins_of
from validator.graph.edge.exposure import COVERABLE
from validator.graph.edges import Edge, Place, Relation
from validator.graph.resource import Resource

RECORD = "AWS::Route53::RecordSet"


def edges(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    """The edges that one existing resource proves; nothing for types that are no part of the edge."""
    if resource.type == DISTRIBUTION:
        yield from _distribution(graph, resource)
    elif resource.type == RECORD:
        yield from _record(graph, resource)
    elif resource.type in (STAGE, DEPLOYMENT):
        stage = stage_of(graph, resource)
        if stage is not None:
            yield from _protected(resource, stage_protection(graph, stage))
    elif resource.type in COVERABLE:
        yield from _protected(resource, resource_protection(graph, resource))


def _distribution(graph: Architecture, distribution: Resource) -> Iterator[Edge]:
    yield Edge(Place.INTERNET, Relation.ROUTES_TO, distribution, distribution.span)
    for origin in origins_of(graph, distribution):
        if origin.target is not None:
            detail = origin.value.get("Id").literal or ""
            yield Edge(distribution, Relation.ROUTES_TO, origin.target, origin.span, detail)
    named = distribution_acl(graph, distribution)
    if named.acl is not None and named.covers("CLOUDFRONT"):
        yield Edge(distribution, Relation.PROTECTED_BY, named.acl, named.span)


def _record(graph: Architecture, record: Resource) -> Iterator[Edge]:
    values = (record.prop("AliasTarget", "DNSName"), *record.prop("ResourceRecords").items())
    for value in values:
        target = graph.target(value)
        if isinstance(target, Resource):
            yield Edge(record, Relation.ROUTES_TO, target, value.span, record.prop("Name").literal or "")


def _protected(resource: Resource, protection: Protection) -> Iterator[Edge]:
    if protection.covered and protection.acl is not None:
        span = protection.evidence[0].span if protection.evidence else None
        yield Edge(resource, Relation.PROTECTED_BY, protection.acl, span or resource.span)
