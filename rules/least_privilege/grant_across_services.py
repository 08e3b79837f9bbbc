"""IAM013: a function of one path may write the store of another."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.iam.services import FUNCTION, all_paths, paths_of, stem, stores_perhaps_written, writers_of
from validator.graph.names import NAME_PROPERTIES
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_API: Final = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  TicketsTable: {Type: AWS::DynamoDB::Table}
  ShowsTable: {Type: AWS::DynamoDB::Table}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Post: {Type: Api, Properties: {Path: /tickets, Method: post}}}
      ACCESS
  Plan:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref ShowsTable}}]
      Events: {Post: {Type: Api, Properties: {Path: /shows, Method: post}}}
"""


class GrantAcrossServices(Rule):
    """## What it proves
    A function that answers one subject of an API (`/tickets`) may not write a store that is named after another
    subject of the API (`ShowsTable`, `/shows`). Only stores and paths that carry each other's name are compared, and
    only grants that name the store.

    ## Why it matters
    In the paper each path has its function, and each function reaches its own store.

    ## How to fix
    Give the write to the function of that path, and call it; or keep a read grant only.

    ## What it cannot see
    Stores whose names say nothing of a path are not judged, and functions behind a proxy path neither.

    ## References
    - AWS Serverless Multi-Tier Architectures, *Mobile backend*, *Microservices with Lambda*
    """

    meta = RuleMeta(
        id="IAM013",
        title="A grant that crosses services",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.LOW,
        why="A function that writes the store of another path couples the two.",
        subjects=(FUNCTION,),
        lens=("SEC2.a3",),
        references=(
            "https://docs.aws.amazon.com/whitepapers/latest/serverless-multi-tier-architectures-api-gateway-lambda/",
        ),
    )
    examples = (
        Example.fails(
            "the tickets function writes the shows table",
            _API.replace("ACCESS", "Policies: [{DynamoDBWritePolicy: {TableName: !Ref ShowsTable}}] # <- finding"),
        ),
        Example.passes(
            "each function writes its own table",
            _API.replace("ACCESS", "Policies: [{DynamoDBWritePolicy: {TableName: !Ref TicketsTable}}]"),
        ),
        Example.unknown(
            "the function's role is not in the run",
            _API.replace(
                "ACCESS",
                "Role: arn:aws:iam::111122223333:role/sell\n      Environment: {Variables: {TABLE: !Ref ShowsTable}}",
            ),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a store that the function may write and that is named after some path."""
        own = paths_of(subject, graph)
        if not own or "" in own:
            return
        for store in stores_perhaps_written(subject, graph):
            about = _about(store, graph)
            if about and store.exists():
                yield from self._store(subject, store, own, about, graph)

    def _store(
        self, function: Resource, store: Resource, own: frozenset[str], about: frozenset[str], graph: Architecture
    ) -> Iterator[Judgement]:
        writer = next((one for one in writers_of(store, graph) if one.function == function), None)
        if writer is None:
            return
        target = f"store {store.name}"
        paths = ", ".join(f"/{path}…" for path in sorted(own))
        if writer.missing is not None:
            if not about & own:
                yield self.unknown(
                    function,
                    f"{function.name} answers {paths} and may write {store.name}: its role cannot be read",
                    missing=[writer.missing],
                    evidence=[function.states(f"refers to {store.name}")],
                    target=target,
                )
            return
        span = writer.grant.element.span if writer.grant is not None else function.span
        step = Evidence(function.name, f"may write {store.name}", span)
        if about & own:
            message = f"{function.name} answers {paths} and writes {store.name} of the same name"
            yield self.passes(function, message, evidence=[step], at=span, target=target)
            return
        others = ", ".join(f"/{path}…" for path in sorted(about))
        yield self.fails(
            function,
            f"{function.name} answers {paths} and may write {store.name}, which belongs to {others}",
            evidence=[function.states(f"answers {paths}"), step],
            fix=f"Remove the write grant on {store.name} from {function.name}, and call the function of {others}.",
            at=span,
            target=target,
        )


def _about(store: Resource, graph: Architecture) -> frozenset[str]:
    """The paths that the store is named after."""

    def compute() -> frozenset[str]:
        name = _name(store)
        return frozenset(path for path in all_paths(graph) if path in name)

    return graph.memo("paths-of-store", store, compute)


def _name(store: Resource) -> str:
    """The store's name and logical ID in the spelling of paths."""
    named = store.prop(NAME_PROPERTIES[store.type]).literal or ""
    return stem(f"{store.logical_id} {named}")
