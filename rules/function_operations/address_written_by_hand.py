"""FUNC082: a function's variable repeats the name of a resource of the same run."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.names import NAME_PROPERTIES
from validator.graph.stores.usage import FUNCTION
from validator.model import Category, Severity
from validator.resolve import Text
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_WIRED = (
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::Lambda::Function",
    "AWS::StepFunctions::StateMachine",
    "AWS::Events::EventBus",
    "AWS::Kinesis::Stream",
)


class AddressWrittenByHand(Rule):
    """A variable that repeats the name of a resource of the run instead of referring to it.

    ## What it proves
    Where a function's environment names a resource of the run, it does so by `Ref` or `Fn::GetAtt`: the template
    wires the two together.

    ## Why it matters
    A name that is repeated by hand drifts: a renamed table leaves the function behind, and nobody is told
    before it runs.

    ## How to fix
    Write `!Ref` with the resource's logical ID in the place of the name.

    ## What it cannot see
    Names inside the code. A variable that names nothing of the run is not judged.

    ## References
    - Serverless Applications Lens, *Use configuration management*
    """

    meta = RuleMeta(
        id="FUNC082",
        title="A variable repeats a resource's name by hand",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A name that is repeated by hand drifts from the resource that it means.",
        subjects=(FUNCTION,),
        lens=("OPS2.a5",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the table's name is repeated",
            """\
Resources:
  Tickets: {Type: AWS::DynamoDB::Table, Properties: {TableName: tickets}}
  Sell:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables:
          TABLE: tickets # <- finding
""",
        ),
        Example.passes(
            "the table is referred to",
            """\
Resources:
  Tickets: {Type: AWS::DynamoDB::Table, Properties: {TableName: tickets}}
  Sell:
    Type: AWS::Lambda::Function
    Properties: {Environment: {Variables: {TABLE: !Ref Tickets}}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each variable that means a resource of the run."""
        for name, value in subject.prop("Environment", "Variables").entries():
            found = graph.target(value, *_WIRED) if isinstance(value, Text) else None
            if not isinstance(found, Resource):
                continue
            target = f"variable {name}"
            if value.literal is None or value.literal != found.prop(NAME_PROPERTIES[found.type]).literal:
                step = subject.states(f"refers to {found.name} in {name}", value.span)
                message = f"{subject.name} gets the address of {found.name} in {name} from the template"
                yield self.passes(subject, message, evidence=[step], at=value.span, target=target)
            elif isinstance(value, Text) and value.raw is not None:
                step = subject.states(f"writes {value.literal} in {name}", value.span)
                named = found.states(f"is named {value.literal}")
                message = f"{subject.name} repeats the name of {found.name} by hand in {name}"
                fix = f"Write in Environment.Variables of {subject.name}: {name}: !Ref {found.name}"
                yield self.fails(subject, message, evidence=[step, named], fix=fix, at=value.span, target=target)
