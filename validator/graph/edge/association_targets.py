"""What an association names: a resource that takes a web ACL, one that does not, or a thing that is not there."""

from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.arns import arn_of, literal_of
from validator.graph.apis.load_balancers import LOAD_BALANCER, kind_of
from validator.graph.apis.openapi import api_label
from validator.graph.apis.rest import REST_API, STAGE
from validator.graph.apis.stages import stage_of, stages_of
from validator.graph.architecture import Architecture
from validator.graph.edge.arn_matching import names_resource, names_stage
from validator.graph.edge.exposure import COVERABLE
from validator.graph.names import decides_outside
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value


class TargetKind(StrEnum):
    """What stands at the association's far end."""

    RIGHT = "takes a web ACL"
    ELSEWHERE = "is outside the run"
    WRONG = "takes none or is not there"
    UNDECIDED = "is not decided"


@dataclass(frozen=True, slots=True)
class AssociationTarget:
    """What ``ResourceArn`` names; ``statement`` follows *names*."""

    kind: TargetKind
    statement: str
    span: Span
    resource: Resource | None = None
    type: str = ""
    missing: Missing | None = None


def association_target(graph: Architecture, association: Resource) -> AssociationTarget:
    """What an ``AWS::WAFv2::WebACLAssociation`` is associated with."""
    return graph.memo("association-target", association, lambda: _target(graph, association.prop("ResourceArn")))


def _target(graph: Architecture, value: Value) -> AssociationTarget:
    if value.is_absent:
        return AssociationTarget(TargetKind.WRONG, "no resource", value.span)
    if isinstance(value, Unknown):
        if value.cause.key.startswith("name:"):
            return _of_no_name(graph, value, value.cause)
        return AssociationTarget(
            TargetKind.UNDECIDED, "something that an input decides", value.span, missing=value.cause
        )
    if not isinstance(value, Text):
        return AssociationTarget(TargetKind.WRONG, "no text", value.span)
    found = [resource for reference in value.references if (resource := graph.resource_of(reference)) is not None]
    api = next((resource for resource in found if resource.type == REST_API), None)
    if api is not None:
        return _of_rest(graph, value, api)
    for resource in found:
        if resource.refused:
            return _of_refused(value, resource)
        if decides_outside(resource.type):
            what = f"{resource.name} gives the ARN, which the template does not show"
            cause = Missing(what, "review that template as well", f"resource:{resource.name}")
            return AssociationTarget(TargetKind.UNDECIDED, f"what {resource.name} gives", value.span, missing=cause)
        if resource.type in COVERABLE:
            return _of_coverable(graph, value, resource)
        if resource.type == STAGE and value.reference is None:
            return _of_stage(graph, value, resource)
    if found:
        shown = f"{found[0].name}, which takes no web ACL by association ({found[0].type})"
        if found[0].type == STAGE:
            shown = f"the name of stage {found[0].name}, not its ARN"
        return AssociationTarget(TargetKind.WRONG, shown, value.span, found[0], found[0].type)
    if value.missing is not None and value.missing.key.startswith("name:"):
        return _of_no_name(graph, value, value.missing)
    return _outside(value)


def _of_no_name(graph: Architecture, value: Value, cause: Missing) -> AssociationTarget:
    """A name that the template does not hold; SAM may have made it, had it not refused something."""
    refused = next((resource for resource in graph.resources if resource.refused), None)
    if refused is not None:
        return _of_refused(value, refused)
    return AssociationTarget(TargetKind.WRONG, f"a thing that is not there: {cause.what}", value.span)


def _of_refused(value: Value, refused: Resource) -> AssociationTarget:
    """SAM refuses what the ARN names, or may have made what it names: nothing says that it is missing."""
    what = f"SAM cannot expand {refused.name}: {refused.refused}"
    cause = Missing(what, "correct it", f"sam:{refused.name}")
    return AssociationTarget(TargetKind.UNDECIDED, f"what {refused.name} makes", value.span, missing=cause)


