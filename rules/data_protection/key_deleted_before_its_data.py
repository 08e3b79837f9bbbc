"""PROT004: a key that goes with its stack while what it encrypts stays."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.key_life import key_life
from validator.graph.protection.keys import KEY
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class KeyDeletedBeforeItsData(ProtectionRule):
    """A key that goes with its stack while what it encrypts stays.

    ## What it proves
    A KMS key that encrypts stores of the run is kept at least as long as they are: where a store or its snapshot
    stays when its stack is deleted, the key does too.

    ## Why it matters
    Deleting the stack schedules the key for deletion; when the waiting period ends, the retained tables, buckets
    and snapshots cannot be read.

    ## How to fix
    Write `DeletionPolicy: Retain` and `UpdateReplacePolicy: Retain` beside the `Type` of the key.

    ## What it cannot see
    Data that was encrypted under the key outside the run.

    ## References
    KMS Developer Guide, *Deleting AWS KMS keys*.
    """

    meta = RuleMeta(
        id="PROT004",
        title="A key is deleted while data under it is kept",
        category=Category.DATA_PROTECTION,
        severity=Severity.MEDIUM,
        why="Data that is kept without its key can never be read again.",
        subjects=(KEY,),
        lens=("REL2",),
        references=("https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the table is kept, its key is not",
            """\
Resources:
  DataKey: {Type: AWS::KMS::Key} # <- finding
  Tickets:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
        Example.passes(
            "both are kept",
            """\
Resources:
  DataKey: {Type: AWS::KMS::Key, DeletionPolicy: Retain}
  Tickets:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
        Example.unknown(
            "a parameter decides for the key",
            """\
Transform: AWS::LanguageExtensions
Parameters: {Policy: {Type: String}}
Resources:
  DataKey: # <- finding
    Type: AWS::KMS::Key
    DeletionPolicy: !Ref Policy
  Tickets:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !Ref DataKey}}
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether the key outlives its data."""
        return key_life(graph, subject)
