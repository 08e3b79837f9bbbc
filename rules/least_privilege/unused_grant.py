"""IAM011: a function may write a store that nothing in it refers to."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.iam.execution import users_of_role
from validator.graph.iam.services import FUNCTION, stores_perhaps_written, writers_of
from validator.graph.iam.use import Sign, sign_of_use
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_WORKER: Final = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      CODE
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Tickets}}]
"""


class UnusedGrant(Rule):
    """## What it proves
    Advice: a store that a function may write shows somewhere in the function: in its environment, its events, its
    inline code, or in a resource that knows both. Without such a sign, and with code that can be read here, the grant
    is reported; with code that cannot be read it stays *unknown*.

    ## Why it matters
    A grant that nobody uses is only of use to an intruder.

    ## How to fix
    Remove the grant, or hand the store's name to the function by an environment variable.

    ## What it cannot see
    Code in a package or an image; names that are built at run time.

    ## References
    - IAM User Guide, *Refine permissions using access information*
    """

    meta = RuleMeta(
        id="IAM011",
        title="A grant that nothing uses",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.LOW,
        why="A grant that nobody uses is only of use to an intruder.",
        subjects=(FUNCTION,),
        lens=("SEC2.a3",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html",),
    )
    examples = (
        Example.fails(
            "inline code that never names the table",
            _WORKER.replace("CODE", "InlineCode: 'def handler(event, context): return 1'").replace(
                "!Ref Tickets}}]", "!Ref Tickets}}] # <- finding"
            ),
        ),
        Example.passes(
            "the table is in the environment",
            _WORKER.replace("CODE", "CodeUri: src/\n      Environment: {Variables: {TABLE: !Ref Tickets}}"),
        ),
        Example.unknown("the code is a package", _WORKER.replace("CODE", "CodeUri: src/")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a store that the function's own role may write by name."""
        for store in stores_perhaps_written(subject, graph):
            writer = next((one for one in writers_of(store, graph) if one.function == subject), None)
            if writer is None or writer.grant is None or not store.exists():
                continue
            if len(users_of_role(writer.grant.principal, graph)) == 1:
                yield self._store(subject, store, sign_of_use(subject, store, graph), writer.grant.step)

    def _store(self, function: Resource, store: Resource, sign: Sign, grant: Evidence) -> Judgement:
        target, at = f"store {store.name}", grant.span
        step = Evidence(function.name, f"may write {store.name}", at)
        if sign.step is not None:
            message = f"{function.name} may write {store.name} and refers to it"
            return self.passes(function, message, evidence=[step, sign.step], at=at, target=target)
        if sign.missing is not None:
            message = f"{function.name} may write {store.name}; whether it does is not shown"
            missing: list[Missing] = [sign.missing]
            return self.unknown(function, message, missing=missing, evidence=[step], at=at, target=target)
        return self.fails(
            function,
            f"{function.name} may write {store.name}, and nothing in the function refers to it",
            evidence=[step, function.states("has inline code that does not name the store")],
            fix=f"Remove the grant on {store.name}, or pass its name to {function.name} by an environment variable.",
            at=at,
            target=target,
        )
