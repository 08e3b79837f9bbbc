"""Certificates of distributions and API domains: where they have to be, and which names they are for.

Follows the CloudFront Developer Guide, *Requirements for using SSL/TLS certificates with CloudFront*, and the API
Gateway Developer Guide, *Custom domain names*: edge locations take certificates from us-east-1 only, Regional
domains those of their own Region. A name is covered by an equal name or by a wildcard for its first label.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis.arns import arn_of, literal_of
from validator.graph.architecture import Architecture, External
from validator.graph.resource import Resource
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Missing, Span
from validator.resolve import Pseudo, Scope, Text, Unknown, Value

CERTIFICATE = "AWS::CertificateManager::Certificate"
EDGE_REGION = "us-east-1"
_WEB_ACL = "AWS::WAFv2::WebACL"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a certificate fits; None when that is not decided. ``statement`` follows the subject's name."""

    holds: bool | None
    statement: str
    span: Span
    missing: Missing | None = None


def stack_region(graph: Architecture, scope: Scope) -> str | None:
    """The Region of a stack: given to the run, asserted by the template's ``Rules``, or forced by what it makes.

    A web ACL of scope CLOUDFRONT can be made in us-east-1 only (AWS WAF Developer Guide).
    """
    given = (scope.environment.pseudo or {}).get("AWS::Region")
    if given is not None:
        return given
    asserted = next(_asserted(scope), None)
    if asserted is not None:
        return asserted
    for acl in graph.declared(_WEB_ACL):
        here = acl.id.stack == scope.name and acl.condition is None
        if here and acl.prop("Scope").literal == "CLOUDFRONT":
            return EDGE_REGION
    return None


def _asserted(scope: Scope) -> Iterator[str]:
    """Regions that a rule without a condition of its own asserts: ``Fn::Equals: [Ref AWS::Region, x]``."""
    for rule in scope.template.rules.values():
        if not isinstance(rule, MapNode) or rule.get("RuleCondition") is not None:
            continue
        assertions = rule.get("Assertions")
        for item in assertions.items if isinstance(assertions, ListNode) else ():
            test = item.get("Assert") if isinstance(item, MapNode) else None
            pair = test.get("Fn::Equals") if isinstance(test, MapNode) else None
            if isinstance(pair, ListNode):
                yield from _region_in(pair)


def _region_in(pair: ListNode) -> Iterator[str]:
    is_region = [_names_region(item) for item in pair.items]
    texts = [item.text for item in pair.items if isinstance(item, ScalarNode)]
    if any(is_region) and len(texts) == 1:
        yield texts[0]


def _names_region(node: Node) -> bool:
    reference = node.get("Ref") if isinstance(node, MapNode) else None
    return isinstance(reference, ScalarNode) and reference.text == "AWS::Region"


def region_fit(graph: Architecture, user: Resource, certificate: Value, *, edge: bool) -> Fit:
    """Whether the certificate is in the Region where its user takes it from."""
    at = certificate.span
    wanted = EDGE_REGION if edge else stack_region(graph, user.scope)
    found = graph.target(certificate, CERTIFICATE)
    if isinstance(found, Resource):
        return _of_resource(graph, user, found, at, edge=edge)
    if isinstance(found, External):
        return _of_arn(graph, user, certificate, found, wanted, edge=edge)
    missing = found.cause if isinstance(found, Unknown) else certificate.missing
    allowed = _allowed_region(user.scope, missing)
    if edge and allowed == EDGE_REGION:
        return Fit(True, f"takes a certificate that a parameter allows in {EDGE_REGION} only", at)
    if isinstance(certificate, Text):
        fit = _of_arn(graph, user, certificate, External(str(certificate)), wanted, edge=edge)
        if fit.holds is not None:
            return fit
    return Fit(None, "has a certificate whose Region is not decided", at, missing)


def _allowed_region(scope: Scope, missing: Missing | None) -> str | None:
    """us-east-1 where the parameter that names the certificate allows no other Region by its pattern."""
    kind, _, name = (missing.key if missing is not None else "").partition(":")
    declared = scope.parameters.get(name) if kind == "parameter" else None
    pattern = declared.allowed_pattern if declared is not None else None
    if not pattern or any(sign in pattern for sign in "()?"):
        return None
    ways = [way for way in pattern.split("|") if way != "^$"]
    return EDGE_REGION if ways and all(":acm:us-east-1:" in way for way in ways) else None


def _of_resource(graph: Architecture, user: Resource, found: Resource, at: Span, *, edge: bool) -> Fit:
    same = found.id.stack == user.id.stack
    region = stack_region(graph, found.scope)
    wanted = EDGE_REGION if edge else stack_region(graph, user.scope)
    if not edge and same:
        return Fit(True, f"takes certificate {found.name} of its own stack", at)
    if region is None or wanted is None:
        what = f"the Region of the stack that makes certificate {found.name} is not known"
        missing = Missing(what, "give the Region of the stack (--region)", f"region:{found.id.stack}")
        return Fit(None, f"takes certificate {found.name}, whose Region is not decided", at, missing)
    if region == wanted:
        return Fit(True, f"takes certificate {found.name} of {region}", at)
    return Fit(False, f"takes certificate {found.name} of {region}, where one of {wanted} is needed", at)


def _of_arn(
    graph: Architecture, user: Resource, value: Value, found: External, wanted: str | None, *, edge: bool
) -> Fit:
    arn = arn_of(value) if isinstance(value, Text) else None
    if arn is None or arn.service_name != "acm":
        missing = value.missing or Missing(f"{found.text} is no ARN of ACM", "write the ARN", f"arn:{value.span}")
        return Fit(None, "has a certificate whose Region is not decided", value.span, missing)
    region = literal_of(arn.region)
    if region is None and arn.region == (Pseudo("AWS::Region"),):
        region = stack_region(graph, user.scope)
        if not edge:
            return Fit(True, "takes a certificate of its own Region", value.span)
    if region is None or wanted is None:
        missing = value.missing or Missing(
            "the Region of the stack is not known", "give it (--region)", f"region:{user.id.stack}"
        )
        return Fit(None, "has a certificate whose Region is not decided", value.span, missing)
    if region == wanted:
        return Fit(True, f"takes a certificate of {region}", value.span)
    return Fit(False, f"takes a certificate of {region}, where one of {wanted} is needed", value.span)


def uncovered_name(
    graph: Architecture, certificate: Value, names: tuple[Value, ...]
) -> tuple[Value, Resource] | None:
    """The first name that a certificate of the run is not for; None when all are, or that is not decided."""
    found = graph.target(certificate, CERTIFICATE)
    if not isinstance(found, Resource):
        return None
    own = [found.prop("DomainName"), *found.prop("SubjectAlternativeNames").items()]
    if any(one.literal is None for one in own):
        return None
    patterns = [(one.literal or "").lower() for one in own]
    for name in names:
        if name.literal is not None and not any(_covers(pattern, name.literal.lower()) for pattern in patterns):
            return name, found
    return None


def _covers(pattern: str, name: str) -> bool:
    """Whether a certificate's name covers a name; a wildcard stands for one label."""
    if pattern == name:
        return True
    return pattern.startswith("*.") and name.partition(".")[2] == pattern[2:]
