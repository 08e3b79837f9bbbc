"""Where policies stand: which property of which resource type holds a document, and of what kind.

From the CloudFormation resource schemas. What only has the word policy in its name (Cedar, scaling, life cycle,
parameter policies) is not here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.documents import MadeMap, Statement, document_of, statements_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Text, Unknown, Value


class PolicyKind(StrEnum):
    """What a document is for."""

    IDENTITY = "identity"
    TRUST = "trust"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document and the resource in which it stands."""

    holder: Resource
    kind: PolicyKind
    name: str
    """How findings name it: the policy's own name, else its property."""
    body: Value

    @property
    def span(self) -> Span:
        """Where the document stands."""
        return self.body.span

    @property
    def missing(self) -> Missing | None:
        """Why the document cannot be read, if it cannot."""
        return self.body.cause if isinstance(self.body, Unknown) else None

    @property
    def is_unasked(self) -> bool:
        """Whether SAM writes it of its own accord, for an event source, a queue or a destination.

        What the person lists under ``Policies`` becomes ``<Role>Policy<number>``; all else in the role is SAM's.
        """
        if self.kind is not PolicyKind.IDENTITY or self.holder.type != "AWS::IAM::Role":
            return False
        asked = re.fullmatch(rf"{re.escape(self.holder.logical_id)}Policy\d+", self.name)
        return self.holder.is_generated and asked is None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements in the scenario in force."""
        return statements_of(self.body)

    @property
    def version(self) -> str:
        """The grammar's version; absent means the old one, which knows no variables."""
        return self.body.get("Version").literal or "2008-10-17"

    def title(self, statement: Statement | None = None) -> str:
        """``policy Access statement 2``: how findings name the part that is judged."""
        return f"policy {self.name}" + ("" if statement is None else f" statement {statement.number}")

    def states(self, statement: Statement, what: str, span: Span | None = None) -> Evidence:
        """A step of evidence: the statement and what it says."""
        where = f"statement {statement.number} of policy {self.name}"
        return self.holder.states(f"{what} ({where})", span or statement.span)


IDENTITY_TYPES: Final = (
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::SSO::PermissionSet",
)
"""The types whose documents grant something to an identity."""

_OWN_DOCUMENT: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)

RESOURCE_POLICIES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::ApiGateway::DomainNameV2": (("Policy",),),
    "AWS::ApiGateway::RestApi": (("Policy",), ("Body", "x-amazon-apigateway-policy")),
    "AWS::Backup::BackupVault": (("AccessPolicy",),),
    "AWS::Bedrock::ResourcePolicy": (("PolicyDocument",),),
    "AWS::CloudTrail::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::CodeArtifact::Domain": (("PermissionsPolicyDocument",),),
    "AWS::CodeArtifact::Repository": (("PermissionsPolicyDocument",),),
    "AWS::DSQL::Cluster": (("PolicyDocument",),),
    "AWS::DynamoDB::GlobalTable": (
        ("Replicas", "*", "ResourcePolicy", "PolicyDocument"),
        ("Replicas", "*", "ReplicaStreamSpecification", "ResourcePolicy", "PolicyDocument"),
    ),
    "AWS::DynamoDB::Table": (
        ("ResourcePolicy", "PolicyDocument"),
        ("StreamSpecification", "ResourcePolicy", "PolicyDocument"),
    ),
    "AWS::ECR::PublicRepository": (("RepositoryPolicyText",),),
    "AWS::ECR::RegistryPolicy": (("PolicyText",),),
    "AWS::ECR::Repository": (("RepositoryPolicyText",),),
    "AWS::EFS::FileSystem": (("FileSystemPolicy",),),
    "AWS::Elasticsearch::Domain": (("AccessPolicies",),),
    "AWS::EventSchemas::RegistryPolicy": (("Policy",),),
    "AWS::Events::EventBus": (("Policy",),),
    "AWS::Events::EventBusPolicy": (("Statement",),),
    "AWS::EventsV2::ResourcePolicy": (("PolicyDocument",),),
    "AWS::KMS::Key": (("KeyPolicy",),),
    "AWS::KMS::ReplicaKey": (("KeyPolicy",),),
    "AWS::Kinesis::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::Lambda::ResourcePolicy": (("PolicyDocument",),),
    "AWS::Logs::Destination": (("DestinationPolicy",),),
    "AWS::Logs::LogGroup": (("ResourcePolicyDocument",),),
    "AWS::Logs::ResourcePolicy": (("PolicyDocument",),),
    "AWS::MSK::ClusterPolicy": (("Policy",),),
    "AWS::MediaStore::Container": (("Policy",),),
    "AWS::OSIS::Pipeline": (("ResourcePolicy", "Policy"),),
    "AWS::OpenSearchService::Domain": (("AccessPolicies",),),
    "AWS::Redshift::Cluster": (("NamespaceResourcePolicy",),),
    "AWS::RedshiftServerless::Namespace": (("NamespaceResourcePolicy",),),
    "AWS::S3::AccessPoint": (("Policy",),),
    "AWS::S3::BucketPolicy": (("PolicyDocument",),),
    "AWS::S3::MultiRegionAccessPointPolicy": (("Policy",),),
    "AWS::S3Express::AccessPoint": (("Policy",),),
    "AWS::S3Express::BucketPolicy": (("PolicyDocument",),),
    "AWS::S3ObjectLambda::AccessPointPolicy": (("PolicyDocument",),),
    "AWS::S3Outposts::BucketPolicy": (("PolicyDocument",),),
    "AWS::S3Tables::TableBucketPolicy": (("ResourcePolicy",),),
    "AWS::S3Tables::TablePolicy": (("ResourcePolicy",),),
    "AWS::S3Vectors::VectorBucketPolicy": (("Policy",),),
    "AWS::SNS::TopicInlinePolicy": (("PolicyDocument",),),
    "AWS::SNS::TopicPolicy": (("PolicyDocument",),),
    "AWS::SQS::QueueInlinePolicy": (("PolicyDocument",),),
    "AWS::SQS::QueuePolicy": (("PolicyDocument",),),
    "AWS::SSM::ResourcePolicy": (("Policy",),),
    "AWS::SecretsManager::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::VpcLattice::AuthPolicy": (("Policy",),),
    "AWS::VpcLattice::ResourcePolicy": (("Policy",),),
    "AWS::XRay::ResourcePolicy": (("PolicyDocument",),),
}
"""The types that carry a policy for a resource, and the properties that hold it."""


