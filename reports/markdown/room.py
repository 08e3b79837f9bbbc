"""The room of a comment: GitHub refuses one of more than 65,536 characters."""

from collections.abc import Iterable

LIMIT = 65_000
"""Counted in bytes, so that it holds however a forge counts."""


def size(text: str) -> int:
    """Bytes of ``text`` with the line break after it."""
    return len(text.encode("utf-8", "replace")) + 1


def fitting(blocks: Iterable[str], room: int) -> tuple[list[str], int]:
    """The first blocks that fit into ``room`` bytes, and how many do not."""
    shown: list[str] = []
    left_out = 0
    for block in blocks:
        needed = size(block) + 1
        if left_out or needed > room:
            left_out += 1
            continue
        room -= needed
        shown.append(block)
    return shown, left_out
