"""Which stores a KMS key of the run encrypts, and with whose key a store is encrypted.

Property paths are those of the CloudFormation resource reference. A key is named by ARN, by ID or by an alias.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from validator.graph.architecture import Architecture, External
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Unknown, Value

KEY: Final = "AWS::KMS::Key"
_ALIAS: Final = "AWS::KMS::Alias"
_KEY_TYPES: Final = (KEY, "AWS::KMS::ReplicaKey")

KEY_PATHS: Final[dict[str, tuple[str | int, ...]]] = {
    "AWS::S3::Bucket": (
        "BucketEncryption",
        "ServerSideEncryptionConfiguration",
        0,
        "ServerSideEncryptionByDefault",
        "KMSMasterKeyID",
    ),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::DynamoDB::GlobalTable": ("Replicas", 0, "SSESpecification", "KMSMasterKeyId"),
    "AWS::RDS::DBInstance": ("KmsKeyId",),
    "AWS::RDS::DBCluster": ("KmsKeyId",),
    "AWS::DocDB::DBCluster": ("KmsKeyId",),
    "AWS::DocDBElastic::Cluster": ("KmsKeyId",),
    "AWS::Neptune::DBCluster": ("KmsKeyId",),
    "AWS::NeptuneGraph::Graph": ("KmsKeyIdentifier",),
    "AWS::Redshift::Cluster": ("KmsKeyId",),
    "AWS::RedshiftServerless::Namespace": ("KmsKeyId",),
    "AWS::EFS::FileSystem": ("KmsKeyId",),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions", "KmsKeyId"),
    "AWS::Elasticsearch::Domain": ("EncryptionAtRestOptions", "KmsKeyId"),
    "AWS::Timestream::Database": ("KmsKeyId",),
    "AWS::Cassandra::Table": ("EncryptionSpecification", "KmsKeyIdentifier"),
    "AWS::MemoryDB::Cluster": ("KmsKeyId",),
    "AWS::QLDB::Ledger": ("KmsKey",),
    "AWS::DSQL::Cluster": ("KmsEncryptionKey",),
    "AWS::Backup::BackupVault": ("EncryptionKeyArn",),
}
"""Where each type that keeps data names its key."""


class KeyOwner(StrEnum):
    """Who controls the key that a store is encrypted with."""

    CUSTOMER = "a customer managed key"
    AWS = "a key of AWS"
    UNKNOWN = "a key that is not decided"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """The key of one store: the resource when the run holds it."""

    owner: KeyOwner
    value: Value
    key: Resource | None = None
    missing: Missing | None = None


def key_of(graph: Architecture, store: Resource) -> KeyUse:
    """The key that the store is encrypted with."""
    value = store.prop(*KEY_PATHS[store.type])
    target = graph.target(value, *_KEY_TYPES, _ALIAS)
    if isinstance(target, Resource) and target.type == _ALIAS:
        target = graph.target(target.prop("TargetKeyId"), *_KEY_TYPES)
    match target:
        case None:
            return KeyUse(KeyOwner.AWS, value)
        case Resource():
            return KeyUse(KeyOwner.CUSTOMER, value, target)
        case External(text):
            owner = KeyOwner.AWS if _is_of_aws(text) else KeyOwner.CUSTOMER
            return KeyUse(owner, value)
        case Unknown():
            return KeyUse(KeyOwner.UNKNOWN, value, missing=target.cause)


def _is_of_aws(text: str) -> bool:
    """``alias/aws/s3`` and an empty text; every other literal names a key of some account."""
    return text == "" or "alias/aws/" in text or text.startswith("AWS_OWNED") or text == "AWS_MANAGED_KMS_KEY"


def encrypted_by(graph: Architecture, key: Resource) -> tuple[Resource, ...]:
    """The stores that exist and are encrypted with the key."""
    return graph.memo("encrypted-by", key, lambda: _encrypted_by(graph, key))


def _encrypted_by(graph: Architecture, key: Resource) -> tuple[Resource, ...]:
    names = (key, *graph.referrers(key, _ALIAS))
    users = dict.fromkeys(user for name in names for user in graph.referrers(name, *KEY_PATHS))
    return tuple(user for user in users if key_of(graph, user).key == key)
