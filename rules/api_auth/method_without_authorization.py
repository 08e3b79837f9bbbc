"""AUTH001: a method without authorization."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.authorizers import first_declared_authorizer
from validator.graph.apis.http import API
from validator.graph.apis.openapi import body_missing
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import (
    MAKERS,
    Guard,
    guard_of,
    is_key_only,
    is_preflight,
    operations_made_by,
    place,
)
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class MethodWithoutAuthorization(Rule):
    """A method that anyone can call.

    ## What it proves
    Every operation a client can call (REST methods as resources, in OpenAPI bodies and from SAM events, HTTP
    API routes with `$default` and quick create, load balancer rules that forward to functions) demands IAM, a
    Cognito user pool, a Lambda authorizer or a JWT; or mutual TLS guards every way in; or the API is private
    and its resource policy names the VPCs or endpoints. An `OPTIONS` method that only answers CORS preflights
    is exempt: a mock on REST APIs, the preflight route on HTTP APIs. A rule of an internal load balancer
    passes, since only its VPC reaches it, unless a VPC origin of CloudFront leads there.

    ## Why it matters
    The front door of the logic tier is where callers are told apart. A method without authorization runs
    code of the logic tier, with its rights on the data tier, for anyone on the Internet.

    ## How to fix
    Set a default authorizer on the API, or an authorizer on the method. A method that has to be public, such
    as a health check, is suppressed with a reason.

    ## What it cannot see
    What an authorizer's code decides, and checks that the function itself makes. Definitions in S3 and
    parameters without value: the verdict is then *unknown*. A method of an API outside the run is judged by
    its own setting.

    ## References
    API Gateway Developer Guide: *Controlling and managing access to REST APIs*, *How API Gateway resource
    policies affect authorization workflow*, *Controlling and managing access to HTTP APIs*.
    """

    meta = RuleMeta(
        id="AUTH001",
        title="A method can be called without authorization",
        category=Category.API_AUTH,
        severity=Severity.HIGH,
        why="A method without authorization runs the logic tier's code for anyone who finds the URL.",
        subjects=MAKERS,
        lens=("SEC1.a1",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
        ),
    )
    examples = (
        Example.fails(
            "the operation switches the default authorizer off",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TicketsApi:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {DefaultAuthorizer: AWS_IAM}
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Events:
        List:
          Type: Api
          Properties:
            RestApiId: !Ref TicketsApi
            Path: /tickets
            Method: GET
            Auth: {Authorizer: NONE}  # <- finding
""",
            resource="TicketsApi",
            target="GET /tickets",
        ),
        Example.passes(
            "every operation uses IAM",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
""",
        ),
        Example.unknown(
            "the definition is kept in S3",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi  # read from S3 at deployment
    Properties:
      BodyS3Location: {Bucket: definitions, Key: api.yaml}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each operation that the resource makes."""
        missing = body_missing(subject) if "Api" in subject.type.rpartition("::")[2] else None
        if missing is not None:
            message = f"{subject.name} has methods that the template does not show: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,))
        for operation in operations_made_by(graph, subject):
            if not is_key_only(operation):
                yield self._operation(operation, graph)

    def _operation(self, operation: Operation, graph: Architecture) -> Judgement:
        authorization, source, at = operation.authorization, operation.source, place(operation)
        step = Evidence(source.name, f"{operation.name} {authorization.statement}", authorization.span)
        steps = (step, *authorization.trail)
        label = f"{source.name} {operation.name}"
        target = operation.name
        if authorization.kind.identifies:
            message = f"{label} demands {authorization.kind.value}: it {authorization.statement}"
            return self.passes(source, message, evidence=steps, at=at, target=target)
        if is_preflight(graph, operation):
            message = f"{label} only answers CORS preflights"
            return self.passes(source, message, evidence=steps, at=at, target=target)
        guard = guard_of(graph, operation)
        if guard.holds:
            message = f"{label} is guarded: {guard.statement}"
            return self.passes(source, message, evidence=(*steps, *guard.evidence), at=at, target=target)
        if authorization.missing is not None or guard.holds is None:
            return self._undecided(operation, guard, steps)
        message = f"{label} demands no authorization: it {authorization.statement}"
        if guard.statement:
            message = f"{message}, and {guard.statement}"
        return self.fails(
            source,
            message,
            evidence=(*steps, *guard.evidence),
            fix=_fix(operation),
            at=at,
            target=target,
        )

    def _undecided(self, operation: Operation, guard: Guard, steps: tuple[Evidence, ...]) -> Judgement:
        missing = tuple(one for one in (operation.authorization.missing, guard.missing) if one is not None)
        message = f"{operation.source.name} {operation.name} is not decided: {missing[0].what}"
        return self.unknown(
            operation.source, message, missing=missing, evidence=steps, at=place(operation), target=operation.name
        )


def _fix(operation: Operation) -> str:
    kind = operation.source.origin.resource_type
    if operation.span.path != operation.source.span.path:
        # SAM refuses Auth beside a DefinitionUri: what is kept in a file of its own is mended there.
        return _fix_of_definition(operation)
    if kind == "AWS::Serverless::Api":
        return (
            f"set Auth.DefaultAuthorizer on {operation.source.name}, without Authorizer: NONE on the event "
            f"(Auth: {{DefaultAuthorizer: {first_declared_authorizer(operation.source) or 'AWS_IAM'}}})"
        )
    if kind == "AWS::Serverless::HttpApi":
        name = first_declared_authorizer(operation.source)
        auth = f"DefaultAuthorizer: {name}" if name else "EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM"
        return (
            f"set Auth.DefaultAuthorizer on {operation.source.name}, without Authorizer: NONE on the event "
            f"(Auth: {{{auth}}})"
        )
    if kind.startswith("AWS::Serverless::"):
        event = f"set Auth.Authorizer on event {operation.event or 'of the function'} (Auth: {{Authorizer: AWS_IAM}})"
        of_http_api = operation.api is not None and operation.api.type == API
        return f"{event}, and Auth.EnableIamAuthorizer: true in Globals.HttpApi" if of_http_api else event
    if kind in ("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"):
        return f"set AuthorizationType on {operation.source.name} (AuthorizationType: AWS_IAM)"
    if kind.startswith("AWS::ElasticLoadBalancingV2::"):
        return f"put authenticate-oidc or jwt-validation first in {operation.source.name}, on an HTTPS listener"
    if operation.method == "" and operation.source.prop("Body").is_absent:
        return f"set Route.AuthorizationType in an ApiGatewayManagedOverrides of {operation.source.name}"
    return _fix_of_definition(operation)


def _fix_of_definition(operation: Operation) -> str:
    return (
        f"give {operation.name} a security list that names a scheme with x-amazon-apigateway-authorizer or authtype"
    )
