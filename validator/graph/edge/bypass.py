"""Can something behind a distribution be called around it?

Follows the CloudFront Developer Guide, *Restrict access* pages, and the API Gateway Developer Guide, *Disabling
the default endpoint*: a disabled default endpoint leaves custom domains open, an address range proves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.domains import default_endpoint, doors_of
from validator.graph.apis.function_urls import URL, grants_on, opening_around, undecided_grant
from validator.graph.apis.http import http_operations
from validator.graph.apis.operation import Operation
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.rest import REST_API, rest_operations
from validator.graph.apis.stages import stages_of
from validator.graph.architecture import Architecture, External
from validator.graph.edge.coverage import Protection, stage_protection
from validator.graph.edge.distributions import ACCESS_CONTROL, Origin, fronts_of
from validator.graph.edge.web_acl_content import demands_header
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Unknown


class Way(StrEnum):
    """Whether there is a way around the distribution."""

    NOT_BEHIND = "stands behind no distribution"
    CLOSED = "answers only what comes through the distribution"
    OPEN = "can be called around the distribution"
    UNDECIDED = "may be called around the distribution"


@dataclass(frozen=True, slots=True)
class Approach:
    """How the Internet comes to something. ``statement`` says what closes the way around, or leaves it open."""

    way: Way
    statement: str
    fronts: tuple[Origin, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: Missing | None = None


def approach(graph: Architecture, subject: Resource) -> Approach:
    """How the Internet comes to an API or a function URL: through a distribution, or around it."""

    def compute() -> Approach:
        fronts = fronts_of(graph, subject)
        if not fronts:
            added = may_be_added(subject, "a distribution")
            way = Way.NOT_BEHIND if added is None else Way.UNDECIDED
            return Approach(way, "no distribution of the run leads to it", missing=added)
        steps = tuple(front.distribution.states(f"leads to {subject.name}", front.span) for front in fronts)
        if subject.type in ("AWS::Lambda::Url", "AWS::Lambda::WebFunctionEndpoint"):
            return _to_function(graph, subject, fronts, steps)
        return _to_api(graph, subject, fronts, steps)

    return graph.memo("approach", subject, compute)


def _to_function(
    graph: Architecture, subject: Resource, fronts: tuple[Origin, ...], steps: tuple[Evidence, ...]
) -> Approach:
    auth = subject.prop("AuthType")
    if auth.missing is not None:
        return Approach(Way.UNDECIDED, "its AuthType is not decided", fronts, steps, auth.missing)
    if subject.type != URL or auth.literal != "AWS_IAM":
        open_step = subject.states(f"has AuthType {auth.literal or 'none'}", auth.span)
        return Approach(Way.OPEN, "its own URL answers everyone", fronts, (*steps, open_step))
    for front in fronts:
        value = front.value.get("OriginAccessControlId")
        control = graph.target(value, ACCESS_CONTROL)
        if isinstance(control, Unknown):
            return Approach(Way.UNDECIDED, "its origin access control is not decided", fronts, steps, control.cause)
        if isinstance(control, External):
            cause = Missing(f"origin access control {control.text} is not in the run", "add it", "access-control")
            return Approach(Way.UNDECIDED, "its origin access control is not in the run", fronts, steps, cause)
        if control is None or not _signs_for_lambda(control):
            return Approach(Way.OPEN, "the distribution signs nothing for it", fronts, steps)
    grants = grants_on(graph, subject)
    url, invoke = opening_around(grants, "InvokeFunctionUrl"), opening_around(grants, "InvokeFunction")
    if url is not None and invoke is not None:
        anyone = "everyone with AWS credentials" if url.to_everyone else "any distribution, whoever owns it,"
        open_step = url.resource.states(f"lets {anyone} invoke the URL", url.span)
        return Approach(Way.OPEN, f"its URL answers {anyone.rstrip(',')}", fronts, (*steps, open_step))
    missing = undecided_grant(grants)
    if missing is not None:
        return Approach(Way.UNDECIDED, "whom its permissions let in is not decided", fronts, steps, missing)
    return Approach(Way.CLOSED, "an origin access control signs the requests", fronts, steps)


def _signs_for_lambda(control: Resource) -> bool:
    """A control that never signs, or signs for another kind of origin, signs nothing for a function URL."""
    config = control.prop("OriginAccessControlConfig")
    kind = config.get("OriginAccessControlOriginType")
    return config.get("SigningBehavior").literal != "never" and kind.literal in (None, "lambda")


def _to_api(graph: Architecture, api: Resource, fronts: tuple[Origin, ...], steps: tuple[Evidence, ...]) -> Approach:
    endpoint, doors = default_endpoint(api), doors_of(graph, api)
    certificates = all(front.demands_certificate for front in fronts)
    open_doors = [door for door in doors if not (door.mutual_tls and certificates) and not door.is_private]
    if endpoint.disabled and not open_doors:
        closing = "its default endpoint is disabled, and no public domain leads to it"
        if doors:
            closing = "its default endpoint is disabled, and its domains demand a client certificate"
        return Approach(Way.CLOSED, closing, fronts, (*steps, api.states("disables its endpoint", endpoint.span)))
    proof = _proof_of_origin(graph, api, fronts, steps)
    if proof is not None:
        return proof
    if endpoint.disabled is None and not open_doors:
        return Approach(Way.UNDECIDED, "its default endpoint is not decided", fronts, steps, endpoint.missing)
    if endpoint.disabled is False:
        return Approach(
            Way.OPEN,
            "its default endpoint answers everyone",
            fronts,
            (*steps, api.states("has its default endpoint enabled", endpoint.span)),
        )
    door = open_doors[0]
    name = door.domain.name if door.domain is not None else door.mapping.name
    step = door.mapping.states(f"maps public domain {name} to {api.name}", door.span)
    return Approach(Way.OPEN, f"its custom domain {name} answers everyone", fronts, (*steps, step))


def _proof_of_origin(
    graph: Architecture, api: Resource, fronts: tuple[Origin, ...], steps: tuple[Evidence, ...]
) -> Approach | None:
    """A secret that only the distribution knows: matched by the stage's web ACL, a key, or an authorizer."""
    headers = set.intersection(*(set(front.custom_headers) for front in fronts))
    if not headers:
        return None
    if api.type == REST_API and (checked := _by_web_acl(graph, api, headers)) is not None:
        return Approach(checked.way, checked.statement, fronts, steps, checked.missing)
    operations = _operations(graph, api)
    if "x-api-key" in headers and operations and all(operation.authorization.api_key for operation in operations):
        return Approach(Way.CLOSED, "every method demands the key that the distribution sends", fronts, steps)
    if operations and all(operation.authorization.kind is AuthorizationKind.LAMBDA for operation in operations):
        what = f"whether the Lambda authorizer of {api.name} checks header {min(headers)} stands in its code"
        cause = Missing(what, "suppress the finding with that reason if it does", f"authorizer:{api.name}")
        return Approach(Way.UNDECIDED, "a Lambda authorizer may check where calls come from", fronts, steps, cause)
    return None


