"""AUTH007: an API that can be reached around what guards it."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.operation import Operation, any_operation
from validator.graph.apis.resource_policy import Admission, PolicyVerdict, admission
from validator.graph.apis.rest import REST_API, Endpoint, endpoint_type, rest_operations
from validator.graph.edge.bypass import Way, all_authorize, approach
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_BY_POLICY = "its resource policy"
_AROUND = "the way around the distribution"


class ApiReachableAroundItsGuard(Rule):
    """A resource policy that opens an API, or an API behind CloudFront that answers without it.

    ## What it proves
    The resource policy of a private API names VPCs or VPC endpoints for every method. No policy lets every
    AWS account through to methods with IAM. A REST API behind a distribution answers only what comes through
    it: by a header that its web ACL demands, a certificate, or a key that the distribution sends.

    ## Why it matters
    A private API with an open policy answers any VPC endpoint of any account. A distribution guards nothing
    when the API's own address, or its custom domain, answers as well.

    ## How to fix
    Put `aws:SourceVpce` or `aws:SourceVpc` into the policy. For an API behind CloudFront let the stage's web
    ACL demand a secret header that the distribution adds, and disable the default endpoint.

    ## What it cannot see
    Whether a Lambda authorizer checks such a header: *unknown*. Domains mapped in other templates.

    ## References
    API Gateway Developer Guide: *API Gateway resource policy examples*, *Disable the default endpoint*.
    """

    meta = RuleMeta(
        id="AUTH007",
        title="An API can be reached around what guards it",
        category=Category.API_AUTH,
        severity=Severity.MEDIUM,
        why="What stands in front of the API is not on every way to it.",
        subjects=(REST_API,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
        ),
    )
    examples = (
        Example.fails(
            "a private API for every VPC endpoint",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*"}  # <- finding
""",
        ),
        Example.passes(
            "a private API for one endpoint",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*",
             Condition: {StringEquals: {aws:SourceVpce: vpce-0123456789abcdef0}}}
""",
        ),
        Example.unknown(
            "a parameter says who",
            """\
Parameters:
  Caller: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: !Ref Caller, Action: execute-api:Invoke, Resource: "*"}  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on the resource policy, and one on the way around a distribution."""
        endpoint = endpoint_type(subject)
        yield from self._policy(subject, endpoint.endpoint, graph)
        if endpoint.endpoint is not Endpoint.PRIVATE:
            yield from self._around(subject, graph)

    def _policy(self, subject: Resource, endpoint: Endpoint, graph: Architecture) -> Iterator[Judgement]:
        judged = [(operation, admission(subject, operation)) for operation in _policed(subject, endpoint, graph)]
        opened = next((pair for pair in judged if _opens(pair[1], endpoint)), None)
        if opened is not None:
            yield self._opened(subject, endpoint, *opened)
            return
        undecided = next((verdict for _, verdict in judged if verdict.admission is Admission.UNKNOWN), None)
        if undecided is not None and undecided.missing is not None:
            message = f"{subject.name} has a resource policy that is not decided: {undecided.missing.what}"
            yield self.unknown(subject, message, missing=(undecided.missing,), at=undecided.span, target=_BY_POLICY)
        elif judged and judged[0][1].admission is not Admission.NO_POLICY:
            verdict = judged[0][1]
            message = f"{subject.name} has a resource policy that {verdict.admission.value}"
            step = subject.states(f"resource policy {verdict.admission.value}", verdict.span)
            yield self.passes(subject, message, evidence=(step,), at=verdict.span, target=_BY_POLICY)

    def _opened(
        self, subject: Resource, endpoint: Endpoint, operation: Operation, verdict: PolicyVerdict
    ) -> Judgement:
        step = Evidence(subject.name, f"resource policy {verdict.admission.value} to {operation.name}", verdict.span)
        if endpoint is Endpoint.PRIVATE:
            message = f"{subject.name} is private, yet its resource policy names no VPC and no VPC endpoint"
            fix = f"put a condition on aws:SourceVpce into the policy of {subject.name}"
        else:
            message = f"{subject.name} lets every AWS account through to {operation.name}, which demands IAM"
            fix = f"name the accounts or roles in the policy of {subject.name}"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=verdict.span, target=_BY_POLICY)

    def _around(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        found = approach(graph, subject)
        if found.way is Way.NOT_BEHIND or not found.fronts:
            return
        name = found.fronts[0].distribution.name
        if found.way is Way.CLOSED:
            message = f"{subject.name} answers only through {name}: {found.statement}"
            yield self.passes(subject, message, evidence=found.evidence, target=_AROUND)
        elif found.way is Way.UNDECIDED and found.missing is not None:
            message = f"{subject.name} stands behind {name}, and {found.statement}"
            yield self.unknown(subject, message, missing=(found.missing,), evidence=found.evidence, target=_AROUND)
        else:
            message = f"{subject.name} can be called around {name}: {found.statement}"
            fix = f"let the web ACL of the stage demand a secret header that {name} adds, and close other ways"
            severity = Severity.LOW if all_authorize(graph, subject) else None
            yield self.fails(subject, message, evidence=found.evidence, fix=fix, target=_AROUND, severity=severity)


def _policed(subject: Resource, endpoint: Endpoint, graph: Architecture) -> list[Operation]:
    """The operations whose callers the policy decides: all of a private API, those with IAM of a public one."""
    operations = list(rest_operations(graph, subject))
    if endpoint is Endpoint.PRIVATE:
        return operations or [any_operation(subject)]
    return [one for one in operations if one.authorization.kind is AuthorizationKind.IAM]


def _opens(verdict: PolicyVerdict, endpoint: Endpoint) -> bool:
    if verdict.admission is Admission.OPEN:
        return True
    return endpoint is Endpoint.PRIVATE and verdict.admission is Admission.ADDRESSES
