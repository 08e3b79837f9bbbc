"""PROT010: a key of data whose waiting period is shortened."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.key_life import waiting_period
from validator.graph.protection.keys import KEY
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class KeyWithShortDeletionWindow(ProtectionRule):
    """A key of data whose waiting period is shortened.

    ## What it proves
    A KMS key that encrypts stores of the run waits 30 days before it is deleted, which is what AWS takes where
    `PendingWindowInDays` is absent.

    ## Why it matters
    The waiting period is the time in which somebody can notice that data cannot be read, and take the deletion
    back.

    ## How to fix
    Remove `PendingWindowInDays`, or set it to 30.

    ## What it cannot see
    Keys that encrypt nothing in the run are not judged; the period holds for deletions by CloudFormation.

    ## References
    KMS Developer Guide, *Deleting AWS KMS keys*.
    """

    meta = RuleMeta(
        id="PROT010",
        title="A key of data can be gone before anybody notices",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="After the waiting period everything under the key is lost.",
        subjects=(KEY,),
        lens=("REL2",),
        references=("https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "seven days",
            """\
Resources:
  DataKey:
    Type: AWS::KMS::Key
    Properties:
      PendingWindowInDays: 7 # <- finding
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
        Example.passes(
            "the default of 30 days",
            """\
Resources:
  DataKey: {Type: AWS::KMS::Key}
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters: {Days: {Type: Number}}
Resources:
  DataKey:
    Type: AWS::KMS::Key
    Properties: {PendingWindowInDays: !Ref Days} # <- finding
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """How long the key waits."""
        return waiting_period(graph, subject)
