"""FUNC006: a function may run longer than the API waits for it."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import timeout_of
from validator.graph.functions.triggers import FUNCTION
from validator.graph.functions.waiting import Wait, waits_for
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ROUNDING = 1_000
"""A second more than the limit is a round number, not a plan: the finding stays low."""

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""
      Timeout: {timeout}{mark}
      Events: {{Get: {{Type: Api, Properties: {{Path: /report, Method: get}}}}}}
"""


class WorkAfterCallerGaveUp(Rule):
    """An API gives a call up while its function works on.

    ## What it proves
    The `Timeout` of a function is no longer than the API waits: 29 s for REST and WebSocket APIs, 30 s for HTTP
    APIs, or what the integration says (`TimeoutInMillis`; a streamed REST response may take 15 minutes). Calls that
    ask for an asynchronous invocation do not wait and do not count.

    ## Why it matters
    The client gets an error (504) and tries again, while the first call goes on, writes its result and is paid for.

    ## How to fix
    Lower `Timeout` below the limit; for long work answer at once and let a queue or a state machine do it. A REST API
    with a raised quota says so in `TimeoutInMillis` of its integration.

    ## What it cannot see
    How long the code really takes; a quota that was raised without the integration asking for it.

    ## References
    API Gateway Developer Guide, *Quotas for configuring and running a REST API*, *… an HTTP API*.
    """

    meta = RuleMeta(
        id="FUNC006",
        title="A function may run longer than its API waits",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.MEDIUM,
        why="The client sees an error and tries again while the first call still works and is paid for.",
        subjects=(FUNCTION,),
        lens=("REL2.a2", "PERF1.a3"),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("a minute behind a REST API", _TEMPLATE.format(timeout=60, mark=" # <- finding")),
        Example.passes("shorter than the API waits", _TEMPLATE.format(timeout=29, mark="")),
        Example.unknown(
            "the timeout is a parameter",
            "Parameters: {Seconds: {Type: Number}}\n"
            + _TEMPLATE.format(timeout="!Ref Seconds", mark="")
            .replace("Transform: AWS::Serverless-2016-10-31\n", "")
            .replace("Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a function: by the caller that waits the shortest."""
        waits = waits_for(graph, subject)
        if not waits:
            return
        timeout, at = timeout_of(subject), subject.property_span("Timeout")
        limits = sorted((wait.milliseconds, n) for n, wait in enumerate(waits) if wait.milliseconds is not None)
        shortest = waits[limits[0][1]] if limits else waits[0]
        open_limits = [wait.missing for wait in waits if wait.missing is not None]
        exceeds = timeout is not None and bool(limits) and timeout * 1000 > limits[0][0]
        if timeout is not None and exceeds:
            yield self._fails(subject, shortest, timeout)
        elif timeout is None or open_limits:
            number = Missing("Timeout is no whole number", "write seconds", f"timeout:{subject.name}")
            causes = open_limits or [subject.prop("Timeout").missing or number]
            message = f"{subject.name}: whether {shortest.shown} waits for as long as it may run is not decided"
            yield self.unknown(subject, message, missing=causes, at=at)
        else:
            message = f"{subject.name} may run {timeout} s, no longer than {shortest.shown} waits"
            steps = [
                subject.states(f"may run {timeout} s", at),
                shortest.caller.states(f"calls it: {shortest.because}", shortest.span),
            ]
            yield self.passes(subject, message, evidence=steps, at=at)

    def _fails(self, subject: Resource, wait: Wait, timeout: int) -> Judgement:
        limit = wait.milliseconds or 0
        at = subject.property_span("Timeout")
        return self.fails(
            subject,
            f"{subject.name} may run {timeout} s, and {wait.shown} gives up after {limit / 1000:g} s",
            evidence=[
                subject.states(f"may run {timeout} s", at),
                wait.caller.states(f"calls it: {wait.because}", wait.span),
            ],
            fix=f"Set on {subject.name}: Timeout: {max(1, limit // 1000)}, or let a queue do the long work.",
            at=at,
            severity=Severity.LOW if timeout * 1000 - limit <= _ROUNDING else None,
        )
