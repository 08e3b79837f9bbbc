"""CloudFront distributions: their web ACL, their origins, and what an origin is in the run.

Follows the CloudFront Developer Guide and the resource reference of ``AWS::CloudFront::Distribution``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from validator.graph.apis.domains import doors_of
from validator.graph.apis.load_balancers import VPC_ORIGIN
from validator.graph.apis.outside_template import may_be_added
from validator.graph.architecture import Architecture
from validator.graph.edge.acl_references import AclKind, AclReference, acl_reference
from validator.graph.edge.coverage import firewall_manager
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import MapValue, Text, Value

DISTRIBUTION = "AWS::CloudFront::Distribution"
TENANT = "AWS::CloudFront::DistributionTenant"
ACCESS_CONTROL = "AWS::CloudFront::OriginAccessControl"

ORIGIN_TYPES = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::Lambda::Url",
    "AWS::Lambda::WebFunctionEndpoint",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::S3::Bucket",
    "AWS::AppSync::GraphQLApi",
    "AWS::AppRunner::Service",
    "AWS::MediaStore::Container",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """One origin of a distribution and what it is in the run (``target`` is None for all else)."""

    distribution: Resource
    value: Value
    domain: Value
    target: Resource | None
    span: Span

    @property
    def custom_headers(self) -> tuple[str, ...]:
        """The headers that CloudFront adds on the way to the origin, in lower case."""
        names = (header.get("HeaderName").literal for header in self.value.get("OriginCustomHeaders").items())
        return tuple(name.lower() for name in names if name is not None)

    @property
    def demands_certificate(self) -> bool:
        """Whether CloudFront shows a client certificate to the origin."""
        return not self.value.get("CustomOriginConfig", "OriginMtlsConfig").is_absent


def distribution_acl(graph: Architecture, distribution: Resource) -> AclReference:
    """The web ACL that ``WebACLId`` names; a Firewall Manager policy of the run counts where it is absent."""

    def compute() -> AclReference:
        named = acl_reference(graph, distribution.prop("DistributionConfig", "WebACLId"))
        managed = firewall_manager(graph, DISTRIBUTION) if named.kind is AclKind.NONE else None
        if managed is None:
            added = may_be_added(distribution, "a web ACL") if named.kind is AclKind.NONE else None
            return named if added is None else replace(named, kind=AclKind.UNDECIDED, missing=added)
        if managed.covered:
            return replace(named, kind=AclKind.ELSEWHERE, statement=managed.statement)
        return replace(named, kind=AclKind.UNDECIDED, missing=managed.missing[0])

    return graph.memo("distribution-acl", distribution, compute)


def tenants_of(graph: Architecture, distribution: Resource) -> tuple[Resource, ...]:
    """The tenants of a multi-tenant distribution."""
    return graph.referrers(distribution, TENANT)


def tenant_acl(graph: Architecture, tenant: Resource) -> AclReference | None:
    """The web ACL of a tenant's own; None when it inherits the distribution's."""
    setting = tenant.prop("Customizations", "WebAcl")
    action = setting.get("Action")
    if setting.is_absent or action.is_absent:
        return None
    if action.literal == "disable":
        return AclReference(AclKind.WRONG, "none: the tenant disables the distribution's", action.span)
    if action.literal == "override":
        return acl_reference(graph, setting.get("Arn"))
    cause = action.missing or Missing(f"action {action.literal} is not known", "write override or disable", "tenant")
    return AclReference(AclKind.UNDECIDED, "a web ACL or none", action.span, missing=cause)


def origins_of(graph: Architecture, distribution: Resource) -> tuple[Origin, ...]:
    """The origins of a distribution."""
    return graph.memo("origins", distribution, lambda: tuple(_origins(graph, distribution)))


def _origins(graph: Architecture, distribution: Resource) -> Iterator[Origin]:
    for value in distribution.prop("DistributionConfig", "Origins").items():
        domain = value.get("DomainName")
        target = graph.target(domain, *ORIGIN_TYPES) if isinstance(domain, Text) else _cut_out(graph, value)
        if not isinstance(target, Resource):
            vpc = graph.target(value.get("VpcOriginConfig", "VpcOriginId"), VPC_ORIGIN)
            target = _behind_vpc_origin(graph, vpc) if isinstance(vpc, Resource) else None
        yield Origin(distribution, value, domain, target, domain.span if not domain.is_absent else value.span)


def _cut_out(graph: Architecture, origin: Value) -> Resource | None:
    """The host that ``Fn::Select`` and ``Fn::Split`` cut out of a URL known only after deployment."""
    node = origin.node.get("DomainName") if isinstance(origin, MapValue) else None
    if node is None or not isinstance(origin, MapValue):
        return None
    found = graph.mentioned_in(origin.scope, node)
    return next((one for one in found if one.type in ORIGIN_TYPES and one.exists()), None)


def _behind_vpc_origin(graph: Architecture, vpc_origin: Resource) -> Resource | None:
    found = graph.target(vpc_origin.prop("VpcOriginEndpointConfig", "Arn"))
    return found if isinstance(found, Resource) else None


def is_enabled(distribution: Resource) -> bool:
    """Whether the distribution answers anybody; an undecided one may."""
    return distribution.prop("DistributionConfig", "Enabled").boolean() is not False


def fronts_of(graph: Architecture, subject: Resource) -> tuple[Origin, ...]:
    """The origins of enabled distributions that lead to the resource: by reference, or by its custom domain."""

    def compute() -> tuple[Origin, ...]:
        domains = [door.domain for door in doors_of(graph, subject) if door.domain is not None]
        wanted = {subject, *domains}
        names = {str(domain.prop("DomainName")) for domain in domains}
        ways = wanted | set(graph.referrers(subject, VPC_ORIGIN))
        return tuple(
            origin
            for distribution in _mentioning(graph, ways, names)
            if distribution.exists() and is_enabled(distribution)
            for origin in origins_of(graph, distribution)
            if origin.target in wanted or (names and str(origin.domain) in names)
        )

    return graph.memo("fronts", subject, compute)


def _mentioning(graph: Architecture, wanted: set[Resource], names: set[str]) -> Iterator[Resource]:
    """Distributions that may lead there; the others are left alone, so that their conditions are not decided."""
    for distribution in graph.declared(DISTRIBUTION):
        near = any(graph.mentions(distribution, one) for one in wanted)
        if near or names:
            yield distribution
