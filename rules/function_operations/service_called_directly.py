"""FUNC025: a service is called without a function between."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.integration import IntegrationKind
from validator.graph.functions.callers import integrations_of
from validator.graph.functions.workflows import STATE_MACHINE, workflow_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_PIPES: Final = {
    "AWS::Pipes::Pipe": "leads events from service to service",
    "AWS::Events::ApiDestination": "calls out",
}
_APIS: Final = (rest.METHOD, rest.REST_API, http.INTEGRATION, http.API)


class ServiceCalledDirectly(Rule):
    """What shows that managed services are called without a function that only hands on.

    ## What it proves
    An operation of an API, a task of a state machine or a pipe calls a service itself. It never fails: whether a
    function only hands on stands in its code. An API that reaches a data store so is judged by TIER004 as well.

    ## Why it matters
    A function that only hands on is paid for, started, logged and kept up to date for nothing.

    ## How to fix
    Use a service integration of the API, an SDK integration of the state machine, or an EventBridge pipe.

    ## What it cannot see
    What a function does with what it hands on.

    ## References
    Serverless Lens, PERF 1; Step Functions Developer Guide, *Integrating services*.
    """

    meta = RuleMeta(
        id="FUNC025",
        title="Services are called without a function between",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A function that only hands on is paid for and kept up to date for nothing.",
        subjects=(*_APIS, STATE_MACHINE, *_PIPES),
        lens=("PERF1.a4",),
        references=("https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html",),
        since="0.2",
    )
    examples = (
        Example.passes(
            "a task puts an event on a bus",
            """\
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/r
      Definition:
        StartAt: Tell
        States: {Tell: {Type: Task, Resource: "arn:aws:states:::events:putEvents", End: true}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A pass for what calls a service; nothing for all else."""
        step = _sign(subject, graph)
        if step is not None:
            yield self.passes(subject, f"{subject.name} {step.relation}", evidence=[step])


def _sign(subject: Resource, graph: Architecture) -> Evidence | None:
    if subject.type in _PIPES:
        return subject.states(_PIPES[subject.type])
    if subject.type == STATE_MACHINE:
        for task in workflow_of(graph, subject).tasks:
            service = _service(task.value.get("Resource").literal or "")
            if service:
                return subject.states(f"calls {service} itself in {task.name}", task.value.span)
        return None
    for integration in integrations_of(graph, subject):
        if integration.kind is IntegrationKind.SERVICE:
            return subject.states(f"calls {integration.service} itself", integration.span)
    return None


def _service(resource: str) -> str:
    """The service of ``arn:<partition>:states:::<service>:<action>``; empty for functions and activities."""
    parts = resource.split(":")
    if len(parts) < 7 or parts[2] != "states" or parts[5] == "lambda":
        return ""
    return parts[6] if parts[5] == "aws-sdk" else parts[5]
