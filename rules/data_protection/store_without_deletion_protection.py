"""PROT007: a data store without deletion protection."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.deletion import PROTECTED, protection_of
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class StoreWithoutDeletionProtection(ProtectionRule):
    """A data store without deletion protection.

    ## What it proves
    The switch that refuses deletion is on, for the types that have one.

    ## Why it matters
    A retention policy guards against CloudFormation only; the switch guards against every caller.

    ## How to fix
    Set the switch that the finding names; in SAM, write the table as `AWS::DynamoDB::Table`.

    ## What it cannot see
    Policies of the organisation that deny deletion. Where AWS documents no single default: *unknown*.

    ## References
    DynamoDB Developer Guide, *Using deletion protection to protect your table*; RDS User Guide, *Deleting a DB
    instance*.
    """

    meta = RuleMeta(
        id="PROT007",
        title="A data store can be deleted by one call",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="Anyone who may call the service can delete the store by mistake.",
        subjects=PROTECTED,
        lens=("REL2",),
        references=(
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a table without the switch",
            """\
Resources:
  Tickets: # <- finding
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
""",
        ),
        Example.passes(
            "the switch is on",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {DeletionProtectionEnabled: true}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters: {Guard: {Type: String}}
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {DeletionProtectionEnabled: !Ref Guard} # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether deletion is refused."""
        return protection_of(graph, subject)
