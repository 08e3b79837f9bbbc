"""How a bucket is opened: its public access block, its ACL and its policies.

S3 User Guide, *Blocking public access to your Amazon S3 storage*. A bucket without a block of its own has all four
switches on (AWS, April 2023); a block that is written leaves the switches it omits off.
"""

from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.policies import Policy, resource_policies
from validator.graph.iam.public import PublicGrant, grants_to_everyone
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Value

BLOCK: Final = "PublicAccessBlockConfiguration"
SWITCHES: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
PUBLIC_ACLS: Final = ("PublicRead", "PublicReadWrite", "AuthenticatedRead")


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The four switches of a bucket: True, False, or None when a switch is not known."""

    written: bool
    switches: tuple[tuple[str, bool | None], ...]
    span: Span
    missing: tuple[Missing, ...] = ()

    @property
    def off(self) -> tuple[str, ...]:
        """The switches that are off."""
        return tuple(name for name, value in self.switches if value is False)

    def is_on(self, name: str) -> bool:
        """Whether a switch is known to be on."""
        return dict(self.switches)[name] is True


def public_access_block(bucket: Resource) -> PublicAccessBlock:
    """The bucket's block; all switches are on when none is written."""
    block = bucket.prop(BLOCK)
    span = bucket.property_span(BLOCK)
    if block.is_absent:
        return PublicAccessBlock(False, tuple((name, True) for name in SWITCHES), span)
    values = {name: block.get(name) for name in SWITCHES}
    missing = tuple(cause for value in values.values() if (cause := value.missing) is not None)
    return PublicAccessBlock(True, tuple((name, _switch(value)) for name, value in values.items()), span, missing)


def _switch(value: Value) -> bool | None:
    return False if value.is_absent else value.boolean()


@dataclass(frozen=True, slots=True)
class Acl:
    """The bucket's canned ACL. ``enabled`` says whether its ownership controls let ACLs count at all."""

    name: str
    enabled: bool
    span: Span
    missing: Missing | None = None

    @property
    def is_public(self) -> bool:
        """Whether it grants to everyone, or to everyone with an AWS account."""
        return self.name in PUBLIC_ACLS


def acl_of(bucket: Resource) -> Acl | None:
    """The canned ACL; None when none is written."""
    value = bucket.prop("AccessControl")
    if value.is_absent:
        return None
    span = value.span
    if value.literal is None:
        cause = value.missing or Missing("the ACL is not known", "write it", "acl")
        return Acl(str(value) if isinstance(value, Text) else "", False, span, cause)
    rules = bucket.prop("OwnershipControls", "Rules").items()
    ownership = [rule.get("ObjectOwnership").literal for rule in rules]
    enabled = any(kind in ("BucketOwnerPreferred", "ObjectWriter") for kind in ownership)
    return Acl(value.literal, enabled, span)


@dataclass(frozen=True, slots=True)
class BucketPolicy:
    """A policy of a bucket, with its grants to everyone."""

    holder: Resource
    policy: Policy
    grants: tuple[PublicGrant, ...]


def policies_of_bucket(bucket: Resource, graph: Architecture) -> tuple[BucketPolicy, ...]:
    """The policies of the run that are attached to the bucket, by reference or by its name."""
    holders = [holder for holder in graph.declared("AWS::S3::BucketPolicy") if _is_on(holder, bucket, graph)]
    return tuple(found for holder in holders for found in bucket_policies(holder))


def _is_on(holder: Resource, bucket: Resource, graph: Architecture) -> bool:
    return graph.target(holder.prop("Bucket"), "AWS::S3::Bucket") == bucket and holder.exists()


def bucket_policies(holder: Resource) -> tuple[BucketPolicy, ...]:
    """The documents of one policy resource with their grants to everyone."""
    found = []
    for policy in resource_policies(holder):
        grants = () if policy.missing is not None else grants_to_everyone(policy.statements)
        found.append(BucketPolicy(holder, policy, grants))
    return tuple(found)
