"""FUNC015: nobody chose a function's memory and time."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.triggers import FUNCTION
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_LARGEST = 10_240
"""The most memory that a function can have, in MB (Lambda quotas)."""

_TEMPLATE = """\
Resources:
  Book:{mark}
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      Role: arn:aws:iam::111122223333:role/r
      Code: {{ZipFile: ""}}
{more}"""


class SizeLeftToDefault(Rule):
    """A function runs with the default memory and the default timeout, or with all the memory there is.

    ## What it proves
    `MemorySize` and `Timeout` are written (pass, with the architecture). Fails where neither is: 128 MB and 3 s are
    what Lambda takes when nobody chose, and 128 MB is also the least processor. Fails at 10,240 MB, the most.
    A function with one of the two written is not judged.

    ## Why it matters
    Memory sets the processor's share as well: too little is slow and often dearer, too much is paid for and not used.

    ## How to fix
    Measure with a few sizes and write `MemorySize` and `Timeout`. `Architectures: [arm64]` costs a fifth less.

    ## What it cannot see
    Whether the numbers were measured.

    ## References
    Lambda Developer Guide, *Configure Lambda function memory*; Serverless Lens, PERF 1 and COST 1.
    """

    meta = RuleMeta(
        id="FUNC015",
        title="A function's size is left to the default",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="The default is the slowest function there is, and its timeout ends most first calls to a network.",
        subjects=(FUNCTION,),
        lens=("PERF1.a3", "COST1.a3"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",),
        since="0.2",
    )
    examples = (
        Example.fails("neither is written", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes("both are", _TEMPLATE.format(mark="", more="      MemorySize: 512\n      Timeout: 10\n")),
        Example.unknown(
            "the memory is a parameter",
            "Parameters: {Memory: {Type: Number}}\n"
            + _TEMPLATE.format(mark="", more="      MemorySize: !Ref Memory # <- finding\n      Timeout: 10\n"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges functions whose code the template names, not those at the edge."""
        memory, timeout = subject.prop("MemorySize"), subject.prop("Timeout")
        if memory.is_absent and timeout.is_absent:
            yield self.fails(
                subject,
                f"{subject.name} runs with 128 MB and 3 s, which nobody chose",
                evidence=[subject.states("has neither MemorySize nor Timeout")],
                fix=f"Set on {subject.name}: MemorySize and Timeout, as measured (MemorySize: 512, Timeout: 10).",
            )
        elif memory.integer() == _LARGEST:
            yield self.fails(
                subject,
                f"{subject.name} has all the memory there is ({_LARGEST} MB)",
                evidence=[subject.states(f"has MemorySize {_LARGEST}", memory.span)],
                fix=f"Set on {subject.name}: MemorySize to the cheapest size that is quick enough.",
                at=memory.span,
            )
        elif not memory.is_absent and not timeout.is_absent:
            if memory.missing is not None:
                message = f"{subject.name}: its memory is not known"
                yield self.unknown(subject, message, missing=[memory.missing], at=memory.span)
                return
            arm = any(item.literal == "arm64" for item in subject.prop("Architectures").items())
            kind = "arm64" if arm else "x86_64"
            step = subject.states(f"has {memory.literal or 'a chosen'} MB on {kind}", memory.span)
            yield self.passes(subject, f"{subject.name} has a size of its own ({kind})", evidence=[step])
