"""FUNC018: a passing fault ends a workflow."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.workflows import STATE_MACHINE, unguarded_tasks, workflow_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Orders:{mark}
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/r
      Definition:
        StartAt: Pay
        States:
          Pay: {{Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true{more}}}
"""


class TaskWithoutRetry(Rule):
    """A task of a state machine neither retries nor catches a failure.

    ## What it proves
    Each task of a workflow has `Retry` or `Catch`, or stands in a `Parallel` or `Map` state that has.

    ## Why it matters
    By default the first error of a task ends the execution: a throttled call, a short outage, a cold network path.

    ## How to fix
    Give each task a `Retry` with `BackoffRate` and `JitterStrategy: FULL`, and a `Catch` that undoes what was done.

    ## What it cannot see
    A definition in a file beside the template or in a bucket: *unknown*. A caller that starts the machine anew.

    ## References
    Step Functions Developer Guide, *Handling errors in Step Functions workflows*.
    """

    meta = RuleMeta(
        id="FUNC018",
        title="A passing fault ends a workflow",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="The first error of a task ends the execution unless the task retries or catches it.",
        subjects=(STATE_MACHINE,),
        lens=("REL2.a1", "REL2.a2"),
        references=("https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",),
        since="0.2",
    )
    examples = (
        Example.fails("one error ends it", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes(
            "it tries again",
            _TEMPLATE.format(mark="", more=", Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 3}]"),
        ),
        Example.unknown(
            "the definition is in a bucket",
            """\
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/r
      DefinitionS3Location: {Bucket: builds, Key: orders.asl.json}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a machine that has tasks."""
        workflow = workflow_of(graph, subject)
        at = subject.span
        if workflow.missing is not None:
            message = f"{subject.name}: whether its tasks retry is not known"
            yield self.unknown(subject, message, missing=[workflow.missing], at=at)
            return
        if not workflow.tasks:
            return
        open_tasks = unguarded_tasks(graph, subject)
        if not open_tasks:
            step = subject.states(f"retries or catches in each of {len(workflow.tasks)} tasks")
            yield self.passes(subject, f"{subject.name}: each task retries or catches a failure", evidence=[step])
            return
        names = ", ".join(dict.fromkeys(task.name for task in open_tasks))
        yield self.fails(
            subject,
            f"{subject.name} ends at the first error of {names}",
            evidence=[subject.states(f"has neither Retry nor Catch in {task.name}") for task in open_tasks],
            fix='Add to each of these tasks: Retry: [{ErrorEquals: ["States.TaskFailed"], BackoffRate: 2, '
            "MaxAttempts: 3, JitterStrategy: FULL}].",
            at=at,
        )
