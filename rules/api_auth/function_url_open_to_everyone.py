"""AUTH003: a function URL that everyone may call."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.function_urls import (
    URL,
    WEB_ENDPOINT,
    Grant,
    endpoint_grants,
    grants_on,
    opening,
    undecided_grant,
)
from validator.model import Category, Evidence, Missing, Severity
from validator.resolve import Unknown, Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_OPEN = {URL: "NONE", WEB_ENDPOINT: "ApplicationManaged"}
_CLOSED = {URL: "AWS_IAM", WEB_ENDPOINT: "IamAuth"}


class FunctionUrlOpenToEveryone(Rule):
    """A function URL or web function endpoint without IAM authorization.

    ## What it proves
    Every function URL has `AuthType: AWS_IAM`, and the function's policy does not let everyone both invoke
    the URL and invoke the function on the same qualifier. A web function endpoint has `AuthType: IamAuth`.

    ## Why it matters
    A function URL is a public endpoint of its own: no web ACL, no throttling by API, no authorizer. With
    `NONE` every request runs the function.

    ## How to fix
    Set `AuthType: AWS_IAM` and grant the callers by name; behind CloudFront use an origin access control. An
    endpoint whose code authenticates by itself is suppressed with a reason.

    ## What it cannot see
    What the function's code checks, and permissions given outside the templates of the run. A URL with `NONE`
    fails even where no permission lets anyone in yet: the message says that calls answer 403 so far.

    ## References
    Lambda Developer Guide: *Control access to Lambda function URLs*.
    """

    meta = RuleMeta(
        id="AUTH003",
        title="A function URL is open to everyone",
        category=Category.API_AUTH,
        severity=Severity.HIGH,
        why="A function URL without IAM authorization runs the function for anyone on the Internet.",
        subjects=(URL, WEB_ENDPOINT),
        lens=("SEC1.a1", "SEC1.a3"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",),
    )
    examples = (
        Example.fails(
            "a URL with NONE",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      FunctionUrlConfig:
        AuthType: NONE  # <- finding
""",
            resource="Tickets",
        ),
        Example.passes(
            "a URL with IAM",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      FunctionUrlConfig: {AuthType: AWS_IAM}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters:
  UrlAuth: {Type: String}
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: tickets
      AuthType: !Ref UrlAuth  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each function URL or web function endpoint."""
        value = subject.prop("AuthType")
        at = subject.span if value.is_absent else value.span
        undecided = isinstance(value, Unknown) and set(value.candidates) != {_CLOSED[subject.type]}
        if undecided or (value.literal is None and value.missing is not None):
            assert value.missing is not None
            message = f"{subject.name} has an endpoint whose AuthType is not decided: {value.missing.what}"
            yield self.unknown(subject, message, missing=(value.missing,), at=at)
        elif value.literal == _CLOSED[subject.type] or isinstance(value, Unknown):
            yield self._of_grants(subject, graph, value)
        else:
            yield self._open(subject, graph, value)

    def _open(self, subject: Resource, graph: Architecture, value: Value) -> Judgement:
        at = subject.span if value.is_absent else value.span
        shown = value.literal or "no AuthType"
        evidence = [Evidence(subject.name, f"has an endpoint with {shown}", at)]
        if subject.type == WEB_ENDPOINT:
            message = f"{subject.name} has a web endpoint with {shown}: every request reaches the function"
        else:
            grants = grants_on(graph, subject)
            url, invoke = opening(grants, "InvokeFunctionUrl"), opening(grants, "InvokeFunction")
            evidence += [_step(grant) for grant in (url, invoke) if grant is not None]
            message = f"{subject.name} has a function URL with AuthType {shown}: anyone can call the function"
            if url is None or invoke is None:
                lacking = "InvokeFunctionUrl" if url is None else "InvokeFunction"
                message = f"{message} once lambda:{lacking} is granted to everyone (until then calls answer 403)"
        fix = f"set AuthType: {_CLOSED[subject.type]} on {subject.name}"
        if subject.origin.resource_type.startswith("AWS::Serverless::"):
            fix = f"{fix} (FunctionUrlConfig: {{AuthType: AWS_IAM}})" if subject.type == URL else fix
        return self.fails(subject, message, evidence=evidence, fix=fix, at=at)

    def _of_grants(self, subject: Resource, graph: Architecture, value: Value) -> Judgement:
        step = Evidence(subject.name, f"has an endpoint with {value.literal or _CLOSED[subject.type]}", value.span)
        if subject.type == WEB_ENDPOINT:
            grants = endpoint_grants(graph, subject)
            opened = opening(grants, "InvokeWebFunctionEndpoint")
            pair = (opened, opened)
        else:
            grants = grants_on(graph, subject)
            pair = (opening(grants, "InvokeFunctionUrl"), opening(grants, "InvokeFunction"))
        first, second = pair
        if first is not None and second is not None:
            steps = tuple(dict.fromkeys((step, _step(first), _step(second))))
            message = (
                f"{subject.name} has an IAM-authorized endpoint, yet {first.resource.name} lets everyone with AWS "
                "credentials invoke it"
            )
            fix = f"name the callers in {first.resource.name} (Principal: an account or a role, or PrincipalOrgID)"
            return self.fails(subject, message, evidence=steps, fix=fix, at=first.span)
        missing = undecided_grant(grants)
        if missing is not None:
            return self._undecided(subject, step, missing)
        message = f"{subject.name} has an endpoint that demands IAM, and no statement lets everyone invoke it"
        return self.passes(subject, message, evidence=(step,), at=value.span)

    def _undecided(self, subject: Resource, step: Evidence, missing: Missing) -> Judgement:
        message = f"{subject.name} has an endpoint whose callers are not decided: {missing.what}"
        return self.unknown(subject, message, missing=(missing,), evidence=(step,))


def _step(grant: Grant) -> Evidence:
    return grant.resource.states(f"lets everyone do {grant.action}", grant.span)
