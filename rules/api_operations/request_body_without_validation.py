"""API010: request bodies that the API passes on unchecked."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.integration import IntegrationKind
from validator.graph.apis.openapi import is_implicit
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import operations_made_by
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.validation import body_check
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_WITH_BODY: Final = ("POST", "PUT", "PATCH")
_PASSED_ON: Final = (
    IntegrationKind.FUNCTION,
    IntegrationKind.SERVICE,
    IntegrationKind.HTTP,
    IntegrationKind.PRIVATE,
)
_TEMPLATE = """\
Parameters:
  Shared: {Type: String}
Resources:
  Order:
    Type: AWS::ApiGateway::Model
    Properties: {RestApiId: !ImportValue api, ContentType: application/json, Schema: {type: object}}
  Bodies:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {RestApiId: !ImportValue api, ValidateRequestBody: true}
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !ImportValue api
      ResourceId: !ImportValue tickets
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      RequestValidatorId: VALIDATOR
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: POST, Uri: https://shop.example.com}
"""


class RequestBodyWithoutValidation(Rule):
    """A REST method that takes a body and passes it on unchecked.

    ## What it proves
    Each `POST`, `PUT` and `PATCH` of a REST API that passes requests on has a validator that checks bodies, and a
    model to check them by. A validator without a model checks nothing.

    ## Why it matters
    What is malformed is refused by API Gateway, before code runs and before it costs anything. Behind an integration
    with an AWS service there is no code that could check.

    ## How to fix
    Set `RequestValidatorId` and `RequestModels` on the method; in a SAM event `RequestModel` with
    `ValidateBody: true`; in OpenAPI `x-amazon-apigateway-request-validator` and a `requestBody` schema.

    ## What it cannot see
    Whether the code validates. Methods `ANY` are not judged, since one model seldom fits all verbs. HTTP APIs,
    function URLs and queues have no validator of their own.

    ## References
    API Gateway Developer Guide: *Request validation for REST APIs in API Gateway*; Serverless Lens, SEC 3.
    """

    meta = RuleMeta(
        id="API010",
        title="A request body is passed on unchecked",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Malformed input reaches code, or a service behind which no code checks it.",
        subjects=(rest.REST_API, rest.METHOD),
        lens=("SEC3.a5",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a validator without a model",
            _TEMPLATE.replace("VALIDATOR", "!Ref Bodies  # <- finding"),
            resource="Sell",
        ),
        Example.passes(
            "a validator and a model",
            _TEMPLATE.replace("VALIDATOR", "!Ref Bodies\n      RequestModels: {application/json: !Ref Order}"),
            resource="Sell",
        ),
        Example.unknown(
            "the validator is outside the run",
            _TEMPLATE.replace("VALIDATOR", "!Ref Shared  # <- finding"),
            resource="Sell",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each operation that takes a body."""
        for operation in operations_made_by(graph, subject):
            if operation.method in _WITH_BODY and operation.integration.kind in _PASSED_ON:
                yield self._operation(operation, graph)

    def _operation(self, operation: Operation, graph: Architecture) -> Judgement:
        source, check = operation.source, body_check(graph, operation)
        label, target = f"{source.name} {operation.name}", operation.name
        step = source.states(f"{operation.name} {check.statement}", check.span)
        if check.holds:
            message = f"{label} {check.statement}"
            return self.passes(source, message, evidence=(step,), at=check.span, target=target)
        missing = check.missing or (may_be_added(source, "a validator") if check.holds is False else None)
        if missing is not None or check.holds is None:
            causes = () if missing is None else (missing,)
            message = f"{label} is not decided: {missing.what if missing else check.statement}"
            return self.unknown(source, message, missing=causes, evidence=(step,), at=check.span, target=target)
        behind = operation.integration.kind.value
        message = f"{label} passes bodies on to {behind} unchecked: it {check.statement}"
        return self.fails(source, message, evidence=(step,), fix=_fix(operation), at=check.span, target=target)


def _fix(operation: Operation) -> str:
    source = operation.source
    if operation.event:
        model = "RequestModel: {Model: Order, ValidateBody: true}"
        if operation.api is not None and is_implicit(operation.api):
            return (
                f"set RestApiId of event {operation.event} to an AWS::Serverless::Api with Models, and RequestModel "
                f"({model})"
            )
        return f"set RequestModel on event {operation.event} and Models on the API ({model})"
    if source.type == rest.METHOD:
        snippet = "RequestValidatorId: !Ref Bodies, RequestModels: {application/json: !Ref Order}"
        return f"set RequestValidatorId and RequestModels on {source.name} ({snippet})"
    return (
        f"set x-amazon-apigateway-request-validator on {operation.name} to a validator with validateRequestBody, and "
        "give it a requestBody schema"
    )