def identity_policies(holder: Resource) -> tuple[Policy, ...]:
    """The identity policies that stand in this resource: inline, or its own document."""
    return tuple(_identity_policies(holder))


def _identity_policies(holder: Resource) -> Iterator[Policy]:
    if holder.type in _OWN_DOCUMENT:
        name = holder.prop("ManagedPolicyName" if holder.type == "AWS::IAM::ManagedPolicy" else "PolicyName")
        yield from _policy(
            holder, PolicyKind.IDENTITY, name.literal or holder.logical_id, holder.prop("PolicyDocument")
        )
    elif holder.type == "AWS::SSO::PermissionSet":
        yield from _policy(holder, PolicyKind.IDENTITY, "InlinePolicy", holder.prop("InlinePolicy"))
    else:
        # A document beside the list is no property of these types: deployment refuses it, but what it says is judged.
        yield from _policy(holder, PolicyKind.IDENTITY, "PolicyDocument", holder.prop("PolicyDocument"))
        for number, inline in enumerate(holder.prop("Policies").items(), 1):
            name = inline.get("PolicyName")
            shown = name.literal or (f"{number}" if name.is_absent or name.missing else str(name))
            yield from _policy(holder, PolicyKind.IDENTITY, shown, _or_unknown(inline, "PolicyDocument"))


def _or_unknown(inline: Value, key: str) -> Value:
    return inline if isinstance(inline, Unknown) else inline.get(key)


def _policy(holder: Resource, kind: PolicyKind, name: str, value: Value) -> Iterator[Policy]:
    if not value.is_absent:
        yield Policy(holder, kind, name, document_of(value))


def trust_policy(role: Resource) -> Policy | None:
    """The role's trust policy; None when the required document is not written."""
    found = _policy(role, PolicyKind.TRUST, "AssumeRolePolicyDocument", role.prop("AssumeRolePolicyDocument"))
    return next(found, None)


def resource_policies(holder: Resource) -> tuple[Policy, ...]:
    """The resource policies that stand in this resource."""
    return tuple(_resource_policies(holder))


def _resource_policies(holder: Resource) -> Iterator[Policy]:
    if holder.type == "AWS::Events::EventBusPolicy":
        yield from _bus_policy(holder)
        return
    for path in RESOURCE_POLICIES.get(holder.type, ()):
        for value in _at(holder.prop(), path):
            yield from _policy(holder, PolicyKind.RESOURCE, path[0], value)


def _bus_policy(holder: Resource) -> Iterator[Policy]:
    """An event bus policy holds one statement, or the older flat form of one."""
    statement = holder.prop("Statement")
    body = _flat_statement(holder) if statement.is_absent else document_of(statement)
    if isinstance(body, Unknown):
        yield Policy(holder, PolicyKind.RESOURCE, "Statement", body)
        return
    version = Text(("2012-10-17",), holder.span)
    document = MadeMap(holder.span, (("Version", version), ("Statement", body)))
    yield Policy(holder, PolicyKind.RESOURCE, "Statement", document)


def _flat_statement(holder: Resource) -> Value:
    pairs = [(key, holder.prop(key)) for key in ("Action", "Principal")]
    pairs.append(("Effect", Text(("Allow",), holder.span)))
    condition = holder.prop("Condition")
    if not condition.is_absent:
        operator, key = condition.get("Type").literal or "", condition.get("Key").literal or ""
        test = MadeMap(condition.span, ((key, condition.get("Value")),))
        pairs.append(("Condition", MadeMap(condition.span, ((operator, test),))))
    return MadeMap(holder.property_span("Principal"), tuple(pairs))


def _at(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    """The values at a path; ``*`` stands for every item of a list."""
    if not path:
        yield value
    elif path[0] == "*":
        for item in value.items():
            yield from _at(item, path[1:])
    else:
        yield from _at(value.get(path[0]), path[1:])


def policies_in(holder: Resource, graph: Architecture) -> tuple[Policy, ...]:
    """Every policy of any kind that stands in this resource, remembered while nothing it read changes."""
    return graph.memo("iam-policies-in", holder, lambda: _all_policies(holder))


def _all_policies(holder: Resource) -> tuple[Policy, ...]:
    if holder.type in IDENTITY_TYPES:
        trust = trust_policy(holder) if holder.type == "AWS::IAM::Role" else None
        return (*identity_policies(holder), *(() if trust is None else (trust,)))
    return resource_policies(holder)
