"""Which AWS services a function calls over their public names, and whether that shows or is only granted."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.iam.execution import execution_role
from validator.graph.network.endpoint_policies import Request
from validator.graph.resource import Resource
from validator.graph.stores.usage import direct_references, environment_of, grants_of
from validator.model import Evidence, Missing
from validator.resolve import ResourceRef

SERVICES = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::S3::Bucket": "s3",
    "AWS::SecretsManager::Secret": "secretsmanager",
    "AWS::SSM::Parameter": "ssm",
    "AWS::SQS::Queue": "sqs",
    "AWS::SNS::Topic": "sns",
    "AWS::Events::EventBus": "events",
    "AWS::StepFunctions::StateMachine": "states",
    "AWS::Kinesis::Stream": "kinesis-streams",
}
"""Types whose identifier in a variable means a call, and the service's name in an endpoint."""

_GRANTED = {"dynamodb:": "dynamodb", "s3:": "s3", "secretsmanager:": "secretsmanager"}
_POLLED = ("dynamodb:getrecords", "dynamodb:getsharditerator", "dynamodb:describestream", "dynamodb:liststreams")
"""What a stream's event source mapping does in the function's name, from Lambda's side."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call to a service. ``is_shown`` is False for one that is granted and not shown to be made."""

    service: str
    because: str
    step: Evidence
    is_shown: bool
    missing: Missing
    requests: tuple[Request, ...] = ()
    """What the function's role is granted at the service."""


def calls_of(graph: Architecture, function: Resource) -> tuple[ServiceCall, ...]:
    """The services that a function calls or may call, one entry each; what shows wins over what is granted."""
    return graph.memo("service-calls", function, lambda: _calls(graph, function))


def _calls(graph: Architecture, function: Resource) -> tuple[ServiceCall, ...]:
    granted = {call.service: call for call in _granted(graph, function)}
    found: dict[str, ServiceCall] = {}
    for call, is_own in _shown(graph, function):
        if is_own or call.service in granted:
            found.setdefault(call.service, call)
    for service, call in granted.items():
        found.setdefault(service, call)
    return tuple(found.values())


def _shown(graph: Architecture, function: Resource) -> Iterator[tuple[ServiceCall, bool]]:
    for name, value, is_own in environment_of(function):
        for reference in direct_references(value):
            resource = graph.resource_of(reference)
            service = _service_of(resource, reference) if resource is not None else None
            if resource is not None and service is not None:
                because = f"variable {name} names {'the secret of ' if _is_secret(reference) else ''}{resource.name}"
                step = function.states(f"has {because}", value.span)
                requests = _requests(graph, function, service)
                call = ServiceCall(service, because, step, True, _unproven(function, service), requests)
                yield call, is_own


def _is_secret(reference: ResourceRef) -> bool:
    """Whether the reference is to the secret that a database keeps (``MasterUserSecret.SecretArn``)."""
    return reference.attribute.endswith("SecretArn")


def _service_of(resource: Resource, reference: ResourceRef) -> str | None:
    return "secretsmanager" if _is_secret(reference) else SERVICES.get(resource.type)


def _granted(graph: Architecture, function: Resource) -> Iterator[ServiceCall]:
    for grant in grants_of(graph, function):
        service = next((name for prefix, name in _GRANTED.items() if grant.action.startswith(prefix)), None)
        if service is not None and grant.action not in _POLLED:
            because = f"its role allows {grant.action}"
            requests = _requests(graph, function, service)
            yield ServiceCall(service, because, grant.step, False, _unproven(function, service), requests)


def _requests(graph: Architecture, function: Resource, service: str) -> tuple[Request, ...]:
    user = execution_role(function, graph)
    prefix = f"{service.removesuffix('-streams')}:"
    return tuple(
        Request(grant.action, grant.resources, user.role if user is not None else None)
        for grant in grants_of(graph, function)
        if grant.action.startswith(prefix) and grant.action not in _POLLED
    )


def _unproven(function: Resource, service: str) -> Missing:
    what = f"whether {function.name} calls {service} is in its code"
    how = f"add an endpoint for {service}, or remove the grant if it is not used"
    return Missing(what, how, f"call:{function.name}:{service}")
