"""TIER004: an API that talks to a store without code between."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.integration import Integration, IntegrationKind
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import operations_made_by
from validator.graph.apis.stores import DATA_SOURCE, STORE_SOURCES, is_store_service, resolvers_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_READING = ("GET", "HEAD")


class StoreBehindApiWithoutCode(Rule):
    """An API whose methods or resolvers reach a data store directly.

    ## What it proves
    No service integration of an API Gateway method leads to a data store (DynamoDB, Timestream, the RDS Data
    API and the like), and no AppSync resolver does. Reading objects from S3 passes, as the white paper allows
    it for static content; queues, streams, buses and state machines pass, since they are logic.

    ## Why it matters
    With the logic tier left out, nothing but a mapping template validates what is written, and the API's shape
    is the table's shape.

    ## How to fix
    Put a function, a queue or a state machine between the API and the store.

    ## What it cannot see
    What a mapping template checks. AppSync is made to resolve from stores: the finding is low there.

    ## References
    AWS Serverless Multi-Tier Architectures, *Logic tier*; API Gateway Developer Guide: *AWS integrations*.
    """

    meta = RuleMeta(
        id="TIER004",
        title="An API reaches a data store without code between",
        category=Category.TIER_SEPARATION,
        severity=Severity.MEDIUM,
        why="The logic tier is left out: nothing but a mapping template stands before the data.",
        subjects=(rest.METHOD, rest.REST_API, http.ROUTE, http.API, DATA_SOURCE),
        lens=("SEC2",),
        references=(
            "https://docs.aws.amazon.com/whitepapers/latest/serverless-multi-tier-architectures-api-gateway-lambda/welcome.html",
        ),
    )
    examples = (
        Example.fails(
            "a method that writes to a table",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:  # the service integration
        Type: AWS  # <- finding
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem
""",
        ),
        Example.passes(
            "a queue between",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:sqs:path/123456789012/orders
""",
        ),
        Example.unknown(
            "the integration's URI is a parameter",
            """\
Parameters:
  BackendUri: {Type: String}
Resources:
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: abc
      ResourceId: def
      HttpMethod: POST
      Integration:
        Type: AWS  # <- finding
        Uri: !Ref BackendUri
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on each service integration, and on each AppSync data source that resolvers use."""
        if subject.type == DATA_SOURCE:
            yield from self._data_source(subject, graph)
            return
        for operation in operations_made_by(graph, subject):
            integration = operation.integration
            if integration.kind is IntegrationKind.SERVICE:
                yield self._service(operation, integration, graph)
            elif integration.kind is IntegrationKind.UNKNOWN and integration.missing is not None:
                message = f"{operation.source.name} {operation.name} leads to what is not decided"
                yield self.unknown(
                    operation.source,
                    f"{message}: {integration.missing.what}",
                    missing=(integration.missing,),
                    at=integration.span,
                    target=operation.name,
                )

    def _service(self, operation: Operation, integration: Integration, graph: Architecture) -> Judgement:
        source, at, target = operation.source, integration.span, operation.name
        label, service = f"{source.name} {operation.name}", integration.service
        action = integration.action.removeprefix("action/") if integration.action.startswith("action/") else ""
        step = Evidence(source.name, f"{operation.name} calls {service} ({integration.action})", at)
        reading = operation.method in _READING and integration.method.upper() in ("", *_READING)
        if service == "s3" and reading:
            message = f"{label} reads objects from S3, which the white paper allows for static content"
            return self.passes(source, message, evidence=(step,), at=at, target=target)
        if not is_store_service(service):
            message = f"{label} calls {service}, which is no data store"
            return self.passes(source, message, evidence=(step,), at=at, target=target)
        steps = [step]
        if isinstance(integration.target, Resource):
            steps.append(integration.target.states("is the store"))
        called = f"{service} {action}".strip()
        message = f"{label} calls {called} without code of the logic tier between"
        fix = f"put a function between {operation.name} and {service}, or a queue or state machine"
        return self.fails(source, message, evidence=steps, fix=fix, at=at, target=target)

    def _data_source(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        kind = subject.prop("Type")
        if kind.literal is None:
            if kind.missing is not None:
                message = f"{subject.name} is a data source whose type is not decided: {kind.missing.what}"
                yield self.unknown(subject, message, missing=(kind.missing,), at=kind.span)
            return
        name = _source_name(subject)
        users = resolvers_of(graph, subject)
        step = Evidence(subject.name, f"is a data source of type {kind.literal}", kind.span)
        if kind.literal not in STORE_SOURCES:
            message = f"{subject.name}{name} is a data source of type {kind.literal}, which is no data store"
            yield self.passes(subject, message, evidence=(step,), at=kind.span, target=name.strip())
        elif not users:
            message = f"{subject.name}{name} is a data source that no resolver uses"
            yield self.passes(subject, message, evidence=(step,), at=kind.span, target=name.strip())
        else:
            used = users[0].states("resolves from it")
            message = (
                f"{subject.name}{name} resolves from {STORE_SOURCES[kind.literal]} without code of the logic tier"
            )
            fix = "resolve through a Lambda data source where the data needs more than a mapping"
            yield self.fails(
                subject,
                message,
                evidence=(step, used),
                fix=fix,
                at=kind.span,
                target=name.strip(),
                severity=Severity.LOW,
            )


def _source_name(subject: Resource) -> str:
    """The data source's own name where SAM made several from one GraphQL API."""
    return f" {subject.prop('Name').literal or subject.logical_id}" if subject.is_generated else ""
