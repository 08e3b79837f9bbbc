"""PROT008: a bucket that holds data and keeps no versions."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.buckets.usage import BUCKET
from validator.graph.protection.answer import Answer
from validator.graph.protection.versions import versions_of
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class BucketWithoutVersioning(ProtectionRule):
    """A bucket that holds data and keeps no versions.

    ## What it proves
    A bucket that holds data keeps the versions of its objects. How a bucket is used decides: one that only serves a
    site, takes logs or build artefacts is not judged.

    ## Why it matters
    Versions are the only way back from an overwrite or a delete; backups of S3 need them too.

    ## How to fix
    Set `VersioningConfiguration: {Status: Enabled}`, with a lifecycle rule that lets old versions expire.

    ## What it cannot see
    What the objects are worth: a bucket of throw-away files can be suppressed with that reason.

    ## References
    S3 User Guide, *Retaining multiple versions of objects with S3 Versioning*.
    """

    meta = RuleMeta(
        id="PROT008",
        title="A bucket with data keeps no versions",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="An object that is overwritten or deleted is gone.",
        subjects=(BUCKET,),
        lens=("REL2",),
        references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "no versioning",
            """\
Resources:
  Articles: {Type: AWS::S3::Bucket} # <- finding
""",
        ),
        Example.passes(
            "versions are kept",
            """\
Resources:
  Articles:
    Type: AWS::S3::Bucket
    Properties: {VersioningConfiguration: {Status: Enabled}}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters: {Versions: {Type: String}}
Resources:
  Articles:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration:
        Status: !Ref Versions # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether versions are kept."""
        return versions_of(graph, subject)
