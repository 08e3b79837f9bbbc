"""API021: scopes that operations ask for and nobody hands out, or that are handed out and nobody asks for."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.openapi import refused_events
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import operations_made_by
from validator.graph.apis.scopes import (
    RESOURCE_SERVER,
    USER_POOL,
    authorizer_of,
    defined_scopes,
    demand_of,
    operations_of_pool,
    pool_of,
    servers_of,
)
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TOKENS = (AuthorizationKind.COGNITO, AuthorizationKind.JWT)
_TEMPLATE = """\
Parameters:
  Sell: {Type: String}
Resources:
  People: {Type: AWS::Cognito::UserPool}
  Tickets:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties:
      {UserPoolId: !Ref People, Identifier: tickets, Name: t, Scopes: [{ScopeName: NAME, ScopeDescription: s}]}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  SignedIn:
    Type: AWS::ApiGateway::Authorizer
    Properties: {RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, Name: s, ProviderARNs: [!GetAtt People.Arn]}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref SignedIn
      AuthorizationScopes: [tickets/read]MARK
      Integration: {Type: MOCK}
"""


class ScopesThatDoNotMeet(Rule):
    """Scopes that an operation asks for and the user pool does not know, or that it defines and no operation checks.

    ## What it proves
    Each scope of one's own (`identifier/name`) that an operation asks for is defined by a resource server of the
    user pool whose tokens it takes; and where a resource server defines scopes, some operation that takes the pool's
    tokens asks for one of them.

    ## Why it matters
    An operation that asks for an unknown scope refuses every caller. A scope that nobody checks looks like a limit of
    what a caller may do and is none.

    ## How to fix
    Write the same names in `Scopes` of the resource server and in `AuthorizationScopes` of the operation.

    ## What it cannot see
    What code or a Lambda authorizer checks, pools and resource servers outside the run.

    ## References
    Cognito Developer Guide: *Scopes, M2M, and resource servers*; Serverless Lens, SEC 1.
    """

    meta = RuleMeta(
        id="API021",
        title="Scopes asked for and handed out do not meet",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="An operation refuses every caller, or a scope limits nothing.",
        subjects=(rest.REST_API, rest.METHOD, http.API, http.ROUTE, RESOURCE_SERVER),
        lens=("SEC1.a2",),
        references=(
            "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the pool knows another scope",
            _TEMPLATE.replace("NAME", "list").replace("MARK", "  # <- finding"),
            resource="List",
        ),
        Example.passes("the pool knows the scope", _TEMPLATE.replace("NAME", "read").replace("MARK", "")),
        Example.unknown(
            "an input names the pool's scope",
            _TEMPLATE.replace("NAME", "!Ref Sell").replace("MARK", "  # <- finding"),
            resource="List",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each operation that asks for scopes, and for each resource server."""
        if subject.type == RESOURCE_SERVER:
            yield from self._server(subject, graph)
            return
        for operation in operations_made_by(graph, subject):
            if operation.authorization.kind in _TOKENS:
                yield from self._operation(operation, graph)

    def _operation(self, operation: Operation, graph: Architecture) -> Iterator[Judgement]:
        demand = demand_of(operation)
        if not demand.scopes:
            return
        source, target, label = operation.source, operation.name, f"{operation.source.name} {operation.name}"
        asked = [scope for scope in demand.scopes if scope is not None]
        step = source.states(f"asks for {', '.join(asked) or 'scopes'}", demand.span)
        authorizer = authorizer_of(graph, operation)
        pool = pool_of(graph, authorizer) if authorizer is not None else None
        own = [scope for scope in asked if "/" in scope]
        if pool is not None and len(own) == len(demand.scopes):
            known = [defined_scopes(server) for server in servers_of(graph, pool)]
            defined = {scope for scopes in known for scope in scopes or ()}
            if not defined & set(own):
                steps = (step, pool.states("hands out its tokens"))
                if None in known:
                    what = f"a scope of {pool.name} is decided by an input"
                    missing = Missing(what, "give the parameter that names it", f"scope:{pool.name}")
                    message = f"{label} asks for {', '.join(own)}, and {what}"
                    yield self.unknown(
                        source, message, missing=(missing,), evidence=steps, at=demand.span, target=target
                    )
                    return
                message = f"{label} asks for {', '.join(own)}, which no resource server of {pool.name} defines"
                fix = f"define {own[0]} in Scopes of a resource server of {pool.name}, or ask for one that is defined"
                yield self.fails(source, message, evidence=steps, fix=fix, at=demand.span, target=target)
                return
        message = f"{label} asks for {', '.join(asked) or 'a scope'}"
        yield self.passes(source, message, evidence=(step,), at=demand.span, target=target)

    def _server(self, server: Resource, graph: Architecture) -> Iterator[Judgement]:
        pool, scopes = graph.target(server.prop("UserPoolId"), USER_POOL), defined_scopes(server)
        if not isinstance(pool, Resource) or not scopes:
            return
        operations = list(operations_of_pool(graph, pool))
        if not operations:
            return
        demands = [(one, demand_of(one)) for one in operations]
        asking = next((one for one, demand in demands if set(demand.scopes) & {*scopes, None}), None)
        step = server.states(f"defines {', '.join(scopes)}")
        if asking is not None:
            message = f"{server.name} defines scopes that operations ask for"
            found = asking.source.states(f"asks for one on {asking.name}", asking.span)
            yield self.passes(server, message, evidence=(step, found))
            return
        apis = dict.fromkeys(one.api for one in operations if one.api is not None)
        missing = next((cause for api in apis if (cause := refused_events(graph, api)) is not None), None)
        if missing is not None:
            message = f"{server.name} may define scopes that no operation asks for: {missing.what}"
            yield self.unknown(server, message, missing=(missing,), evidence=(step,))
            return
        steps = (step, operations[0].source.states(f"takes any token on {operations[0].name}", operations[0].span))
        message = f"{server.name} defines {', '.join(scopes)}, which no operation of this workload asks for"
        fix = (
            f"set AuthorizationScopes on the operations that {scopes[0]} is for (AuthorizationScopes: [{scopes[0]}])"
        )
        yield self.fails(server, message, evidence=steps, fix=fix)
