"""AUTH002: an API key alone."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import MAKERS, guard_of, is_key_only, is_preflight, operations_made_by, place
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class ApiKeyAsAuthorization(Rule):
    """A method whose only demand is an API key.

    ## What it proves
    No operation relies on an API key alone: where a key is demanded, IAM, a Cognito user pool, a Lambda
    authorizer or a private endpoint with a policy stands beside it.

    ## Why it matters
    A key identifies a usage plan, not a person. It is shared, it does not expire, and it stands in clients
    where anyone can read it; AWS says not to use it for authorization.

    ## How to fix
    Keep the key for throttling and quotas, and add an authorizer to the method.

    ## What it cannot see
    Who holds the keys, and checks that the function itself makes.

    ## References
    API Gateway Developer Guide: *Usage plans and API keys for REST APIs*.
    """

    meta = RuleMeta(
        id="AUTH002",
        title="An API key is the only authorization of a method",
        category=Category.API_AUTH,
        severity=Severity.HIGH,
        why="An API key says which plan a call counts against, not who calls.",
        subjects=MAKERS,
        lens=("SEC1.a1",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",),
    )
    examples = (
        Example.fails(
            "a key and nothing else",
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
      AuthorizationType: NONE  # <- finding
      ApiKeyRequired: true
""",
            resource="List",
        ),
        Example.passes(
            "a key beside IAM",
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
      ApiKeyRequired: true
""",
        ),
        Example.unknown(
            "the endpoint that decides is a parameter",
            """\
Parameters:
  EndpointType: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [!Ref EndpointType]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*",
             Condition: {StringEquals: {aws:SourceVpce: vpce-0123456789abcdef0}}}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      ApiKeyRequired: true
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each operation that demands a key."""
        for operation in operations_made_by(graph, subject):
            if operation.authorization.api_key:
                yield self._operation(operation, graph)

    def _operation(self, operation: Operation, graph: Architecture) -> Judgement:
        authorization, source, at = operation.authorization, operation.source, place(operation)
        step = Evidence(source.name, f"{operation.name} {authorization.statement}", authorization.span)
        label, target = f"{source.name} {operation.name}", operation.name
        if is_preflight(graph, operation):
            message = f"{label} only answers CORS preflights"
            return self.passes(source, message, evidence=(step,), at=at, target=target)
        if not is_key_only(operation) and authorization.missing is None:
            message = f"{label} demands an API key beside {authorization.kind.value}"
            return self.passes(source, message, evidence=(step,), at=at, target=target)
        guard = guard_of(graph, operation)
        steps = (step, *guard.evidence)
        if guard.holds:
            message = f"{label} is guarded besides its API key: {guard.statement}"
            return self.passes(source, message, evidence=steps, at=at, target=target)
        missing = [one for one in (authorization.missing, guard.missing) if one is not None]
        if missing:
            message = f"{label} is not decided: {missing[0].what}"
            return self.unknown(source, message, missing=missing, evidence=steps, at=at, target=target)
        message = f"{label} demands an API key only: it {authorization.statement}"
        fix = f"add an authorizer to {operation.name}; keep the key for throttling (AuthorizationType: AWS_IAM)"
        if source.origin.resource_type.startswith("AWS::Serverless::"):
            fix = f"add an authorizer to {operation.name} beside the key (Auth: {{Authorizer: AWS_IAM}})"
        return self.fails(source, message, evidence=steps, fix=fix, at=at, target=target)
