"""What a bucket is for: logs, build artefacts, a site, data; how it is used decides, never its name.

A bucket may be a site and hold data as well. Without any sign it holds data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Evidence
from validator.resolve import Text, Unknown, Value

BUCKET: Final = "AWS::S3::Bucket"

_LOG_PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::S3::Bucket": (("LoggingConfiguration", "DestinationBucketName"),),
    "AWS::CloudFront::Distribution": (("DistributionConfig", "Logging", "Bucket"),),
    "AWS::CloudTrail::Trail": (("S3BucketName",),),
    "AWS::EC2::FlowLog": (("LogDestination",),),
    "AWS::WAFv2::LoggingConfiguration": (("LogDestinationConfigs",),),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (("LoadBalancerAttributes",),),
}
_ARTEFACT_PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::CodePipeline::Pipeline": (("ArtifactStore",), ("ArtifactStores",)),
    "AWS::CodeBuild::Project": (("Artifacts", "Location"),),
}
_SITE_PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::Amplify::App": (("Repository",),),
    "Custom::CDKBucketDeployment": (("DestinationBucketName",),),
}


_WEBSITE_URL: Final = re.compile(r"split:\$\{(\w+)\.WebsiteURL\}")
"""The host is usually cut out of ``WebsiteURL`` by ``Fn::Split``, which leaves a value that is not known."""


@dataclass(frozen=True, slots=True)
class BucketUse:
    """The signs that a bucket's use shows, each as the step that proves it."""

    site: tuple[Evidence, ...] = ()
    log: tuple[Evidence, ...] = ()
    artefact: tuple[Evidence, ...] = ()
    data: tuple[Evidence, ...] = ()

    @property
    def is_site(self) -> bool:
        """Whether it serves a site."""
        return bool(self.site)

    @property
    def is_site_only(self) -> bool:
        """Whether it serves a site and shows no other use."""
        return bool(self.site) and not (self.data or self.log or self.artefact)

    @property
    def holds(self) -> str:
        """What it holds, for messages."""
        if self.log:
            return "logs"
        if self.artefact:
            return "artefacts"
        return "a site" if self.is_site_only else "data"


def use_of(bucket: Resource, graph: Architecture) -> BucketUse:
    """What the run shows of the bucket's use."""
    return graph.memo("bucket-use", bucket, lambda: _use(bucket, graph))


def _use(bucket: Resource, graph: Architecture) -> BucketUse:
    return BucketUse(
        tuple(_site_signs(bucket, graph)),
        tuple(_named_in(bucket, _LOG_PLACES, "writes its logs there", graph)),
        tuple(_named_in(bucket, _ARTEFACT_PLACES, "keeps its artefacts there", graph)),
        tuple(_data_signs(bucket, graph)),
    )


def _site_signs(bucket: Resource, graph: Architecture) -> Iterator[Evidence]:
    if not bucket.prop("WebsiteConfiguration").is_absent:
        yield bucket.states("has a website configuration", bucket.property_span("WebsiteConfiguration"))
    for origin in origins_at(bucket, graph):
        if origin.is_default:
            yield origin.distribution.states(f"serves {bucket.name} by default", origin.value.span)
    yield from _named_in(bucket, _SITE_PLACES, "deploys a site into it", graph)


def _named_in(
    bucket: Resource, places: dict[str, tuple[tuple[str, ...], ...]], what: str, graph: Architecture
) -> Iterator[Evidence]:
    for user in graph.referrers(bucket, *places):
        for path in places[user.type]:
            if any(_mentions(text, bucket) for text in _texts(user.prop(*path))) and user != bucket:
                yield user.states(what, user.property_span(*path))


def _texts(value: Value) -> Iterator[Text]:
    """All texts in a value, however deep."""
    if isinstance(value, Text):
        yield value
    elif value.missing is None:
        children = [child for _, child in value.entries()] or [item for item in value.items() if item is not value]
        for child in children:
            yield from _texts(child)


def _mentions(text: Text, bucket: Resource) -> bool:
    return any((ref.stack, ref.logical_id) == (bucket.id.stack, bucket.logical_id) for ref in text.references)


