"""PROT005: a data store without backups."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.backups import SUBJECTS, backup_of
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class StoreWithoutBackup(ProtectionRule):
    """A data store without backups.

    ## What it proves
    The data can be brought back: by the automatic backups or point-in-time recovery of the service, or by a plan of
    AWS Backup in the run that takes the store in by ARN or by tag. Caches are not judged.

    ## Why it matters
    Copies in several zones copy a mistake as well: a dropped table is gone in all of them.

    ## How to fix
    Switch the backups of the service on, or name the store in an `AWS::Backup::BackupSelection`.

    ## What it cannot see
    Backup plans of other stacks and of the organisation. Whether a restore was ever tried.

    ## References
    DynamoDB Developer Guide, *Point-in-time backups*; AWS Backup Developer Guide, *Assigning resources to a backup
    plan*.
    """

    meta = RuleMeta(
        id="PROT005",
        title="A data store has no backup",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="What is deleted or overwritten by mistake cannot be brought back.",
        subjects=SUBJECTS,
        lens=("REL2",),
        references=("https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a table without point-in-time recovery",
            """\
Resources:
  Tickets: # <- finding
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
""",
        ),
        Example.passes(
            "a backup plan takes the table in",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
  Chosen:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: nightly
      BackupSelection: {SelectionName: tables, IamRoleArn: arn:role, Resources: [!GetAtt Tickets.Arn]}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters: {Recovery: {Type: String}}
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties:
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: !Ref Recovery # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether the data can be brought back."""
        return backup_of(graph, subject)
