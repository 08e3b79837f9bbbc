"""FUNC017: a function may wait for another one."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.chains import calls_between, handed_over
from validator.graph.functions.triggers import FUNCTION
from validator.graph.functions.workflows import STATE_MACHINE, workflow_of
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class FunctionCallsFunction(Rule):
    """A function may invoke another function of the workload.

    ## What it proves
    A function that is granted `lambda:InvokeFunction` on a function of the run may wait for it, and then both are
    paid for the same time and fail together. Whether it waits stands in its code: *unknown*, with the chain. A state
    machine with several tasks passes, and so does a durable function: neither is paid for while it waits.

    ## Why it matters
    In a chain of calls each function pays for waiting, the shortest timeout ends all, and nothing undoes half of a
    transaction.

    ## How to fix
    Let a state machine call the steps, or put a queue or an event bus between.

    ## What it cannot see
    The kind of invocation (`InvocationType: Event` does not wait): name it in a suppression's reason.

    ## References
    Serverless Lens, REL 2 and COST 1; Lambda Developer Guide, *Invoking a function synchronously*.
    """

    meta = RuleMeta(
        id="FUNC017",
        title="A function may wait for another function",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="In a chain of calls each function pays for waiting, and the shortest timeout ends all.",
        subjects=(FUNCTION, STATE_MACHINE),
        lens=("REL2.a2", "COST1.a4"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html",),
        since="0.2",
    )
    examples = (
        Example.unknown(
            "a function may invoke the next",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Order: # <- finding
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""
      Policies: [LambdaInvokePolicy: {FunctionName: !Ref Pay}]
  Pay:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.h, InlineCode: ""}
""",
        ),
        Example.passes(
            "a state machine calls both",
            """\
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/r
      Definition:
        StartAt: Order
        States:
          Order: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", Next: Pay}
          Pay: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each function that the subject may invoke; one for a machine with several tasks."""
        if subject.type == STATE_MACHINE:
            tasks = workflow_of(graph, subject).tasks
            if len(tasks) > 1:
                names = ", ".join(task.name for task in tasks[:3])
                step = subject.states(f"runs {len(tasks)} tasks ({names}{', …' if len(tasks) > 3 else ''})")
                yield self.passes(subject, f"{subject.name} runs {len(tasks)} tasks as one workflow", evidence=[step])
            return
        for called, step in calls_between(graph, subject):
            if not subject.prop("DurableConfig").is_absent:
                message = f"{subject.name} is a durable function: it is not paid for while {called.name} works"
                yield self.passes(subject, message, evidence=[step], target=called.name)
                continue
            if handed_over(graph, subject, called):
                message = f"{subject.name} hands its results to {called.name} and does not wait"
                yield self.passes(subject, message, evidence=[step], target=called.name)
                continue
            further = [other for other, _ in calls_between(graph, called) if other != subject]
            chain = " → ".join(one.name for one in (subject, called, *further[:1]))
            cause = Missing(
                f"whether {subject.name} waits for {called.name} is in its code",
                "suppress with a reason if it invokes asynchronously, or let a state machine call both",
                f"call:{subject.name}:{called.name}",
            )
            message = f"{subject.name} may invoke {called.name} and wait for it ({chain})"
            yield self.unknown(subject, message, missing=[cause], evidence=[step], target=called.name)
