"""Names that stacks meet at, in a form that can be compared: of exports and of SSM parameters."""

import re

from validator.resolve import DynamicReference, Hole, Part, Pseudo, Text, Value

Key = tuple[Part, ...]
"""The parts of a name: one text where all of it is known."""


def key_of(value: Value) -> Key | None:
    """The name that a value is; None when a piece of it is not known, so that it equals nothing for certain."""
    if not isinstance(value, Text) or any(isinstance(part, Hole | DynamicReference) for part in value.parts):
        return None
    return value.parts or ("",)


def pattern_of(value: Value) -> re.Pattern[str] | None:
    """What a name that lacks a piece may be once the piece is known; None when nothing of it is known."""
    if not isinstance(value, Text) or not any(isinstance(part, str) and part for part in value.parts):
        return None
    return re.compile("".join(re.escape(part) if isinstance(part, str) else ".+" for part in value.parts), re.DOTALL)


def may_be(pattern: re.Pattern[str], key: Key) -> bool:
    """Whether a name with what is not known of it left open may be the key."""
    return pattern.fullmatch("".join(part if isinstance(part, str) else "?" for part in key)) is not None


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
