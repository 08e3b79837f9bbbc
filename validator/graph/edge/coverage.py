"""Which web ACL covers a resource: associations, Firewall Manager, custom resources.

Follows the AWS WAF Developer Guide, *Resources that you can protect with AWS WAF*.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.stages import Stage, stages_of
from validator.graph.architecture import Architecture
from validator.graph.edge.acl_references import WEB_ACL, AclKind, AclReference, acl_reference
from validator.graph.edge.arn_matching import Match, names_resource, names_stage
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Value

ASSOCIATION = "AWS::WAFv2::WebACLAssociation"
CLASSIC_ASSOCIATION = "AWS::WAFRegional::WebACLAssociation"
FIREWALL_POLICY = "AWS::FMS::Policy"
_NESTED = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether a web ACL covers something; None when it is not decided.

    ``statement`` completes "is covered by …" or says why not. ``flaws`` are associations that look as if they
    covered it and do not.
    """

    covered: bool | None
    statement: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    flaws: tuple[Evidence, ...] = ()
    acl: Resource | None = None


def stage_protection(graph: Architecture, stage: Stage) -> Protection:
    """Which web ACL covers a REST stage."""

    def compute() -> Protection:
        near = (stage.resource, *([stage.api] if stage.api is not None else []))
        return _protection(graph, "AWS::ApiGateway::Stage", near, lambda value: _match_of_stage(graph, value, stage))

    return graph.memo("stage-protection", stage.resource, compute)


def _match_of_stage(graph: Architecture, value: Value, stage: Stage) -> Match:
    """An ARN that names another stage of the API for certain does not name this one, whatever inputs say."""
    found = names_stage(graph, value, stage)
    if found.names or stage.api is None:
        return found
    others = (other for other in stages_of(graph, stage.api) if other.resource != stage.resource)
    if any(names_stage(graph, value, other).names for other in others):
        return Match(False)
    return found


def resource_protection(graph: Architecture, resource: Resource) -> Protection:
    """Which web ACL covers a load balancer, a GraphQL API, a user pool or the like."""

    def compute() -> Protection:
        return _protection(graph, resource.type, (resource,), lambda value: names_resource(graph, value, resource))

    return graph.memo("resource-protection", resource, compute)


def scope_for(resource_type: str) -> str:
    """The scope a web ACL needs to protect something of the type."""
    return "CLOUDFRONT" if resource_type in ("AWS::Amplify::App", "AWS::CloudFront::Distribution") else "REGIONAL"


def _protection(
    graph: Architecture, kind: str, near: tuple[Resource, ...], match: Callable[[Value], Match]
) -> Protection:
    missing: list[Missing] = []
    flaws: list[Evidence] = []
    for association in graph.declared(ASSOCIATION):
        value = association.prop("ResourceArn")
        found = match(value)
        if found.names is False and not found.flaw:
            continue
        if not association.exists():
            continue
        if found.names is False:
            flaws.append(association.states(found.flaw, value.span))
            continue
        named = acl_reference(graph, association.prop("WebACLArn"))
        if named.kind is AclKind.UNDECIDED:
            missing.extend(filter(None, (named.missing,)))
        elif not named.covers(scope_for(kind)):
            flaws.append(association.states(_why_not(named, kind), named.span))
        elif found.names is None:
            missing.extend(filter(None, (found.missing,)))
        else:
            return _covered(association, value, named)
    flaws.extend(_classic(graph, near))
    return _otherwise(graph, kind, near, missing, tuple(flaws))


def _covered(association: Resource, value: Value, named: AclReference) -> Protection:
    steps = (
        association.states("associates it", value.span),
        association.states(f"names {named.statement}", named.span),
    )
    return Protection(True, f"{named.statement} through {association.name}", steps, acl=named.acl)


def _why_not(named: AclReference, kind: str) -> str:
    if named.kind is AclKind.WRONG:
        return f"names {named.statement}"
    if named.kind is AclKind.NONE:
        return "names no web ACL"
    return f"names a web ACL of scope {named.scope}, where {scope_for(kind)} is needed"


def _classic(graph: Architecture, near: tuple[Resource, ...]) -> Iterator[Evidence]:
    for resource in near:
        for association in graph.referrers(resource, CLASSIC_ASSOCIATION):
            yield association.states("is of AWS WAF Classic, which ended on 2025-09-30")


def _otherwise(
    graph: Architecture,
    kind: str,
    near: tuple[Resource, ...],
    missing: list[Missing],
    flaws: tuple[Evidence, ...],
) -> Protection:
    managed = firewall_manager(graph, kind)
    if managed is not None and managed.covered:
        return managed
    if managed is not None:
        missing.extend(managed.missing)
    custom = _custom_resource(graph, near)
    if custom is not None:
        what = f"custom resource {custom.name} receives it and a web ACL, and may associate them"
        missing.append(Missing(what, f"use an {ASSOCIATION}", f"resource:{custom.name}"))
    nested = _nested_stack(graph, near)
    if nested is not None:
        what = f"nested stack {nested.name} receives it and may associate a web ACL"
        missing.append(Missing(what, "review its template as well", f"resource:{nested.name}"))
    missing.extend(filter(None, (may_be_added(near[0], "an association"),)))
    if missing:
        return Protection(None, "whether a web ACL covers it is not decided", (), tuple(missing), flaws)
    return Protection(False, "no association names it", (), (), flaws)


def firewall_manager(graph: Architecture, kind: str) -> Protection | None:
    """What a Firewall Manager policy of the run does for resources of the type."""
    for policy in graph.existing(FIREWALL_POLICY):
        if policy.prop("SecurityServicePolicyData", "Type").literal != "WAFV2":
            continue
        types = [policy.prop("ResourceType").literal, *(t.literal for t in policy.prop("ResourceTypeList").items())]
        if kind not in types:
            continue
        tagged = not policy.prop("ResourceTags").is_absent
        if policy.prop("RemediationEnabled").boolean() and not tagged:
            step = policy.states(f"puts a web ACL of Firewall Manager on every {kind}")
            return Protection(True, f"Firewall Manager policy {policy.name}", (step,))
        what = f"Firewall Manager policy {policy.name} covers some resources of the type only"
        cause = Missing(what, "set RemediationEnabled without ResourceTags", f"resource:{policy.name}")
        return Protection(None, "", (), (cause,))
    return None


def _custom_resource(graph: Architecture, near: tuple[Resource, ...]) -> Resource | None:
    """A custom resource that receives what is to be covered and a web ACL: what it does with them is not shown."""
    acls = graph.declared(WEB_ACL)
    types = {resource.type for resource in graph.resources if _is_custom(resource)}
    for resource in near if types else ():
        for other in graph.referrers(resource, *types):
            if any(graph.mentions(other, acl) for acl in acls) or any(
                "acl" in key.lower() for key, _ in other.prop().entries()
            ):
                return other
    return None


def _nested_stack(graph: Architecture, near: tuple[Resource, ...]) -> Resource | None:
    """A nested stack outside the run that receives what is to be covered."""
    return next((stack for resource in near for stack in graph.referrers(resource, *_NESTED)), None)


def _is_custom(resource: Resource) -> bool:
    return resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource"
