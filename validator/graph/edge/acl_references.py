"""Which web ACL a value names, and whether it can: by attribute, by ARN, through an import.

Follows the AWS WAF Developer Guide: only a version 2 ARN associates. ``Ref`` of an
``AWS::WAFv2::WebACL`` is ``name|id|scope``; AWS WAF Classic ended on 30 September 2025.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.arns import arn_of, literal_of
from validator.graph.architecture import Architecture
from validator.graph.names import decides_outside
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

WEB_ACL = "AWS::WAFv2::WebACL"
_CLASSIC = ("AWS::WAF::WebACL", "AWS::WAFRegional::WebACL")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class AclKind(StrEnum):
    """What a value says of the web ACL it names."""

    HERE = "in the run"
    ELSEWHERE = "defined elsewhere"
    WRONG = "no web ACL"
    UNDECIDED = "not decided"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AclReference:
    """The web ACL that a value names. ``statement`` follows *names*; ``scope`` is None when it is not shown."""

    kind: AclKind
    statement: str
    span: Span
    acl: Resource | None = None
    scope: str | None = None
    missing: Missing | None = None

    def covers(self, scope: str) -> bool:
        """Whether the ACL can protect something of this scope."""
        return self.kind in (AclKind.HERE, AclKind.ELSEWHERE) and self.scope in (None, scope)


def acl_reference(graph: Architecture, value: Value) -> AclReference:
    """What ``WebACLArn`` or ``WebACLId`` names."""
    if value.is_absent or value.literal == "":
        return AclReference(AclKind.NONE, "no web ACL", value.span)
    if isinstance(value, Unknown):
        return _of_unknown(value)
    if not isinstance(value, Text):
        return _undecided(value, f"the web ACL at {value.span} is not a text")
    reference = value.reference
    if reference is not None:
        resource = graph.resource_of(reference)
        return _of_resource(resource, reference.attribute, value) if resource else _undecided(value, "it is unknown")
    arn = arn_of(value)
    if arn is not None and arn.service_name == "wafv2":
        kind = literal_of(arn.segments()[1]) if len(arn.segments()) > 1 else None
        if kind not in (None, "webacl"):
            return AclReference(AclKind.WRONG, f"a {kind}, not a web ACL", value.span)
        scope = {"global": "CLOUDFRONT", "regional": "REGIONAL"}.get(literal_of(arn.segments()[0]) or "")
        found = graph.target(value, WEB_ACL)
        acl = found if isinstance(found, Resource) else None
        return AclReference(
            AclKind.HERE if acl else AclKind.ELSEWHERE,
            f"web ACL {acl.name if acl else value}",
            value.span,
            acl,
            scope,
        )
    if arn is not None and arn.service_name in ("waf", "waf-regional"):
        return _classic(value)
    if value.literal is not None and _UUID.fullmatch(value.literal):
        return _classic(value)
    if value.missing is not None:
        return AclReference(
            AclKind.ELSEWHERE, "a web ACL that is defined elsewhere", value.span, missing=value.missing
        )
    return _undecided(value, f"{value} is not the ARN of a web ACL")


def _of_unknown(value: Unknown) -> AclReference:
    if value.cause.key.startswith("name:"):
        return AclReference(AclKind.WRONG, f"a thing that is not there: {value.cause.what}", value.span)
    if "" in value.candidates:
        return AclReference(AclKind.UNDECIDED, "a web ACL or none", value.span, missing=value.cause)
    statement = "a web ACL that is defined elsewhere"
    return AclReference(AclKind.ELSEWHERE, statement, value.span, missing=value.cause)


def _of_resource(resource: Resource, attribute: str, value: Text) -> AclReference:
    if resource.type == WEB_ACL:
        if attribute == "Arn":
            scope = resource.prop("Scope").literal
            return AclReference(AclKind.HERE, f"web ACL {resource.name}", value.span, resource, scope)
        shown = f"{attribute} of {resource.name}" if attribute else f"Ref of {resource.name} (name|id|scope)"
        return AclReference(AclKind.WRONG, f"{shown}, which is not its ARN", value.span, resource)
    if resource.type in _CLASSIC:
        return _classic(value)
    if decides_outside(resource.type) or resource.type in ("AWS::SSM::Parameter", "AWS::CloudFormation::Stack"):
        return AclReference(AclKind.ELSEWHERE, f"a web ACL that {resource.name} gives", value.span)
    return AclReference(AclKind.WRONG, f"{resource.name}, which is no web ACL ({resource.type})", value.span)


def _classic(value: Value) -> AclReference:
    return AclReference(AclKind.WRONG, "a web ACL of AWS WAF Classic, which ended on 2025-09-30", value.span)


def _undecided(value: Value, what: str) -> AclReference:
    cause = value.missing or Missing(what, "name the web ACL by Fn::GetAtt Arn", f"web-acl:{value.span}")
    return AclReference(AclKind.UNDECIDED, "a web ACL that cannot be read", value.span, missing=cause)
