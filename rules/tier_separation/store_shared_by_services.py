"""TIER009: a store that functions of more than one service write."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.iam.services import OWNED_STORES, Service, Writer, services_of, writers_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TWO: Final = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Tickets: {Type: AWS::DynamoDB::Table}MARK
  Shows: {Type: AWS::DynamoDB::Table}
  TicketsApi: {Type: AWS::Serverless::HttpApi}
  ShowsApi: {Type: AWS::Serverless::HttpApi}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Tickets}}]
      Events: {Post: {Type: HttpApi, Properties: {ApiId: !Ref TicketsApi, Path: /tickets, Method: post}}}
  Plan:
    Type: AWS::Serverless::Function
    Properties:
      ACCESS
      Events: {Post: {Type: HttpApi, Properties: {ApiId: !Ref ShowsApi, Path: /shows, Method: post}}}
"""


class StoreSharedByServices(Rule):
    """## What it proves
    Where a run has more than one service, each store is written by the functions of one of them. A service is a stack
    of the run; within one stack it is the functions behind one API, when there are several APIs. The finding says
    which definition was used. Only grants that name the store count; a grant on every table is IAM003's.

    ## Why it matters
    Services that write one store cannot change its form, scale or fail apart: the paper gives each its own.

    ## How to fix
    Let one service own the store, and let the others call its API or publish an event.

    ## What it cannot see
    Writers outside the run; functions without an API beside several APIs, which belong to no service for certain.

    ## References
    - AWS Serverless Multi-Tier Architectures, *Microservices with Lambda*
    """

    meta = RuleMeta(
        id="TIER009",
        title="A store shared by services",
        category=Category.TIER_SEPARATION,
        severity=Severity.MEDIUM,
        why="Services that write one store are coupled in its form, its load and its failures.",
        subjects=OWNED_STORES,
        lens=("SEC2",),
        references=(
            "https://docs.aws.amazon.com/whitepapers/latest/serverless-multi-tier-architectures-api-gateway-lambda/",
        ),
    )
    examples = (
        Example.fails(
            "the shows service writes the tickets table",
            _TWO.replace("MARK", " # <- finding").replace(
                "ACCESS", "Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tickets}}]"
            ),
        ),
        Example.passes(
            "each service writes its own table",
            _TWO.replace("MARK", "").replace("ACCESS", "Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Shows}}]"),
        ),
        Example.unknown(
            "a function with a role from outside refers to the table",
            _TWO.replace("MARK", "").replace(
                "ACCESS",
                "Role: arn:aws:iam::111122223333:role/plan\n      Environment: {Variables: {TABLE: !Ref Tickets}}",
            ),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a store that some service writes, where there is more than one service."""
        writers = [(services_of(writer.function, graph), writer) for writer in writers_of(subject, graph)]
        placed = [(next(iter(found)), writer) for found, writer in writers if len(found) == 1]
        certain = [(service, writer) for service, writer in placed if writer.missing is None]
        doubtful = [(service, writer) for service, writer in placed if writer.missing is not None]
        services = sorted({service for service, _ in certain})
        others = {service for service, _ in doubtful} - set(services)
        if len(services) > 1:
            yield self._fails(subject, services, certain)
        elif (services and others) or len(others) > 1:
            yield self.unknown(
                subject,
                f"{subject.name} may be written by more than one service: "
                + ", ".join(sorted(map(str, {*services, *others}))),
                missing=[writer.missing for _, writer in doubtful if writer.missing is not None],
                evidence=[_step(service, writer) for service, writer in placed],
            )
        elif services and _has_several_services(graph):
            message = f"{subject.name} is written by one service: {services[0]}"
            yield self.passes(subject, message, evidence=[_step(service, writer) for service, writer in certain])

    def _fails(self, store: Resource, services: list[Service], certain: list[tuple[Service, Writer]]) -> Judgement:
        named = ", ".join(
            f"{service} ({', '.join(writer.function.name for one, writer in certain if one == service)})"
            for service in services
        )
        by = "an API with its functions" if all(service.api for service in services) else "a stack"
        return self.fails(
            store,
            f"{store.name} is written by {len(services)} services: {named}; a service here is {by}",
            evidence=[_step(service, writer) for service, writer in certain],
            fix=f"Keep the grant on {store.name} in one service; let the others call its API or publish an event.",
        )


def _step(service: Service, writer: Writer) -> Evidence:
    if writer.grant is None:
        return writer.function.states(f"of {service} refers to the store")
    span = writer.grant.element.span
    return Evidence(writer.function.name, f"of {service} may write the store", span)


def _has_several_services(graph: Architecture) -> bool:
    found: set[Service] = set()
    # Two settle it: those that no condition guards are asked first, so that most conditions stay open.
    for function in sorted(graph.declared("AWS::Lambda::Function"), key=lambda one: "Condition" in one.body.entries):
        if function.exists():
            found |= services_of(function, graph)
            if len(found) > 1:
                return True
    return False
