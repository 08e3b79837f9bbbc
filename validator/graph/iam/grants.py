"""Grants on stores: who may read or write what, from identity policies, statement by statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.access import Access, access_of_action
from validator.graph.iam.actions import Action, expand, is_everything, matches
from validator.graph.iam.arns import Coverage, match
from validator.graph.iam.ceilings import ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.identities import PRINCIPAL_TYPES, identity_of
from validator.graph.iam.policies import Policy
from validator.graph.names import NAME_PROPERTIES
from validator.graph.resource import Resource
from validator.model import Evidence
from validator.resolve import Part, Pseudo, ResourceRef, Text, Value
from validator.resolve.values import text_of

STORE_ARNS: Final[dict[str, tuple[str, ...]]] = {
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "table/{}", "table/{}/index/*"),
    "AWS::DynamoDB::Table": ("dynamodb", "table/{}", "table/{}/index/*"),
    "AWS::Kinesis::Stream": ("kinesis", "stream/{}"),
    "AWS::S3::Bucket": ("s3", "{}", "{}/*"),
    "AWS::SNS::Topic": ("sns", "{}"),
    "AWS::SQS::Queue": ("sqs", "{}"),
    "AWS::SSM::Parameter": ("ssm", "parameter/{}"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "secret:{}"),
    "AWS::Timestream::Database": ("timestream", "database/{}"),
    "AWS::Cassandra::Keyspace": ("cassandra", "/keyspace/{}/*"),
    "AWS::Elasticsearch::Domain": ("es", "domain/{}", "domain/{}/*"),
    "AWS::OpenSearchService::Domain": ("es", "domain/{}", "domain/{}/*"),
}
"""The service of a type's ARNs and the forms of their last segment; ``{}`` is the name."""

_DATA_SERVICES: Final = frozenset(
    (
        "aoss",
        "cassandra",
        "dynamodb",
        "dsql",
        "elasticfilesystem",
        "es",
        "neptune-db",
        "qldb",
        "rds-data",
        "redshift-data",
        "s3",
        "secretsmanager",
        "ssm",
        "timestream",
    )
)
"""Action prefixes under which the data of stores is read and written."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement by which a principal may use a resource."""

    principal: Resource
    policy: Policy
    statement: Statement
    element: Value
    """The ``Resource`` element that covers the resource."""
    coverage: Coverage
    access: frozenset[Access]

    @property
    def step(self) -> Evidence:
        """The statement as a step of evidence."""
        how = " and ".join(sorted(kind.value for kind in self.access))
        return self.policy.states(self.statement, f"may {how}", self.element.span)

    @property
    def is_named(self) -> bool:
        """Whether the statement names the resource, not a pattern that also covers it."""
        return self.coverage is Coverage.NAMED


def arns_of(resource: Resource) -> tuple[Text, ...]:
    """The ARNs of a store and of what is in it; empty for types whose ARN is not modelled."""
    forms = STORE_ARNS.get(resource.type)
    if forms is None:
        return ()
    service, *rests = forms
    named = resource.prop(NAME_PROPERTIES.get(resource.type, "Name"))
    name: tuple[Part, ...] = (ResourceRef(resource.id.stack, resource.logical_id),)
    if isinstance(named, Text) and named.parts:
        name = named.parts
        if service == "ssm" and isinstance(name[0], str):
            name = (name[0].removeprefix("/"), *name[1:])
    return tuple(_arn(service, rest, name, resource) for rest in rests)


def _arn(service: str, rest: str, name: tuple[Part, ...], resource: Resource) -> Text:
    before, _, after = rest.partition("{}")
    local: list[Part] = [":", ":"] if service == "s3" else [":", Pseudo("AWS::Region"), ":", Pseudo("AWS::AccountId")]
    parts: list[Part] = ["arn:", Pseudo("AWS::Partition"), f":{service}", *local, f":{before}", *name, after]
    return text_of(parts, resource.span)


