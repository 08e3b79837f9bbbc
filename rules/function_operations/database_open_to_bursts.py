"""FUNC012: a burst of calls uses up a database's connections."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import SourceKind, source_of
from validator.graph.functions.triggers import FUNCTION, mappings_of
from validator.graph.functions.waiting import waits_for
from validator.graph.stores.usage import Use, uses_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_DATABASES: Final = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance",
)
_PROXY: Final = "AWS::RDS::DBProxy"

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {{DBInstanceClass: db.t4g.small, Engine: postgres, ManageMasterUserPassword: true}}
  Book:{mark}
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""{more}
      Environment: {{Variables: {{HOST: !GetAtt Database.Endpoint.Address}}}}
      Events: {{Get: {{Type: HttpApi, Properties: {{Path: /, Method: get}}}}}}
"""


class DatabaseOpenToBursts(Rule):
    """An API's function opens connections to a database, and nothing bounds how many.

    ## What it proves
    Where a function that an API waits for connects to a relational or document database, a proxy pools the
    connections, `ReservedConcurrentExecutions` caps the function, or the cluster scales (Serverless v2).
    A function that polls a queue or stream passes when its mapping bounds the concurrency. Others are not judged.

    ## Why it matters
    Functions scale by hundreds in seconds, and each instance holds a connection. The database refuses the rest, and
    all its clients with them.

    ## How to fix
    Put an `AWS::RDS::DBProxy` between, or set `ReservedConcurrentExecutions` to what the database bears.

    ## What it cannot see
    Whether a limit on the API's requests is low enough: as many connections can be open as requests come in while one
    call runs. The sum of several functions' caps; a pool kept by other means.

    ## References
    Lambda Developer Guide, *Configuring reserved concurrency*; RDS User Guide, *Using Amazon RDS Proxy*.
    """

    meta = RuleMeta(
        id="FUNC012",
        title="A burst of calls uses up a database's connections",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Each instance of a function holds a connection, and functions scale faster than databases.",
        subjects=(FUNCTION,),
        lens=("REL1.a3",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",),
        since="0.2",
    )
    examples = (
        Example.fails("nothing bounds the connections", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes(
            "the function's concurrency is capped",
            _TEMPLATE.format(mark="", more="\n      ReservedConcurrentExecutions: 20"),
        ),
        Example.unknown(
            "a parameter caps it",
            _TEMPLATE.format(mark="", more="\n      ReservedConcurrentExecutions: !Ref Cap").replace(
                "Resources:", "Parameters: {Cap: {Type: Number}}\nResources:"
            ),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each database that the function connects to."""
        for use in {use.store: use for use in uses_of(graph, subject)}.values():
            if use.store.type == _PROXY:
                message = f"{subject.name} connects through {use.store.name}, which pools connections"
                yield self.passes(subject, message, evidence=[use.step], target=use.store.name)
            elif use.store.type in _DATABASES:
                yield from self._of_database(subject, use, graph)

    def _of_database(self, subject: Resource, use: Use, graph: Architecture) -> Iterator[Judgement]:
        store, target = use.store, use.store.name
        cap = subject.prop("ReservedConcurrentExecutions")
        bound = _bound(graph, subject, store)
        if bound is not None:
            message = f"{subject.name} connects to {store.name}, and something bounds the connections"
            yield self.passes(subject, message, evidence=[use.step, bound], target=target)
            return
        waits = waits_for(graph, subject)
        if not waits:
            return
        entry = waits[0].caller.states(f"calls {subject.name} and waits", waits[0].span)
        if cap.missing is not None:
            message = f"{subject.name} connects to {store.name}: how many instances it may have is not known"
            yield self.unknown(subject, message, missing=[cap.missing], evidence=[entry, use.step], target=target)
            return
        yield self.fails(
            subject,
            f"{subject.name}, which {waits[0].shown} calls, connects to {store.name} without a proxy or a cap",
            evidence=[entry, use.step, subject.states("has no ReservedConcurrentExecutions")],
            fix=f"Set on {subject.name}: ReservedConcurrentExecutions: <connections that {store.name} can spare>, "
            "or connect through an AWS::RDS::DBProxy.",
            target=target,
        )


def _bound(graph: Architecture, function: Resource, store: Resource) -> Evidence | None:
    """What keeps the number of connections below what the database bears."""
    cap = function.prop("ReservedConcurrentExecutions")
    if cap.integer() is not None:
        return function.states(f"runs in {cap.integer()} instances at most", cap.span)
    scaling = store.prop("ServerlessV2ScalingConfiguration")
    if not scaling.is_absent:
        return store.states("scales with the load", scaling.span)
    mappings = mappings_of(graph, function)
    if waits_for(graph, function) or not mappings:
        return None
    for mapping in mappings:
        most = mapping.prop("ScalingConfig", "MaximumConcurrency")
        if most.is_absent and source_of(graph, mapping).kind is not SourceKind.STREAM:
            return None
    return mappings[0].states(f"bounds how many instances of {function.name} run")
