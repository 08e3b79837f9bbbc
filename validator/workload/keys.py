"""Names that stacks meet at, in a form that can be compared: of exports and of SSM parameters."""

from validator.resolve import DynamicReference, Hole, Part, Pseudo, Text, Value

Key = tuple[Part, ...]
"""The parts of a name: one text where all of it is known."""


def key_of(value: Value) -> Key | None:
    """The name that a value is; None when a piece of it is not known, so that it equals nothing for certain."""
    if not isinstance(value, Text) or any(isinstance(part, Hole | DynamicReference) for part in value.parts):
        return None
    return value.parts or ("",)


def shape_of(value: Value) -> tuple[str, ...] | None:
    """The texts of a name between what is not known or each stack's own: names that may yet be equal share it."""
    if not isinstance(value, Text):
        return None
    return tuple(part if isinstance(part, str) else "" for part in value.parts)


def shown(key: Key) -> str:
    """The name as people are shown it."""
    return "".join(f"${{{part.name}}}" if isinstance(part, Pseudo) else str(part) for part in key)


def plain_parameter(name: Text) -> Key | None:
    """The SSM parameter that a name means; None where a version is named: an older value may be meant."""
    key = key_of(name)
    return None if key is None or any(isinstance(part, str) and ":" in part for part in key) else key