def _by_web_acl(graph: Architecture, api: Resource, headers: set[str]) -> Approach | None:
    """Whether the web ACL of every stage demands a header that the distribution sends; None when none does."""
    protections = [(stage, stage_protection(graph, stage)) for stage in stages_of(graph, api)]
    proofs = {stage.label: _demands(protection, headers) for stage, protection in protections}
    if not any(proof is not False for proof in proofs.values()):
        return None
    bare = next((label for label, proof in proofs.items() if proof is False), None)
    if bare is not None:
        return Approach(Way.OPEN, f"its {bare} has no web ACL that demands the header")
    if all(proofs.values()):
        return Approach(Way.CLOSED, "the stage's web ACL demands a header that the distribution sends")
    what = f"whether the web ACL of {api.name} demands header {min(headers)} is not in the run"
    cause = Missing(what, "add the template that has the web ACL", f"web-acl:{api.name}")
    return Approach(Way.UNDECIDED, "its web ACL may demand a header that the distribution sends", missing=cause)


def _demands(protection: Protection, headers: set[str]) -> bool | None:
    """Whether the stage's web ACL demands one of the headers; None when the ACL or the cover is not shown."""
    if protection.covered is False:
        return False
    return demands_header(protection.acl, headers) if protection.acl is not None else None


def _operations(graph: Architecture, api: Resource) -> Sequence[Operation]:
    found = rest_operations(graph, api) if api.type == REST_API else http_operations(graph, api)
    return [operation for operation in found if operation.method != "OPTIONS"]


def all_authorize(graph: Architecture, api: Resource) -> bool:
    """Whether every operation of the API tells its callers apart by itself."""
    operations = _operations(graph, api)
    return bool(operations) and all(operation.authorization.kind.identifies for operation in operations)
