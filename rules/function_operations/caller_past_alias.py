"""FUNC014: a caller goes past the alias that shifts traffic."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.callers import Caller, callers_of
from validator.graph.functions.triggers import ALIAS, FUNCTION, LATEST
from validator.model import Category, Severity
from validator.resolve import Text
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Orders: {{Type: AWS::SNS::Topic}}
  Book:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  Version: {{Type: AWS::Lambda::Version, Properties: {{FunctionName: !Ref Book}}}}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {{Name: live, FunctionName: !Ref Book, FunctionVersion: !GetAtt Version.Version}}
  ToBook:
    Type: AWS::SNS::Subscription
    Properties: {{TopicArn: !Ref Orders, Protocol: lambda, Endpoint: !Ref {endpoint}}}{mark}
"""


class CallerPastAlias(Rule):
    """A function has an alias, and something calls the function itself.

    ## What it proves
    Where a function has an alias, its APIs, its event sources and its URL name the alias or a version. Calls to the
    unqualified function run the code that was uploaded last (`$LATEST`).

    ## Why it matters
    Such a caller gets each upload at once: gradual deployment, provisioned concurrency and SnapStart do not reach it.

    ## How to fix
    Name the alias (`!Ref Live`) in the caller, and grant the permission on it. SAM does so with `AutoPublishAlias`.

    ## What it cannot see
    Callers outside the run, and names that the code makes up.

    ## References
    Lambda Developer Guide, *Using Lambda aliases in event sources and permissions policies*.
    """

    meta = RuleMeta(
        id="FUNC014",
        title="A caller goes past the function's alias",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Traffic that goes past the alias gets every upload at once.",
        subjects=(FUNCTION,),
        lens=("OPS2.a3",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the subscription names the function",
            _TEMPLATE.format(endpoint='"Book"', mark="")
            .replace('!Ref "Book"', "!GetAtt Book.Arn")
            .replace("Endpoint: !GetAtt Book.Arn}", "Endpoint: !GetAtt Book.Arn} # <- finding"),
        ),
        Example.passes("it names the alias", _TEMPLATE.format(endpoint="Live", mark="")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each caller of a function with an alias."""
        aliases = graph.referrers(subject, ALIAS)
        if not aliases:
            return
        names = ", ".join(str(name) for one in aliases if isinstance(name := one.prop("Name"), Text))
        for caller in callers_of(graph, subject):
            yield self._verdict(subject, caller, aliases[0], names)

    def _verdict(self, subject: Resource, caller: Caller, alias: Resource, names: str) -> Judgement:
        target = caller.shown
        step = caller.resource.states(f"calls {caller.qualifier}", caller.span)
        if caller.qualifier != LATEST:
            message = f"{subject.name} is called by {caller.shown} through {caller.qualifier}"
            return self.passes(subject, message, evidence=[step], at=caller.span, target=target)
        return self.fails(
            subject,
            f"{subject.name} has alias {names}, and {caller.shown} calls the function itself ($LATEST)",
            evidence=[step, alias.states(f"is an alias of {subject.name}")],
            fix=f"Name the alias in {caller.shown}: !Ref {alias.logical_id}.",
            at=caller.span,
            target=target,
        )
