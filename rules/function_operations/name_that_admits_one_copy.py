"""FUNC081: a fixed name keeps a second copy of the stack from being made."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.names import NAME_PROPERTIES
from validator.model import Category, Severity
from validator.resolve import Text
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_NAMED = (
    "AWS::Lambda::Function",
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::IAM::ManagedPolicy",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::StepFunctions::StateMachine",
)


class NameThatAdmitsOneCopy(Rule):
    """A resource whose name is written out, so that the stack can stand once in an account and Region.

    ## What it proves
    The name of a resource holds something of the stack: its name, a parameter, another value that differs from copy
    to copy. A resource without a name of its own gets one from CloudFormation and is not judged.

    ## Why it matters
    A copy of the stack for a feature or a test fails on the name, so people share one environment instead.

    ## How to fix
    Leave the name out, or build it with `!Sub "${AWS::StackName}-…"`.

    ## What it cannot see
    Whether each developer has an account of their own, where a fixed name does no harm.

    ## References
    - Serverless Applications Lens, *Prototype new features using temporary environments*
    """

    meta = RuleMeta(
        id="FUNC081",
        title="A fixed name admits one copy of the stack",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A second copy of the stack, for a feature or a test, fails on the name.",
        subjects=_NAMED,
        lens=("OPS2.a2",),
        references=(
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the name is written out",
            """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders # <- finding
""",
        ),
        Example.passes(
            "the name holds the stack's",
            """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${AWS::StackName}-orders"}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each resource that has a name of its own."""
        name = NAME_PROPERTIES[subject.type]
        value = subject.prop(name)
        if value.is_absent:
            return
        if isinstance(value, Text) and value.raw is not None and value.literal is not None:
            step = subject.states(f"has {name} {value.literal}", value.span)
            message = f"{subject.name} has the fixed {name} {value.literal}: a second copy of the stack fails on it"
            fix = f'Leave {name} out of {subject.name}, or write {name}: !Sub "${{AWS::StackName}}-{value.literal}"'
            yield self.fails(subject, message, evidence=[step], fix=fix, at=value.span)
            return
        message = f"{subject.name} has a {name} that can differ from copy to copy"
        yield self.passes(subject, message, evidence=[subject.states(f"builds its {name}", value.span)])
