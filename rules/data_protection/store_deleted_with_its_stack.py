"""PROT006: a data store whose data goes with its stack or with a replacement."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.deletion import KEPT_STORES, survival_of
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class StoreDeletedWithItsStack(ProtectionRule):
    """A data store whose data goes with its stack or with a replacement.

    ## What it proves
    `DeletionPolicy` and `UpdateReplacePolicy`, as they take effect, keep the store or a snapshot; or deletion
    protection refuses both. A bucket that holds objects cannot be deleted, unless a custom resource empties it.

    ## Why it matters
    Renaming a property can replace a table; deleting the wrong stack takes seconds.

    ## How to fix
    Write both attributes beside `Type`: `Retain`, or `Snapshot` where the type supports it.

    ## What it cannot see
    Termination protection of the stack. In a temporary environment deleting may be what is wanted: then set the
    attributes by a condition.

    ## References
    CloudFormation Template Reference, *DeletionPolicy attribute*, *UpdateReplacePolicy attribute*.
    """

    meta = RuleMeta(
        id="PROT006",
        title="A data store is lost with its stack",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="A deleted stack, or an update that replaces the store, takes the data with it.",
        subjects=KEPT_STORES,
        lens=("REL2",),
        references=(
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a table without the two attributes",
            """\
Resources:
  Tickets: # <- finding
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
""",
        ),
        Example.passes(
            "both attributes keep it",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Transform: AWS::LanguageExtensions
Parameters: {Policy: {Type: String}}
Resources:
  Tickets: # <- finding
    Type: AWS::DynamoDB::Table
    DeletionPolicy: !Ref Policy
    UpdateReplacePolicy: Retain
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether the data outlives its stack."""
        return survival_of(graph, subject)
