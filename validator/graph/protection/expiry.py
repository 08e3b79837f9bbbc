"""Whether a table's items expire: DynamoDB's time to live, and the default of Keyspaces.

DynamoDB Developer Guide, *Using time to live (TTL)*: the attribute has to be a Number, or items stay.
"""

from typing import Final

from validator.graph.protection.answer import Answer, broken, held, not_readable, undecided
from validator.graph.resource import Resource

SUBJECTS: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Cassandra::Table")


def expiry_of(table: Resource) -> Answer | None:
    """Whether the expiry that the table asks for works; None when it asks for none."""
    if table.type == "AWS::Cassandra::Table":
        return _keyspaces(table)
    setting = table.prop("TimeToLiveSpecification")
    if setting.is_absent:
        return None
    attribute, enabled = setting.get("AttributeName"), setting.get("Enabled")
    if enabled.boolean() is False:
        return None
    if enabled.boolean() is None:
        missing = not_readable(enabled, "TimeToLiveSpecification.Enabled", "set it to true")
        return undecided(table, f"may not let its items expire: {missing.what}", (missing,), setting.span)
    name = attribute.literal
    if name is None:
        return held(table, "lets its items expire (TimeToLiveSpecification)", setting.span)
    defined = next(
        (item for item in table.prop("AttributeDefinitions").items() if item.get("AttributeName").literal == name),
        None,
    )
    kind = defined.get("AttributeType") if defined is not None else None
    if kind is None or kind.literal in ("N", None):
        return held(table, f"lets its items expire by {name}", setting.span)
    step = table.states(f"defines {name} with AttributeType {kind.literal}", kind.span)
    return broken(
        table,
        f"never lets an item expire: its expiry {name} has the type {kind.literal}, and only a Number (N) expires",
        attribute.span,
        steps=(table.states(f"asks for expiry by {name}", attribute.span), step),
        how=f"Name an attribute of type N in TimeToLiveSpecification of {table.name}, holding seconds since 1970.",
    )


def _keyspaces(table: Resource) -> Answer | None:
    value = table.prop("DefaultTimeToLive")
    if value.is_absent or value.integer() == 0:
        return None
    return held(table, "lets its rows expire (DefaultTimeToLive)", value.span)
