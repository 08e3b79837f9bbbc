"""Does an ARN in the template name this stage, this load balancer, this user pool? Compared part by part.

Follows the AWS WAF API reference, *AssociateWebACL*: the ARN formats of the resources that a web ACL takes.
"""

from dataclasses import dataclass
from typing import Final

from validator.graph.apis.arns import Arn, arn_of, literal_of
from validator.graph.apis.rest import STAGE
from validator.graph.apis.stages import Stage
from validator.graph.architecture import Architecture
from validator.graph.names import decides_outside
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Hole, Part, ResourceRef, Text, Unknown, Value


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a value names a resource; None when an input decides (``missing``). ``flaw`` says why it does not."""

    names: bool | None
    missing: Missing | None = None
    flaw: str = ""


_YES, _NO = Match(True), Match(False)

_ARN_OF: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elasticloadbalancing", ("", "LoadBalancerArn"), "Name"),
    "AWS::AppSync::GraphQLApi": ("appsync", ("", "Arn"), ""),
    "AWS::AppSync::Api": ("appsync", ("", "ApiArn"), ""),
    "AWS::Cognito::UserPool": ("cognito-idp", ("Arn",), ""),
    "AWS::AppRunner::Service": ("apprunner", ("", "ServiceArn"), "ServiceName"),
    "AWS::EC2::VerifiedAccessInstance": ("ec2", (), ""),
    "AWS::Amplify::App": ("amplify", ("", "Arn"), ""),
    "AWS::BedrockAgentCore::Gateway": ("bedrock-agentcore", ("", "GatewayArn"), "Name"),
}
"""Type → service in its ARN, attributes that are the ARN (empty: ``Ref``), property with its name."""


def names_resource(graph: Architecture, value: Value, resource: Resource) -> Match:
    """Whether the value is the ARN of a resource that is associated as a whole."""
    open_input = _open_input(graph, value)
    if open_input is not None:
        return Match(None, open_input)
    if not isinstance(value, Text):
        return _NO
    service, attributes, named = _ARN_OF[resource.type]
    reference = value.reference
    if reference is not None:
        if graph.resource_of(reference) != resource:
            return _NO
        if reference.attribute in attributes:
            return _YES
        return Match(False, flaw=f"names {reference}, which is not its ARN")
    arn = arn_of(value)
    if arn is None or (arn.service_name or service) != service:
        return _NO
    if any(isinstance(p, ResourceRef) and graph.resource_of(p) == resource for p in arn.resource):
        return _YES
    hole = _hole(arn.resource)
    if hole is not None:
        return Match(None, hole)
    return _by_name(arn, resource, named)


def _by_name(arn: Arn, resource: Resource, named: str) -> Match:
    """A literal ARN with the resource's own name may be that resource of an earlier deployment."""
    name = resource.prop(named).literal if named else None
    if name is not None and any(literal_of(segment) == name for segment in arn.segments()):
        what = f"a written-out ARN holds the name of {resource.name}; whether it is that resource is not shown"
        return Match(None, Missing(what, f"refer to {resource.name} instead", f"arn:{resource.name}"))
    return _NO


def names_stage(graph: Architecture, value: Value, stage: Stage) -> Match:
    """Whether the value is the ARN of a REST stage: ``arn:P:apigateway:REGION::/restapis/ID/stages/NAME``."""
    open_input = _open_input(graph, value)
    if open_input is not None:
        return Match(None, open_input)
    if not isinstance(value, Text):
        return _NO
    arn = arn_of(value)
    if arn is None:
        return (
            Match(False, flaw=f"names {value}, which is not the ARN of a stage") if _mentions(value, stage) else _NO
        )
    api, name = _stage_fields(arn)
    if api is None or name is None:
        return (
            Match(False, flaw=f"names {value}, which is not the ARN of a stage") if _mentions(value, stage) else _NO
        )
    return _compared(graph, api, name, stage, value)


def _stage_fields(arn: Arn) -> tuple[tuple[Part, ...] | None, tuple[Part, ...] | None]:
    """The API's ID and the stage's name in ``/restapis/ID/stages/NAME``."""
    segments = arn.segments()
    shape = [literal_of(segment) for segment in segments]
    fits = len(shape) == 5 and shape[0] == "" and shape[1] == "restapis" and shape[3] == "stages"
    if arn.service_name != "apigateway" or arn.account or not fits:
        return None, None
    return segments[2], segments[4]


def _compared(graph: Architecture, api: tuple[Part, ...], name: tuple[Part, ...], stage: Stage, value: Text) -> Match:
    same_api = _same_api(graph, api, stage)
    same_name = _same_name(graph, name, stage)
    if same_api is False or same_name is False:
        flaw = ""
        if same_api and same_name is False:
            flaw = f"names stage {''.join(map(str, name))}, not {stage.label}"
        return Match(False, flaw=flaw)
    if same_api and same_name:
        return _YES
    missing = _hole(api) or _hole(name) or stage.name.missing
    what = f"{value} may be {stage.label} of {stage.resource.name}; the template does not show it"
    return Match(None, missing or Missing(what, "refer to the API and its stage", f"arn:{stage.resource.name}"))


def _same_api(graph: Architecture, part: tuple[Part, ...], stage: Stage) -> bool | None:
    if len(part) == 1 and isinstance(part[0], ResourceRef):
        if stage.api is None:
            written = stage.resource.prop("RestApiId")
            return isinstance(written, Text) and written.parts == part
        return graph.resource_of(part[0]) == stage.api and part[0].attribute in ("", "RestApiId")
    if stage.api is None:
        written = stage.resource.prop("RestApiId")
        parts = (Hole(written.cause),) if isinstance(written, Unknown) else getattr(written, "parts", ())
        if parts == part:
            return True
    return None


def _same_name(graph: Architecture, part: tuple[Part, ...], stage: Stage) -> bool | None:
    parts = (Hole(stage.name.cause),) if isinstance(stage.name, Unknown) else stage.name_parts
    if parts == part and parts:
        return True
    if len(part) == 1 and isinstance(part[0], ResourceRef):
        named = graph.resource_of(part[0])
        if named is None or named.type != STAGE:
            return None if named is not None and decides_outside(named.type) else False
        if named == stage.resource:
            return part[0].attribute in ("", "StageName")
        other = named.prop("StageName")
        return isinstance(other, Text) and other.parts == parts and other.literal is not None
    written, own = literal_of(part), literal_of(parts)
    return None if written is None or own is None or not parts else written == own


def _mentions(value: Text, stage: Stage) -> bool:
    wanted = {stage.resource.id.logical_id} | ({stage.api.id.logical_id} if stage.api is not None else set())
    return any(reference.logical_id in wanted for reference in value.references)


def _open_input(graph: Architecture, value: Value) -> Missing | None:
    """The input that decides the whole value: a parameter, an import, a nested stack."""
    if isinstance(value, Unknown):
        return None if value.cause.key.startswith("name:") else value.cause
    if isinstance(value, Text):
        if value.parts and isinstance(value.parts[0], Hole):
            return value.parts[0].missing
        reference = value.reference
        resource = graph.resource_of(reference) if reference is not None else None
        if resource is not None and decides_outside(resource.type):
            what = f"{resource.name} gives the ARN, which the template does not show"
            return Missing(what, "review that template as well", f"resource:{resource.name}")
    return None


def _hole(parts: tuple[Part, ...]) -> Missing | None:
    return next((part.missing for part in parts if isinstance(part, Hole)), None)
