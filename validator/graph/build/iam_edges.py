"""Edges of identities: who assumes which role, which role may use which store, and which visitors get a role."""

from collections.abc import Iterator

from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Place, Relation
from validator.graph.iam.arns import Coverage
from validator.graph.iam.execution import execution_role
from validator.graph.iam.grants import STORE_ARNS, Grant, coverage_of, grants_on
from validator.graph.iam.identities import identity_of
from validator.graph.iam.people import ATTACHMENT, GROUP, Visitor, roles_for_people
from validator.graph.iam.policies import RESOURCE_POLICIES, resource_policies
from validator.graph.iam.public import grants_to_everyone
from validator.graph.resource import Resource
from validator.resolve import Value

_RUNS_AS = ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine")
_SUBJECTS = {"Bucket": "AWS::S3::Bucket", "Queues": "AWS::SQS::Queue", "Topics": "AWS::SNS::Topic"}


def edges(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    """The identity edges that this resource proves."""
    if resource.type in _RUNS_AS:
        yield from _assumes(graph, resource)
    elif resource.type == "AWS::IAM::Role":
        yield from _may(graph, resource)
    elif resource.type in (ATTACHMENT, GROUP):
        yield from _people(graph, resource)
    elif resource.type in RESOURCE_POLICIES:
        yield from _public(graph, resource)


def _assumes(graph: Architecture, user: Resource) -> Iterator[Edge]:
    found = execution_role(user, graph)
    if found is not None and found.role is not None:
        yield Edge(user, Relation.ASSUMES, found.role, found.span)


def _may(graph: Architecture, role: Resource) -> Iterator[Edge]:
    """Grants that name a store; those on everything would draw an edge to each store and say nothing."""
    for store in _named_stores(graph, role):
        for grant in grants_on(store, role, graph):
            if grant.is_named:
                yield Edge(role, Relation.MAY, store, grant.element.span, _detail(grant))


def _named_stores(graph: Architecture, role: Resource) -> list[Resource]:
    """The stores that some element of the role's policies covers; asks no store that is not mentioned to exist."""
    elements = [
        element
        for policy in identity_of(role, graph).policies
        if policy.missing is None
        for statement in policy.statements
        for element in statement.resources
    ]
    stores = graph.declared(*STORE_ARNS)
    return [store for store in stores if _is_meant(store, elements) and store.exists()]


def _is_meant(store: Resource, elements: list[Value]) -> bool:
    return any(coverage_of(element, store) is Coverage.NAMED for element in elements)


def _detail(grant: Grant) -> str:
    return ", ".join(sorted(kind.value for kind in grant.access))


def _people(graph: Architecture, source: Resource) -> Iterator[Edge]:
    for given in roles_for_people(source, graph):
        if given.role is not None:
            place = Place.INTERNET if given.visitor is Visitor.GUEST else Place.SIGNED_IN_USER
            yield Edge(place, Relation.ASSUMES, given.role, given.span, f"by {source.name}")


def _public(graph: Architecture, holder: Resource) -> Iterator[Edge]:
    for policy in resource_policies(holder):
        for grant in () if policy.missing is not None else grants_to_everyone(policy.statements):
            if grant.is_public:
                for target in _subjects(graph, holder):
                    yield Edge(Place.INTERNET, Relation.MAY, target, grant.statement.span, f"by {holder.name}")


def _subjects(graph: Architecture, holder: Resource) -> Iterator[Resource]:
    """What a policy resource speaks of: the bucket, queues or topics it is attached to, else itself."""
    found = [
        target
        for name, kind in _SUBJECTS.items()
        for value in holder.prop(name).items()
        if isinstance(target := graph.target(value, kind), Resource)
    ]
    yield from found or [holder]
