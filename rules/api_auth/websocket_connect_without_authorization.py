"""AUTH005: a WebSocket API that anyone may connect to."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http
from validator.graph.apis.operation import Operation
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.security import Protocol
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_CONNECT = "$connect"


class WebsocketConnectWithoutAuthorization(Rule):
    """A WebSocket API whose `$connect` route demands nothing.

    ## What it proves
    The `$connect` route of every WebSocket API demands IAM or a Lambda authorizer. Only `$connect` counts:
    later messages ride the connection that it accepted, so a type on another route proves nothing.

    ## Why it matters
    Whoever connects may send messages to every other route and receives what the API sends out.

    ## How to fix
    Set `AuthorizationType` on the `$connect` route; where there is no such route, add one.

    ## What it cannot see
    What an authorizer's code decides. Routes made in another template without the API in the run.

    ## References
    API Gateway Developer Guide: *Control and manage access to WebSocket APIs in API Gateway*.
    """

    meta = RuleMeta(
        id="AUTH005",
        title="Anyone may connect to a WebSocket API",
        category=Category.API_AUTH,
        severity=Severity.HIGH,
        why="Authorization of a WebSocket API runs on $connect only; without it anyone sends messages.",
        subjects=(http.API, http.ROUTE),
        lens=("SEC1.a1",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html",
        ),
    )
    examples = (
        Example.fails(
            "only another route has a type",
            """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET}
  Connect:  # <- finding
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $connect}
  Default:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $default, AuthorizationType: AWS_IAM}
""",
            resource="Connect",
        ),
        Example.passes(
            "$connect demands IAM",
            """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET}
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $connect, AuthorizationType: AWS_IAM}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters:
  ConnectAuth: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET}
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: $connect
      AuthorizationType: !Ref ConnectAuth  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on each $connect route, and on each WebSocket API that has none."""
        if subject.type == http.ROUTE:
            if subject.prop("RouteKey").literal == _CONNECT:
                yield self._route(subject, graph)
        elif http.protocol_of(subject) is Protocol.WEBSOCKET:
            yield from self._without_route(subject, graph)

    def _route(self, subject: Resource, graph: Architecture) -> Judgement:
        operation = http.route_operation(graph, subject)
        authorization = operation.authorization
        step = Evidence(subject.name, f"{_CONNECT} {authorization.statement}", authorization.span)
        if authorization.kind.identifies:
            message = f"{subject.name} {_CONNECT} demands {authorization.kind.value}"
            return self.passes(subject, message, evidence=(step,), at=authorization.span, target=_CONNECT)
        if authorization.missing is not None:
            message = f"{subject.name} {_CONNECT} is not decided: {authorization.missing.what}"
            return self.unknown(
                subject,
                message,
                missing=(authorization.missing,),
                evidence=(step,),
                at=authorization.span,
                target=_CONNECT,
            )
        message = f"{subject.name} {_CONNECT} demands no authorization: it {authorization.statement}"
        fix = f"set AuthorizationType of {subject.name} (AuthorizationType: AWS_IAM)"
        if subject.origin.resource_type == "AWS::Serverless::WebSocketApi":
            fix = f"set Auth of {subject.name} (Auth: {{AuthType: AWS_IAM}})"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=authorization.span, target=_CONNECT)

    def _without_route(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        routes = [
            operation for operation in http.http_operations(graph, subject) if operation.source.type == http.ROUTE
        ]
        if any(operation.path == _CONNECT for operation in routes):
            return
        open_key = next((missing for operation in routes if (missing := _missing_key(operation)) is not None), None)
        added = may_be_added(subject, f"a {_CONNECT} route")
        if open_key is not None or added is not None or not routes:
            missing = (
                open_key
                or added
                or Missing(
                    f"the routes of {subject.name} are not in the run",
                    "add the template that has them",
                    f"routes:{subject.name}",
                )
            )
            message = f"{subject.name} has a {_CONNECT} route that is not decided: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), target=_CONNECT)
            return
        steps = [subject.states("is a WebSocket API")]
        steps += [operation.source.states(f"is its route {operation.name}") for operation in routes]
        message = f"{subject.name} has no {_CONNECT} route, so anyone may connect"
        fix = f"add a {_CONNECT} route with AuthorizationType: AWS_IAM to {subject.name}"
        yield self.fails(subject, message, evidence=steps, fix=fix, target=_CONNECT)


def _missing_key(operation: Operation) -> Missing | None:
    return operation.source.prop("RouteKey").missing
