"""What a project decides of rules: how bad their failures are, where they are off, and which release is pinned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from validator.model import Severity, Span


@dataclass(frozen=True, slots=True)
class PathPolicy:
    """A ``[paths."GLOB"]`` table: what differs for the templates that the glob matches."""

    pattern: str
    """A glob of paths relative to the folder of the settings: ``*`` within a name, ``**`` over folders."""
    span: Span
    ignore: tuple[str, ...] = ()
    """Rule ids, prefixes of ids, categories and engines that are off there; stronger than ``severity``."""
    severity: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """The same names with the severity that they have there; None switches them off."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it speaks of."""
        return (*self.ignore, *self.severity)


def release(text: str) -> tuple[int, int, int] | None:
    """``0.2`` as numbers that compare as releases do; None for what is no release."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    major, minor, patch = (*map(int, parts), 0, 0)[:3]
    return major, minor, patch