def _of_rest(graph: Architecture, value: Text, api: Resource) -> AssociationTarget:
    matches = [(stage, names_stage(graph, value, stage)) for stage in stages_of(graph, api)]
    for stage, match in matches:
        if match.names:
            return AssociationTarget(TargetKind.RIGHT, stage.label, value.span, stage.resource, stage.resource.type)
    undecided = next((match.missing for _, match in matches if match.names is None), None)
    if undecided is not None:
        statement = f"a stage of {api_label(api)} that an input decides"
        return AssociationTarget(TargetKind.UNDECIDED, statement, value.span, missing=undecided)
    arn = arn_of(value)
    shape = [literal_of(segment) for segment in arn.segments()] if arn is not None else []
    if len(shape) == 5 and shape[1] == "restapis" and shape[3] == "stages":
        named = "".join(map(str, arn.segments()[4])) if arn is not None else ""
        if not matches:
            what = f"the stages of {api_label(api)} are not in the run"
            cause = Missing(what, "add the template that has them", f"stages:{api.name}")
            return AssociationTarget(
                TargetKind.UNDECIDED, f"stage {named} of {api_label(api)}", value.span, missing=cause
            )
        there = ", ".join(dict.fromkeys(stage.label.removeprefix("stage ") for stage, _ in matches))
        statement = f"stage {named} of {api_label(api)}, which has {there} only"
        return AssociationTarget(TargetKind.WRONG, statement, value.span, api, api.type)
    statement = f"{value}, which is not the ARN of a stage"
    return AssociationTarget(TargetKind.WRONG, statement, value.span, api, api.type)


def _of_stage(graph: Architecture, value: Text, resource: Resource) -> AssociationTarget:
    """A stage whose API is not in the run: the same input has to name the API in both places."""
    stage = stage_of(graph, resource)
    match = names_stage(graph, value, stage) if stage is not None else None
    if stage is not None and match is not None and match.names is not False:
        kind = TargetKind.RIGHT if match.names else TargetKind.UNDECIDED
        return AssociationTarget(kind, stage.label, value.span, resource, resource.type, match.missing)
    statement = f"{value}, which is not the ARN of stage {resource.name}"
    return AssociationTarget(TargetKind.WRONG, statement, value.span, resource, resource.type)


def _of_coverable(graph: Architecture, value: Text, resource: Resource) -> AssociationTarget:
    if resource.type == LOAD_BALANCER and (kind_of(resource) or "application").lower() != "application":
        statement = f"{resource.name}, a {kind_of(resource)} load balancer, which takes no web ACL"
        return AssociationTarget(TargetKind.WRONG, statement, value.span, resource, resource.type)
    match = names_resource(graph, value, resource)
    if match.names:
        return AssociationTarget(TargetKind.RIGHT, resource.name, value.span, resource, resource.type)
    statement = f"{value}, which is not the ARN of {resource.name}"
    return AssociationTarget(TargetKind.WRONG, statement, value.span, resource, resource.type)


_SERVICES = {
    "apigateway": "AWS::ApiGateway::Stage",
    "elasticloadbalancing": LOAD_BALANCER,
    "appsync": "AWS::AppSync::GraphQLApi",
    "cognito-idp": "AWS::Cognito::UserPool",
    "apprunner": "AWS::AppRunner::Service",
    "ec2": "AWS::EC2::VerifiedAccessInstance",
    "amplify": "AWS::Amplify::App",
    "bedrock-agentcore": "AWS::BedrockAgentCore::Gateway",
}


def _outside(value: Text) -> AssociationTarget:
    arn = arn_of(value)
    if arn is None:
        if value.missing is not None:
            return AssociationTarget(TargetKind.UNDECIDED, "what an input decides", value.span, missing=value.missing)
        what = f"{value} is not an ARN"
        cause = Missing(what, "write the ARN of what is to be protected", f"arn:{value.span}")
        return AssociationTarget(TargetKind.UNDECIDED, str(value), value.span, missing=cause)
    service = arn.service_name
    kind = _SERVICES.get(service or "", "")
    if service is not None and not kind:
        return AssociationTarget(TargetKind.WRONG, f"{value}, a service that takes no association", value.span)
    rest = "".join(map(str, arn.resource))
    if service == "apigateway" and not (rest.startswith("/restapis/") and "/stages/" in rest):
        return AssociationTarget(TargetKind.WRONG, f"{value}, which is not the ARN of a REST stage", value.span)
    if value.missing is not None:
        return AssociationTarget(TargetKind.UNDECIDED, str(value), value.span, None, kind, value.missing)
    return AssociationTarget(TargetKind.ELSEWHERE, f"{value} outside the run", value.span, None, kind)
