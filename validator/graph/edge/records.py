"""Records of Route 53 and whether what they lead to answers to their name.

Follows the Route 53 API reference, *AliasTarget*: an alias names the hosted zone of its target; the CloudFront
Developer Guide, *Alternate domain names*: a distribution answers to its aliases only; and the S3 User Guide: a
website's alias has the bucket's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.edge.distributions import DISTRIBUTION
from validator.graph.resource import Resource
from validator.load.nodes import MapNode, Node, ScalarNode
from validator.model import Missing, Span
from validator.resolve import ListValue, MapValue, Text, Value

RECORD_TYPES: Final = ("AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup")
CLOUDFRONT_ZONE: Final = "Z2FDTNDATAQYW2"
_BUCKET: Final = "AWS::S3::Bucket"
_DOMAINS: Final = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_ZONE_OF: Final = {
    "RegionalDomainName": "RegionalHostedZoneId",
    "DistributionDomainName": "DistributionHostedZoneId",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record: of a record set, or of an item of a record set group."""

    source: Resource
    value: Value
    target: str = ""
    """Tells the records of a group apart."""

    @property
    def name(self) -> Value:
        """The record's name."""
        return self.value.get("Name")

    @property
    def label(self) -> str:
        """How people name it within its group; empty for a record set."""
        return f"{_bare(self.name)} {self.value.get('Type').literal or ''}".strip() if self.target else ""


@dataclass(frozen=True, slots=True)
class Way:
    """Whether a record leads where its name is answered; None when that is not decided."""

    holds: bool | None
    statement: str
    span: Span
    fix: str = ""
    missing: Missing | None = None


def records_of(resource: Resource) -> Iterator[Record]:
    """The records that a resource makes."""
    if resource.type == "AWS::Route53::RecordSet":
        yield Record(resource, resource.prop())
        return
    for number, item in enumerate(resource.prop("RecordSets").items(), 1):
        yield Record(resource, item, f"record {number}")


def way_of(graph: Architecture, record: Record) -> Way | None:
    """Where the record leads, None when that is nothing this module knows."""
    alias = record.value.get("AliasTarget")
    if not alias.is_absent:
        return _alias(graph, record, alias)
    if record.value.get("Type").literal != "CNAME":
        return None
    values = record.value.get("ResourceRecords").items()
    return _plain(graph, record, values[0]) if values else None


def _alias(graph: Architecture, record: Record, alias: Value) -> Way | None:
    name, zone = alias.get("DNSName"), alias.get("HostedZoneId")
    if "s3-website" in str(name):
        return _website(graph, record, alias)
    found, attribute = _named(graph, name)
    if found is None:
        return None
    if found.type == DISTRIBUTION:
        if zone.literal is not None and zone.literal != CLOUDFRONT_ZONE:
            statement = (
                f"names hosted zone {zone.literal} for distribution {found.name}, whose zone is {CLOUDFRONT_ZONE}"
            )
            return Way(False, statement, zone.span, f"set AliasTarget.HostedZoneId: {CLOUDFRONT_ZONE}")
        return _distribution(record, found, alias.span)
    return _domain(record, found, attribute, zone, alias.span)


def _plain(graph: Architecture, record: Record, value: Value) -> Way | None:
    if ".execute-api." in str(value):
        fix = "make a custom domain with a mapping to the API, and point the record at the domain"
        return Way(False, "points at an execute-api address, which answers to no other name", value.span, fix)
    if "s3-website" in str(value):
        return _website(graph, record, value)
    found, _ = _named(graph, value)
    if found is None:
        return None
    if found.type == DISTRIBUTION:
        return _distribution(record, found, value.span)
    return _names_domain(record, found, value.span)


def _named(graph: Architecture, value: Value) -> tuple[Resource | None, str]:
    reference = value.reference
    if reference is None:
        return None, ""
    found = graph.resource_of(reference)
    known = found is not None and found.type in (DISTRIBUTION, *_DOMAINS) and found.exists()
    return (found, reference.attribute) if known else (None, "")