def _data_signs(bucket: Resource, graph: Architecture) -> Iterator[Evidence]:
    if not bucket.prop("NotificationConfiguration").is_absent:
        yield bucket.states("sends events of its objects", bucket.property_span("NotificationConfiguration"))
    if not bucket.prop("ReplicationConfiguration").is_absent:
        yield bucket.states("replicates its objects", bucket.property_span("ReplicationConfiguration"))
    for origin in origins_at(bucket, graph):
        if not origin.is_default:
            yield origin.distribution.states(f"serves {bucket.name} for some paths only", origin.value.span)
    for user in graph.referrers(bucket, "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        yield user.states(f"grants on {bucket.name}", user.span)


@dataclass(frozen=True, slots=True)
class BucketOrigin:
    """An origin of a distribution that is a bucket, of the run or (``bucket`` is None) outside it."""

    distribution: Resource
    value: Value
    """The origin."""
    bucket: Resource | None
    is_default: bool
    """Whether the distribution's default behaviour goes there."""

    @property
    def name(self) -> str:
        """The bucket in messages."""
        return self.bucket.name if self.bucket is not None else str(self.value.get("DomainName"))

    @property
    def id(self) -> str:
        """The origin's id."""
        return str(self.value.get("Id"))

    @property
    def is_website_endpoint(self) -> bool:
        """Whether it is the bucket's website endpoint, which CloudFront reaches as a plain web server."""
        domain = self.value.get("DomainName")
        named = isinstance(domain, Text) and any(ref.attribute == "WebsiteURL" for ref in domain.references)
        split = isinstance(domain, Unknown) and _WEBSITE_URL.fullmatch(domain.cause.key) is not None
        return named or split or "s3-website" in str(domain)

    @property
    def access_control(self) -> Value:
        """The origin access control, else the older identity; ``Absent`` or empty when neither is set."""
        control = self.value.get("OriginAccessControlId")
        if control.literal in ("", None) and control.missing is None and not _is_reference(control):
            return self.value.get("S3OriginConfig", "OriginAccessIdentity")
        return control


def _is_reference(value: Value) -> bool:
    return isinstance(value, Text) and bool(value.references)


def origins_at(bucket: Resource, graph: Architecture) -> tuple[BucketOrigin, ...]:
    """The origins of the run's distributions that are this bucket."""
    return graph.memo("bucket-origins", bucket, lambda: tuple(_origins_at(bucket, graph)))


def _origins_at(bucket: Resource, graph: Architecture) -> Iterator[BucketOrigin]:
    for distribution in graph.declared("AWS::CloudFront::Distribution"):
        for origin in bucket_origins(distribution, graph):
            if origin.bucket == bucket and distribution.exists():
                yield origin


def bucket_origins(distribution: Resource, graph: Architecture) -> Iterator[BucketOrigin]:
    """The origins of a distribution that are buckets."""
    config = distribution.prop("DistributionConfig")
    default = config.get("DefaultCacheBehavior", "TargetOriginId")
    for origin in config.get("Origins").items():
        domain = origin.get("DomainName")
        bucket = _bucket_of_domain(domain, graph)
        if bucket is not None or _is_outside_bucket(origin):
            yield BucketOrigin(distribution, origin, bucket, _same_text(origin.get("Id"), default))


def _is_outside_bucket(origin: Value) -> bool:
    """An origin that is set up as a bucket although the run does not hold it."""
    domain = origin.get("DomainName")
    return not origin.get("S3OriginConfig").is_absent and isinstance(domain, Text) and domain.missing is None


def _bucket_of_domain(domain: Value, graph: Architecture) -> Resource | None:
    if isinstance(domain, Unknown):
        cut = _WEBSITE_URL.fullmatch(domain.cause.key)
        buckets = graph.declared(BUCKET) if cut is not None else ()
        return next((bucket for bucket in buckets if cut and bucket.logical_id == cut.group(1)), None)
    if not isinstance(domain, Text):
        return None
    for reference in domain.references:
        resource = graph.resource_of(reference)
        if resource is not None and resource.type == BUCKET:
            return resource
    name = str(domain).partition(".s3")[0]
    found = graph.target(Text((name,), domain.span), BUCKET) if ".s3" in str(domain) else None
    return found if isinstance(found, Resource) else None


def _same_text(one: Value, other: Value) -> bool:
    return isinstance(one, Text) and isinstance(other, Text) and one.parts == other.parts
