"""The text form of ``Fn::Sub``: literal text, ``${Name}`` and ``${!Literal}``."""

from collections.abc import Iterator
from typing import Literal


def substitution_parts(text: str) -> Iterator[tuple[Literal["text", "name"], str]]:
    """Split the text of an ``Fn::Sub`` into literal text and names.

    ``${!X}`` is the literal ``${X}``. A ``${`` without its ``}`` is literal text, as the service reads it.
    """
    rest = text
    while rest:
        before, opened, after = rest.partition("${")
        name, closed, remainder = after.partition("}")
        if not opened or not closed:
            yield "text", rest
            return
        if before:
            yield "text", before
        if name.startswith("!"):
            yield "text", "${" + name[1:] + "}"
        else:
            yield "name", name.strip()
        rest = remainder
