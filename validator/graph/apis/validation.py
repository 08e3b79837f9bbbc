"""What a REST API checks of a request before it passes it on.

Follows the API Gateway Developer Guide, *Request validation for REST APIs in API Gateway*: a validator checks a
body only where a model is given for it, and parameters only where they are marked as required.
"""

from dataclasses import dataclass

from validator.graph.apis import rest
from validator.graph.apis.openapi import ANY_METHOD
from validator.graph.apis.operation import ANY, Operation
from validator.graph.architecture import Architecture, External
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Unknown, Value

VALIDATOR = "AWS::ApiGateway::RequestValidator"
_NAME = "x-amazon-apigateway-request-validator"
_ALL = "x-amazon-apigateway-request-validators"


@dataclass(frozen=True, slots=True)
class BodyCheck:
    """Whether the body of a request is checked; None when that is not decided. ``statement`` says how or why not."""

    holds: bool | None
    statement: str
    span: Span
    missing: Missing | None = None


def body_check(graph: Architecture, operation: Operation) -> BodyCheck:
    """Whether API Gateway checks the body of the operation's requests against a model."""
    source = operation.source
    if source.type == rest.METHOD:
        return _of_method(graph, source)
    if operation.api is None:
        return BodyCheck(False, "has no validator", operation.span)
    return _of_body(operation.api, operation)


def _of_method(graph: Architecture, method: Resource) -> BodyCheck:
    named = method.prop("RequestValidatorId")
    if named.is_absent:
        return BodyCheck(False, "has no RequestValidatorId", method.span)
    found = graph.target(named, VALIDATOR)
    if not isinstance(found, Resource):
        missing = found.cause if isinstance(found, Unknown) else _unseen(found, named)
        return BodyCheck(None, "has a validator outside the run", named.span, missing)
    return _checked(found.prop("ValidateRequestBody"), method.prop("RequestModels"), named.span, found.name)


def _unseen(found: External | None, named: Value) -> Missing:
    what = f"validator {found.text if found is not None else named} is not in the run"
    return Missing(what, "add the template that holds it", f"validator:{named.span}")


def _of_body(api: Resource, operation: Operation) -> BodyCheck:
    body = api.prop("Body")
    verb = ANY_METHOD if operation.method == ANY else operation.method.lower()
    written = body.get("paths", operation.path, verb)
    named = written.get(_NAME)
    if named.is_absent:
        named = body.get(_NAME)
    if named.is_absent:
        return BodyCheck(False, f"has no {_NAME}", operation.span)
    if named.literal is None:
        return BodyCheck(None, "has a validator that is not decided", named.span, named.missing)
    validator = body.get(_ALL, named.literal)
    if validator.is_absent:
        return BodyCheck(False, f"names validator {named.literal}, which is not defined", named.span)
    return _checked(validator.get("validateRequestBody"), _model(written), named.span, named.literal)


def _model(operation: Value) -> Value:
    """The model of the body: ``requestBody`` of OpenAPI 3, the body parameter of version 2."""
    content = operation.get("requestBody")
    if not content.is_absent:
        return content
    parameters = (one for one in operation.get("parameters").items() if one.get("in").literal == "body")
    return next(parameters, content)


def _checked(switch: Value, model: Value, span: Span, name: str) -> BodyCheck:
    if switch.missing is not None:
        return BodyCheck(None, f"has validator {name}, which an input switches", span, switch.missing)
    if not switch.boolean():
        return BodyCheck(False, f"has validator {name}, which does not check bodies", span)
    if model.missing is not None:
        return BodyCheck(None, f"has validator {name} and models that are not decided", span, model.missing)
    if model.is_absent:
        return BodyCheck(False, f"has validator {name} and no model of the body to check by", span)
    return BodyCheck(True, f"has validator {name} and a model of the body", span)
