"""TIER007: code that is exposed around the API."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.function_urls import PERMISSION, URL, WEB_ENDPOINT, function_of, of_permission, owner_of
from validator.graph.apis.invokers import apis_invoking
from validator.graph.apis.load_balancers import LISTENER, LISTENER_RULE
from validator.graph.apis.openapi import api_label
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import guard_of, operations_made_by
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class CodeExposedAroundApi(Rule):
    """A function of the logic tier that clients can reach past its API.

    ## What it proves
    A function behind an API has no open function URL and no open load balancer rule besides, and no permission
    lets everyone invoke a function directly. A URL or endpoint with IAM, and one that is the function's only
    front, passes with a note.

    ## Why it matters
    What the API checks, authorizers, throttling, validation, its web ACL, is worth nothing when the code
    behind it has a second door.

    ## How to fix
    Remove the function URL or set `AuthType: AWS_IAM`; name the caller in the permission (`Principal` and
    `SourceArn`).

    ## What it cannot see
    APIs that invoke the function from templates outside the run.

    ## References
    Lambda Developer Guide: *Control access to Lambda function URLs*, *Resource-based policies*.
    """

    meta = RuleMeta(
        id="TIER007",
        title="A function can be reached around its API",
        category=Category.TIER_SEPARATION,
        severity=Severity.MEDIUM,
        why="A second door to the code makes what the API checks worthless.",
        subjects=(URL, WEB_ENDPOINT, LISTENER, LISTENER_RULE, PERMISSION),
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",),
    )
    examples = (
        Example.fails(
            "a permission for everyone",
            """\
Resources:
  Open:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: tickets
      Action: lambda:InvokeFunction
      Principal: "*"  # <- finding
""",
        ),
        Example.passes(
            "a permission for one API",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: tickets, AuthType: AWS_IAM}
  Invoke:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: tickets
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/tickets
""",
        ),
        Example.unknown(
            "a parameter says who may call the URL",
            """\
Parameters:
  UrlAuth: {Type: String}
Resources:
  Tickets:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: !ImportValue role}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !Ref Tickets
      AuthType: !Ref UrlAuth  # <- finding
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: tickets, ProtocolType: HTTP, Target: !GetAtt Tickets.Arn}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on each function URL, each balancer rule to a function, each permission for everyone."""
        if subject.type in (URL, WEB_ENDPOINT):
            yield self._url(subject, graph)
        elif subject.type == PERMISSION:
            yield from self._permission(subject)
        else:
            for operation in operations_made_by(graph, subject):
                yield self._rule(operation, graph)

    def _url(self, subject: Resource, graph: Architecture) -> Judgement:
        value = subject.prop("AuthType")
        apis = _apis_of(graph, function_of(graph, subject) if subject.type == URL else None)
        if value.missing is not None and apis:
            message = f"{subject.name} has a function URL whose AuthType is not decided: {value.missing.what}"
            return self.unknown(subject, message, missing=(value.missing,), at=value.span)
        at = subject.span if value.is_absent else value.span
        step = Evidence(subject.name, f"has a function URL with AuthType {value.literal or 'none'}", at)
        if value.literal in ("AWS_IAM", "IamAuth"):
            message = f"{subject.name} has a function URL besides, for callers with IAM only"
            return self.passes(subject, message, evidence=(step,), at=at)
        if not apis:
            message = f"{subject.name} has a function URL as its only front: there is no API to go around"
            return self.passes(subject, message, evidence=(step,), at=at)
        steps = (step, apis[0].states("invokes the same function"))
        message = f"{subject.name} has an open function URL that leads around {api_label(apis[0])}"
        fix = f"remove the function URL of {subject.name}, or set AuthType: AWS_IAM"
        return self.fails(subject, message, evidence=steps, fix=fix, at=at)

    def _rule(self, operation: Operation, graph: Architecture) -> Judgement:
        source, target, function = operation.source, operation.name, operation.integration.function
        step = Evidence(source.name, f"{operation.name} forwards to a function", operation.span)
        guard = guard_of(graph, operation)
        apis = _apis_of(graph, owner_of(graph, function) if function is not None else None)
        if operation.authorization.kind.identifies or guard.holds or not apis:
            why = "is its only front" if not apis else "demands authorization or is internal"
            message = f"{source.name} {operation.name} leads to a function and {why}"
            return self.passes(source, message, evidence=(step,), at=operation.span, target=target)
        steps = (step, apis[0].states("invokes the same function"))
        missing = guard.missing or operation.authorization.missing
        if missing is not None:
            message = f"{source.name} {operation.name} leads around {api_label(apis[0])}, which is not decided"
            return self.unknown(source, message, missing=(missing,), evidence=steps, at=operation.span, target=target)
        message = f"{source.name} {operation.name} leads to a function around {api_label(apis[0])}"
        fix = "authenticate in the rule, or leave one of the two fronts out"
        return self.fails(source, message, evidence=steps, fix=fix, at=operation.span, target=target)

    def _permission(self, subject: Resource) -> Iterator[Judgement]:
        grant = of_permission(subject)
        if grant.principal.literal != "*" or grant.via_url or not grant.allows("InvokeFunction"):
            return
        step = Evidence(subject.name, "lets everyone invoke the function", grant.span)
        if grant.narrowed:
            message = f"{subject.name} lets in named sources only"
            yield self.passes(subject, message, evidence=(step,), at=grant.span)
            return
        message = f"{subject.name} lets everyone invoke the function directly (Principal *)"
        fix = f"name the caller in {subject.name}: Principal of a service with SourceArn, or an account"
        yield self.fails(subject, message, evidence=(step,), fix=fix, at=grant.span, severity=Severity.HIGH)


def _apis_of(graph: Architecture, function: Resource | None) -> tuple[Resource, ...]:
    return apis_invoking(graph, function) if function is not None else ()
