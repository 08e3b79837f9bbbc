"""Whether a bucket with data keeps versions of its objects (S3 User Guide, *Using versioning in S3 buckets*)."""

from validator.graph.architecture import Architecture
from validator.graph.buckets.usage import use_of
from validator.graph.protection.answer import Answer, broken, held, lacking, not_readable, undecided
from validator.graph.resource import Resource


def versions_of(graph: Architecture, bucket: Resource) -> Answer | None:
    """Whether versions are kept; None for a bucket that serves a site only, or takes logs or artefacts."""
    use = use_of(bucket, graph)
    if use.is_site_only or use.log or use.artefact:
        return None
    status = bucket.prop("VersioningConfiguration", "Status")
    how = f"Set on {bucket.name}: VersioningConfiguration: {{Status: Enabled}}"
    if status.literal == "Enabled":
        return held(bucket, "keeps the versions of its objects", status.span)
    if bucket.prop("ObjectLockEnabled").boolean() is True:
        return held(bucket, "keeps the versions of its objects: Object Lock switches that on")
    if status.is_absent:
        return lacking(bucket, "keeps no versions of its objects", "VersioningConfiguration", how=how)
    if status.literal is not None:
        return broken(bucket, f"keeps no versions of its objects: Status is {status.literal}", status.span, how=how)
    missing = not_readable(status, "VersioningConfiguration.Status", "set it to Enabled")
    return undecided(bucket, f"may keep no versions: {missing.what}", (missing,), status.span, how=how)
