"""What the graph disproves of reports on buckets: no public access block, no access log."""

from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.buckets.exposure import acl_of, policies_of_bucket, public_access_block
from validator.graph.buckets.usage import use_of
from validator.model import Refutation

_SWITCH: Final = {
    "CKV_AWS_53": "BlockPublicAcls",
    "CKV_AWS_54": "BlockPublicPolicy",
    "CKV_AWS_55": "IgnorePublicAcls",
    "CKV_AWS_56": "RestrictPublicBuckets",
}


def no_public_access_block(graph: Architecture, bucket: Resource, rule: str) -> Refutation | None:
    """The switch is on: written, or by S3's default since April 2023 where no block is written.

    The default counts only where nothing of the workload tries to open the bucket: whoever writes a public policy or
    ACL has switched it off by other means, or wants to.
    """
    block, switch = public_access_block(bucket), _SWITCH[rule]
    if block.missing or not block.is_on(switch):
        return None
    if block.written:
        statement = f"{bucket.name} has {switch} switched on"
        return Refutation(statement, (bucket.states(f"sets {switch} to true", block.span),))
    if _is_opened(graph, bucket):
        return None
    statement = f"{bucket.name} has {switch} on by default: S3 blocks public access to buckets made since April 2023"
    steps = (
        bucket.states("writes no public access block, so that all four switches are on", block.span),
        bucket.states("is opened by no ACL and no policy of the workload"),
    )
    return Refutation(statement, steps)


def _is_opened(graph: Architecture, bucket: Resource) -> bool:
    """Whether an ACL or a policy opens the bucket, or may: what is not known counts as opening."""
    acl = acl_of(bucket)
    if acl is not None and (acl.is_public or acl.missing is not None):
        return True
    if not bucket.prop("WebsiteConfiguration").is_absent:
        return True
    for one in policies_of_bucket(bucket, graph):
        unread = one.policy.missing is not None or any(s.missing is not None for s in one.policy.statements)
        if unread or any(grant.is_public or grant.missing is not None for grant in one.grants):
            return True
    return False


def no_access_log(graph: Architecture, bucket: Resource, _rule: str) -> Refutation | None:
    """A bucket that holds logs and nothing else: to log its own log delivery makes a log of the log."""
    use = use_of(bucket, graph)
    if not use.log or use.site or use.artefact or use.data:
        return None
    return Refutation(f"{bucket.name} is itself where logs are kept", use.log)
