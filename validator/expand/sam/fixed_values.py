"""Where SAM takes a parameter's value for granted while it translates.

The translator reads some properties with parameter values (the defaults, where the run gives none) and
writes a structure that holds for that value only: ``DefaultAuthorizer: !Ref P`` becomes the security of
every method, as if P could have no other value.
"""

from collections.abc import Iterator, Mapping

from validator.expand.known_values import KnownValues
from validator.expand.sam.source import IMPLICIT_APIS, PREFIX, SamSource
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode

_READ_WITH_VALUES: Mapping[str, tuple[str, ...]] = {
    "Function": ("Tracing",),
    "Api": ("Auth", "Domain"),
    "HttpApi": ("CorsConfiguration", "Domain"),
    "WebSocketApi": ("Auth", "Domain", "Routes"),
    "WebFunction": ("AutoDeploymentMode", "EndpointType"),
}
_PASSED_ON = frozenset(
    {
        "UserPoolArn",
        "FunctionArn",
        "FunctionInvokeRole",
        "InvokeRole",
        "AuthArn",
        "AuthorizationScopes",
        "Identity",
        "JwtConfiguration",
        "IdentitySource",
        "CustomStatements",
        "Quota",
        "Throttle",
        "Tags",
        "UsagePlanName",
        "Description",
        "DomainName",
        "CertificateArn",
        "HostedZoneId",
        "HostedZoneName",
        "DistributionDomainName",
        "SetIdentifier",
        "TruststoreUri",
        "TruststoreVersion",
        "SecurityPolicy",
        "AllowOrigins",
        "AllowHeaders",
        "AllowMethods",
        "ExposeHeaders",
        "MaxAge",
        "VpcEndpointId",
        "IpRangeWhitelist",
        "IpRangeBlacklist",
        "IntrinsicVpcWhitelist",
        "IntrinsicVpcBlacklist",
        "IntrinsicVpceWhitelist",
        "IntrinsicVpceBlacklist",
    }
)
"""Properties whose value is written into the translated resource as it is; there a ``Ref`` comes back."""


def decided_by_default(source: SamSource, values: KnownValues) -> dict[str, tuple[str, ...]]:
    """Parameter → logical IDs of the SAM resources whose structure rests on its default."""
    found: dict[str, list[str]] = {}
    for resource in source.sam_resources:
        kind = resource.type.removeprefix(PREFIX)
        written = source.written_properties(resource)
        _collect(kind, written, [resource.logical_id], values, found)
    for event_type in IMPLICIT_APIS:
        shared = source.globals_for(PREFIX + event_type)
        users = [resource.logical_id for resource in source.implicit_sources(event_type)]
        if shared is not None and users:
            _collect(event_type, shared, users, values, found)
    return {name: tuple(dict.fromkeys(users)) for name, users in found.items()}


def _collect(kind: str, written: MapNode, users: list[str], values: KnownValues, found: dict[str, list[str]]) -> None:
    for name in _READ_WITH_VALUES.get(kind, ()):
        node = written.get(name)
        for parameter in _deciding(node) if node is not None else ():
            value = values.parameter(parameter)
            # A tracing mode stays a reference, but the default "Disabled" leaves tracing out.
            if value is None or values.is_given(parameter) or (name == "Tracing" and value != "Disabled"):
                continue
            found.setdefault(parameter, []).extend(users)


def _deciding(node: Node) -> Iterator[str]:
    """Parameters that a node refers to in a place that decides structure."""
    match node:
        case ListNode():
            for item in node.items:
                yield from _deciding(item)
        case MapNode():
            reference = node.get("Ref") if len(node.entries) == 1 else None
            if isinstance(reference, ScalarNode):
                yield reference.text
                return
            for key, value in node.items():
                if key not in _PASSED_ON and key != "Fn::Sub":
                    yield from _deciding(value)
