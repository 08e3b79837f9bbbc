"""PROT001: a data store that keeps its data unencrypted."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.at_rest import SUBJECTS, encryption_at_rest
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class StoreWithoutEncryptionAtRest(ProtectionRule):
    """A data store that keeps its data unencrypted.

    ## What it proves
    What the store keeps on disk is encrypted: by its own switch, or because AWS does so where the switch is absent
    (S3, DynamoDB, SQS, Redshift, new Aurora clusters and others). A member of an Aurora cluster is judged at its
    cluster.

    ## Why it matters
    Snapshots and disks travel further than the database itself; most stores cannot be encrypted afterwards.

    ## How to fix
    Switch encryption on when the store is made. Most types are replaced by the change: restore a snapshot copy that
    is encrypted.

    ## What it cannot see
    Whether a snapshot or source that the store is made from is encrypted: *unknown*. An Aurora cluster made before
    18 February 2026 without the switch stays unencrypted.

    ## References
    RDS User Guide, *Encrypting Amazon RDS resources*; Aurora User Guide, *Encrypting Amazon Aurora resources*.
    """

    meta = RuleMeta(
        id="PROT001",
        title="A data store is not encrypted at rest",
        category=Category.DATA_PROTECTION,
        severity=Severity.MEDIUM,
        why="Who gets at the disk or a snapshot reads everything in it.",
        subjects=SUBJECTS,
        lens=("SEC2",),
        references=("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "RDS does not encrypt by default",
            """\
Resources:
  Database: # <- finding
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, AllocatedStorage: "20"}
""",
        ),
        Example.passes(
            "a queue is encrypted by default",
            """\
Resources:
  Orders: {Type: AWS::SQS::Queue}
""",
        ),
        Example.unknown(
            "a snapshot decides",
            """\
Parameters: {Snapshot: {Type: String}}
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, DBSnapshotIdentifier: !Ref Snapshot} # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """How the store keeps its data."""
        return encryption_at_rest(graph, subject)
