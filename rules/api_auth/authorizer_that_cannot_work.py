"""AUTH006: an authorizer that protects nothing or cannot work."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.authorizers import (
    REST_AUTHORIZER,
    V2_AUTHORIZER,
    Authorizer,
    AuthorizerKind,
    authorizers_of,
    invoke_right,
    is_attached,
)
from validator.graph.apis.security import Protocol
from validator.graph.apis.sign_up import open_sign_up
from validator.graph.edge.exposure import USER_POOL
from validator.model import Category, Evidence, Missing, Severity, Span
from validator.rulekit import Example, Judgement, Rule, RuleMeta


@dataclass(frozen=True, slots=True)
class _Fault:
    fact: str
    fix: str
    span: Span
    severity: Severity = Severity.MEDIUM


class AuthorizerThatCannotWork(Rule):
    """An authorizer that is attached to nothing, may not be invoked, or lacks what it decides by.

    ## What it proves
    Every authorizer is attached to a method or route. A Lambda authorizer may be invoked by API Gateway,
    through a role or a permission that takes in `authorizers/ID`. A token authorizer and a caching request
    authorizer have an identity source, a JWT authorizer has issuer and audience, a Cognito authorizer has a
    pool. A pool that lets anyone sign up is used with scopes (advice).

    ## Why it matters
    An authorizer that nothing uses looks like protection. One that API Gateway may not invoke answers every
    call with an error. One without audience accepts tokens made for others.

    ## How to fix
    Attach the authorizer, or remove it. For SAM `HttpApi` set `EnableFunctionDefaultPermissions: true` on the
    authorizer, or give it a `FunctionInvokeRole`.

    ## What it cannot see
    What the authorizer's code decides. Authorizers whose function is outside the run: *unknown*.

    ## References
    API Gateway Developer Guide: *Configure an API Gateway Lambda authorizer*, *JWT authorizers*.
    """

    meta = RuleMeta(
        id="AUTH006",
        title="An authorizer protects nothing or cannot work",
        category=Category.API_AUTH,
        severity=Severity.MEDIUM,
        why="It looks like protection and is none, or it stops every caller.",
        subjects=(REST_AUTHORIZER, V2_AUTHORIZER, rest.REST_API, http.API, USER_POOL),
        lens=("SEC1.a1", "SEC1.a2"),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html",
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html",
        ),
    )
    examples = (
        Example.fails(
            "declared and not attached",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Pool:  # <- finding
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: pool
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [arn:pool]
""",
        ),
        Example.passes(
            "attached",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Pool:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: pool
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [arn:pool]
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Pool
""",
        ),
        Example.unknown(
            "the authorizer is exported",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Pool:  # <- finding
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: pool
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [arn:pool]
Outputs:
  PoolId: {Value: !Ref Pool}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on each authorizer that the resource declares, or on a pool's sign-up."""
        if subject.type == USER_POOL:
            yield from self._sign_up(subject, graph)
            return
        for authorizer in authorizers_of(graph, subject):
            yield from self._authorizer(authorizer, graph)

    def _authorizer(self, authorizer: Authorizer, graph: Architecture) -> Iterator[Judgement]:
        source, target = authorizer.source, f"authorizer {authorizer.name}"
        step = Evidence(
            source.name, f"declares {authorizer.kind.value} authorizer {authorizer.name}", authorizer.span
        )
        attached = is_attached(graph, authorizer)
        right = invoke_right(graph, authorizer) if _is_function(authorizer) else None
        faults = list(_faults(authorizer))
        if attached is False:
            faults.append(_unattached(authorizer))
        elif attached and right is not None and right.granted is False:
            faults.append(_not_invokable(authorizer))
        for fault in faults:
            message = f"{source.name} authorizer {authorizer.name} {fault.fact}"
            yield self.fails(
                source,
                message,
                evidence=(step,),
                fix=fault.fix,
                at=fault.span,
                target=target,
                severity=fault.severity,
            )
        missing = _missing(authorizer, attached, right.missing if right is not None else None)
        if faults:
            return
        if missing is not None:
            message = f"{source.name} authorizer {authorizer.name} is not decided: {missing.what}"
            yield self.unknown(
                source, message, missing=(missing,), evidence=(step,), at=authorizer.span, target=target
            )
            return
        message = f"{source.name} authorizer {authorizer.name} is attached and has what it needs"
        yield self.passes(source, message, evidence=(step,), at=authorizer.span, target=target)

    def _sign_up(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        for name, span in open_sign_up(graph, subject):
            steps = (
                subject.states("lets anyone sign up"),
                Evidence(name, "accepts its tokens and checks no scopes", span),
            )
            message = f"{subject.name} lets anyone sign up, and {name} checks no scopes of its tokens"
            fix = f"set AdminCreateUserConfig.AllowAdminCreateUserOnly: true on {subject.name}, or demand scopes"
            yield self.fails(
                subject, message, evidence=steps, fix=fix, target=f"sign-up for {name}", severity=Severity.LOW
            )


def _is_function(authorizer: Authorizer) -> bool:
    return authorizer.kind in (AuthorizerKind.TOKEN, AuthorizerKind.REQUEST)


def _faults(authorizer: Authorizer) -> Iterator[_Fault]:
    at, name = authorizer.span, authorizer.name
    if _lacks_identity(authorizer):
        yield _Fault("has no identity source", f"set IdentitySource of authorizer {name}", at)
    if authorizer.kind is AuthorizerKind.JWT:
        for value, what in ((authorizer.issuer, "issuer"), (authorizer.audience, "audience")):
            if value.is_absent or (value.missing is None and not value.items()):
                yield _Fault(f"has no {what}", f"set the {what} of authorizer {name}", at)
    if authorizer.kind is AuthorizerKind.COGNITO and not authorizer.providers.items():
        yield _Fault("names no user pool", f"set ProviderARNs of authorizer {name}", at)


def _lacks_identity(authorizer: Authorizer) -> bool:
    if not authorizer.identity.is_absent:
        return False
    if authorizer.kind is AuthorizerKind.TOKEN:
        # In an OpenAPI body the scheme's own header is the identity source.
        return not authorizer.in_body
    if authorizer.kind is AuthorizerKind.REQUEST:
        return authorizer.protocol is Protocol.REST and authorizer.caches
    return authorizer.kind is AuthorizerKind.JWT


def _unattached(authorizer: Authorizer) -> _Fault:
    fix = f"attach {authorizer.name} to the methods it is meant for (AuthorizerId), or remove it"
    if authorizer.source.origin.resource_type.startswith("AWS::Serverless::"):
        fix = f"set Auth.DefaultAuthorizer: {authorizer.name} on {authorizer.source.name}, or remove it"
    return _Fault("is attached to no method", fix, authorizer.span, Severity.LOW)


def _not_invokable(authorizer: Authorizer) -> _Fault:
    fix = "add an AWS::Lambda::Permission for apigateway.amazonaws.com with SourceArn .../authorizers/*"
    if authorizer.source.origin.resource_type == "AWS::Serverless::HttpApi":
        fix = f"set EnableFunctionDefaultPermissions: true on authorizer {authorizer.name}"
    return _Fault("may not be invoked by API Gateway: no role and no permission", fix, authorizer.span)


def _missing(authorizer: Authorizer, attached: bool | None, right: Missing | None) -> Missing | None:
    if attached is None and authorizer.in_body:
        what = f"which operations use authorizer {authorizer.name} is not decided"
        return Missing(what, "see what the API's body leaves open", f"authorizer:{authorizer.name}")
    if attached is None:
        what = f"whether a method outside the run uses authorizer {authorizer.name} is not shown"
        return Missing(what, "add the template that attaches it", f"authorizer:{authorizer.name}")
    return right