def _distribution(record: Record, found: Resource, at: Span) -> Way:
    aliases = found.prop("DistributionConfig", "Aliases")
    listed = aliases.items()
    if any(_same(alias, record.name) for alias in listed) or _named_alike(record, found, aliases):
        return Way(True, f"leads to {found.name}, which has its name as an alias", at)
    undecided = next((one.missing for one in (record.name, aliases, *listed) if one.missing is not None), None)
    tenants = found.prop("DistributionConfig", "ConnectionMode").literal == "tenant-only"
    symbolic = any(one.literal is None for one in (record.name, *listed))
    if undecided is not None or tenants or symbolic:
        what = "the names of its tenants are not in it" if tenants else f"the names of {found.name} are not all known"
        missing = undecided or Missing(what, "give the parameters that hold them", f"aliases:{found.name}")
        return Way(None, f"leads to {found.name}, whose aliases are not decided", at, missing=missing)
    statement = f"leads to {found.name}, which does not have {_bare(record.name)} among its Aliases"
    return Way(False, statement, at, f"add {_bare(record.name)} to DistributionConfig.Aliases of {found.name}")


def _domain(record: Record, found: Resource, attribute: str, zone: Value, at: Span) -> Way:
    wanted = _ZONE_OF.get(attribute, "")
    reference = zone.reference
    fits = reference is not None and reference.attribute == wanted and reference.logical_id == found.logical_id
    edge = attribute == "DistributionDomainName" and zone.literal == CLOUDFRONT_ZONE
    wrong = (reference is not None or zone.literal == CLOUDFRONT_ZONE) and not fits and not edge
    if wanted and wrong:
        statement = f"names a hosted zone for {found.name} that is not that of its {attribute}"
        return Way(False, statement, zone.span, f"set AliasTarget.HostedZoneId to {wanted} of {found.name}")
    return _names_domain(record, found, at)


def _names_domain(record: Record, found: Resource, at: Span) -> Way:
    name = found.prop("DomainName")
    if _same(name, record.name) or _named_alike(record, found, found.prop()):
        return Way(True, f"leads to {found.name}, which has its name", at)
    missing = name.missing or record.name.missing
    if missing is not None or name.literal is None or record.name.literal is None:
        cause = missing or Missing(f"the name of {found.name} is not known", "give it", f"name:{found.name}")
        return Way(None, f"leads to {found.name}, whose name is not decided", at, missing=cause)
    statement = f"leads to {found.name}, which answers to {name.literal} only"
    return Way(False, statement, at, f"give the record and {found.name} the same name")


def _website(graph: Architecture, record: Record, place: Value) -> Way | None:
    """A website answers to the name of its bucket."""
    for bucket in graph.declared(_BUCKET):
        if _same(bucket.prop("BucketName"), record.name) and bucket.exists():
            return Way(True, f"leads to the website of {bucket.name}, which has its name", place.span)
    what = f"no bucket of the run is named {_bare(record.name)}: whoever makes one of that name answers"
    missing = Missing(what, "add the template that makes the bucket", f"bucket:{_bare(record.name)}")
    return Way(None, "leads to a bucket's website", place.span, missing=missing)


def _same(one: Value, other: Value) -> bool:
    """Whether two names are the same; ``*.example.com`` among aliases covers one label."""
    if not isinstance(one, Text) or not isinstance(other, Text):
        return False
    mine, name = _bare(one), _bare(other)
    if mine == name:
        return True
    return mine.startswith("*.") and name.partition(".")[2] == mine[2:]


def _named_alike(record: Record, found: Resource, holder: Value) -> bool:
    """Whether both take their name from the same parameter: then they have the same, whatever it is."""
    if record.source.id.stack != found.id.stack or not isinstance(record.value, MapValue):
        return False
    mine = _parameter(record.value.node.get("Name"))
    others: list[Node | None] = []
    if isinstance(holder, ListValue) and holder.node is not None:
        others.extend(holder.node.items)
    elif isinstance(holder, MapValue):
        others.append(holder.node.get("DomainName"))
    return mine is not None and any(_parameter(other) == mine for other in others)


def _parameter(node: Node | None) -> str | None:
    """The name that a plain ``Ref`` refers to."""
    named = node.get("Ref") if isinstance(node, MapNode) else None
    return named.text if isinstance(named, ScalarNode) else None


def _bare(name: Value) -> str:
    """The name in lower case without its last dot; references show as ``${Name}``."""
    if not isinstance(name, Text):
        return f"${{{name.missing.key.rpartition(':')[2]}}}" if name.missing is not None else "a name"
    text = str(name).rstrip(".")
    return text.lower() if name.literal is not None else text
