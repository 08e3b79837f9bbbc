"""What guards a resource, as short texts: web ACLs, the authorization of calls, customer managed keys."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.integration import IntegrationKind
from validator.graph.apis.operations import operations_made_by
from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Relation
from validator.graph.picture.asking import answers
from validator.graph.resource import Resource
from validator.model import Protection, ProtectionKind

_MAKERS: Final = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Route",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
)
_APPSYNC: Final = {
    "AWS_IAM": "IAM",
    "AMAZON_COGNITO_USER_POOLS": "Cognito",
    "OPENID_CONNECT": "OpenID Connect",
    "AWS_LAMBDA": "Lambda",
}
_NAMES: Final = {
    AuthorizationKind.COGNITO: "Cognito",
    AuthorizationKind.LAMBDA: "Lambda",
    AuthorizationKind.JWT: "JWT",
    AuthorizationKind.IAM: "IAM",
    AuthorizationKind.CERTIFICATE: "Client certificate",
}
_KEY_PATHS: Final[tuple[tuple[str | int, ...], ...]] = (
    ("KmsKeyId",),
    ("KmsKeyArn",),
    ("KmsMasterKeyId",),
    ("KMSMasterKeyId",),
    ("SSESpecification", "KMSMasterKeyId"),
    ("EncryptionAtRestOptions", "KmsKeyId"),
    ("StreamEncryption", "KeyId"),
    ("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "KMSMasterKeyID"),
)


@dataclass(frozen=True, slots=True)
class _Call:
    """One operation of one API, and how its callers are identified (empty when they are not)."""

    api: Resource
    operation: str
    by: str


def protections_of(graph: Architecture, edges: Iterable[Edge]) -> dict[Resource, tuple[Protection, ...]]:
    """The guards of each resource that has any, in the order WAF, authorizers, keys."""
    found: dict[Resource, list[Protection]] = {}
    for edge in edges:
        if edge.relation is Relation.PROTECTED_BY and isinstance(edge.source, Resource):
            acl = edge.target.name if isinstance(edge.target, Resource) else edge.target.value
            # A stage is drawn as a part of its API, of which others may stand open.
            stage = f" on {_stage_name(edge.source)}" if edge.source.type.endswith("Stage") else ""
            guard = Protection(ProtectionKind.WAF, f"WAF {acl}{stage}", edge.scenario)
            found.setdefault(edge.source, []).append(guard)
    for api, guard in _authorizations(graph):
        found.setdefault(api, []).append(guard)
    for resource in graph.resources:
        for text, scenario in _by_property(graph, resource):
            kind = ProtectionKind.ENCRYPTION if text.startswith("key ") else ProtectionKind.AUTHORIZER
            found.setdefault(resource, []).append(Protection(kind, text, scenario))
    return {resource: tuple(guards) for resource, guards in found.items()}


def _stage_name(stage: Resource) -> str:
    return stage.prop("StageName").literal or stage.name if stage.condition is None else stage.name


def _authorizations(graph: Architecture) -> Iterator[tuple[Resource, Protection]]:
    """Per API, how many of its operations demand which identity: ``Cognito: 5 of 7 operations``."""
    calls: dict[Resource, dict[str, set[str]]] = {}
    for maker in graph.declared(*_MAKERS):
        for call, _ in answers(graph, maker, partial(_calls, graph, maker)):
            calls.setdefault(call.api, {}).setdefault(call.operation, set()).add(call.by)
    for api, operations in calls.items():
        # What is open in one scenario counts as open: the picture must not promise more than holds everywhere.
        tally = Counter(next(iter(ways)) for ways in operations.values() if len(ways) == 1)
        for by, count in tally.items():
            if by:
                share = "all operations" if count == len(operations) else f"{count} of {len(operations)} operations"
                yield api, Protection(ProtectionKind.AUTHORIZER, f"{by}: {share}")


def _calls(graph: Architecture, maker: Resource) -> Iterator[_Call]:
    for operation in operations_made_by(graph, maker):
        kind = operation.authorization.kind
        if operation.method == "OPTIONS" and operation.integration.kind is IntegrationKind.MOCK:
            # A preflight request carries no identity and reaches nothing.
            continue
        yield _Call(operation.api or operation.source, operation.name, _NAMES.get(kind, ""))


def _by_property(graph: Architecture, resource: Resource) -> list[tuple[str, Mapping[str, bool]]]:
    if resource.type == "AWS::AppSync::GraphQLApi":
        return answers(graph, resource, partial(_default_authorization, resource))
    if resource.type == "AWS::Lambda::Url":
        return answers(graph, resource, partial(_url_authorization, resource))
    keys = graph.declared("AWS::KMS::Key", "AWS::KMS::Alias")
    if keys and any(resource.property_span(str(path[0])) != resource.span for path in _KEY_PATHS):
        return answers(graph, resource, partial(_keys, graph, resource))
    return []


def _default_authorization(api: Resource) -> tuple[str, ...]:
    name = _APPSYNC.get(api.prop("AuthenticationType").literal or "")
    return () if name is None else (f"{name} by default",)


def _url_authorization(url: Resource) -> tuple[str, ...]:
    return ("IAM on the URL",) if url.prop("AuthType").literal == "AWS_IAM" else ()


def _keys(graph: Architecture, resource: Resource) -> Iterator[str]:
    for path in _KEY_PATHS:
        target = graph.target(resource.prop(*path), "AWS::KMS::Key", "AWS::KMS::Alias")
        if isinstance(target, Resource):
            yield f"key {target.name}"
