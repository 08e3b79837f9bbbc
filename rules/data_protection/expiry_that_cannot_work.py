"""PROT009: an expiry that a table asks for and that cannot work."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.expiry import SUBJECTS, expiry_of
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class ExpiryThatCannotWork(ProtectionRule):
    """An expiry that a table asks for and that cannot work.

    ## What it proves
    Where a table asks for items to expire, the attribute that it names can hold a number. A table that asks for no
    expiry is not judged.

    ## Why it matters
    A store of idempotency keys or sessions that never empties grows for ever, and old keys answer for new requests.

    ## How to fix
    Name an attribute that holds seconds since 1970 as a Number.

    ## What it cannot see
    What the code writes into the attribute.

    ## References
    DynamoDB Developer Guide, *Using time to live (TTL) in DynamoDB*.
    """

    meta = RuleMeta(
        id="PROT009",
        title="Items never expire although the table asks for it",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="Items that were meant to go stay, and are paid for.",
        subjects=SUBJECTS,
        lens=("REL2.a3",),
        references=("https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a text attribute never expires",
            """\
Resources:
  Sessions:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: until, KeyType: RANGE}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: until, AttributeType: S}]
      TimeToLiveSpecification:
        AttributeName: until # <- finding
        Enabled: true
""",
        ),
        Example.passes(
            "an attribute that is no key",
            """\
Resources:
  Sessions:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      TimeToLiveSpecification: {AttributeName: until, Enabled: true}
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters: {Expire: {Type: String}}
Resources:
  Sessions:
    Type: AWS::DynamoDB::Table
    Properties:
      TimeToLiveSpecification: {AttributeName: until, Enabled: !Ref Expire} # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether items expire."""
        return expiry_of(subject)