def coverage_of(element: Value, resource: Resource) -> Coverage:
    """How a ``Resource`` element stands to a resource of the run."""
    if isinstance(element, Text):
        for reference in element.references:
            if (reference.stack, reference.logical_id) == (resource.id.stack, resource.logical_id):
                return Coverage.NO if reference.attribute == "StreamArn" else Coverage.NAMED
        if _is_of_another_store(element, resource):
            return Coverage.NO
    found = {match(element, arn) for arn in arns_of(resource)}
    return next((kind for kind in (Coverage.NAMED, Coverage.PATTERN, Coverage.UNKNOWN) if kind in found), Coverage.NO)


def _is_of_another_store(element: Text, resource: Resource) -> bool:
    """Whether the text begins with the ARN of another store of the run: no need to compare it part by part."""
    first = element.parts[0] if element.parts else None
    if not isinstance(first, ResourceRef) or first.attribute != "Arn":
        return False
    scope = resource.scope.evaluation.scopes.get(first.stack)
    other = None if scope is None else scope.template.resources.get(first.logical_id)
    return other is not None and other.type in STORE_ARNS


def grants_on(resource: Resource, principal: Resource, graph: Architecture) -> tuple[Grant, ...]:
    """The statements of a principal's policies by which it may use a store of the run."""
    return graph.memo("iam-grants", (resource, principal), lambda: tuple(_grants_on(resource, principal, graph)))


def _grants_on(resource: Resource, principal: Resource, graph: Architecture) -> Iterator[Grant]:
    service = STORE_ARNS[resource.type][0] if resource.type in STORE_ARNS else ""
    for policy, statement in allows_of(principal, graph):
        access = frozenset(
            kind
            for action in granted_actions(statement)
            if action.service == service
            for kind in access_of_action(action)
        )
        if any(is_everything(value.literal or "") for value in statement.actions):
            access = frozenset(Access)
        if not access:
            continue
        for element in statement.resources:
            coverage = coverage_of(element, resource)
            if coverage is not Coverage.NO:
                yield Grant(principal, policy, statement, element, coverage, access)
                break


def allows_of(principal: Resource, graph: Architecture) -> tuple[tuple[Policy, Statement], ...]:
    """The Allow statements of all policies of a principal that can be read."""
    return tuple(
        (policy, statement)
        for policy in identity_of(principal, graph).policies
        if policy.missing is None
        for statement in policy.statements
        if statement.missing is None and statement.allows
    )


def granted_actions(statement: Statement) -> tuple[Action, ...]:
    """The actions that a statement's patterns stand for; none for ``*``, which the caller asks for itself."""
    texts = (value.literal for value in statement.actions)
    return tuple(action for text in texts if text is not None for action in expand(text))


def data_access(statement: Statement) -> frozenset[Access]:
    """What a statement gives on the data of stores: reads, writes, lists; empty when it speaks of no store."""
    if statement.not_actions or any(is_everything(value.literal or "") for value in statement.actions):
        return frozenset((Access.READ, Access.WRITE, Access.LIST))
    actions = (action for action in granted_actions(statement) if action.service in _DATA_SERVICES)
    found = {kind for action in actions for kind in access_of_action(action)}
    return frozenset(found - {Access.MANAGE} if found != {Access.MANAGE} else {Access.WRITE})


def who_may(action: str, resource: Resource, graph: Architecture) -> tuple[Grant, ...]:
    """The grants of the run's principals that cover one action on one resource and that nothing takes back."""
    found = []
    for principal in graph.existing(*PRINCIPAL_TYPES):
        for grant in grants_on(resource, principal, graph):
            texts = (value.literal for value in grant.statement.actions)
            granted = any(text is not None and matches(text, action) for text in texts)
            if granted and ceiling_on(grant.policy, grant.statement, action, graph) is None:
                found.append(grant)
    return tuple(found)
