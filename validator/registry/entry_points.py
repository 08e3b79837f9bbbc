"""Reading and loading of installed entry points.

Follows the entry point specification of the Python Packaging User Guide.
"""

import importlib.metadata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import EntryPoint

from validator.model import RulePackError

DISTRIBUTION = "tierlens"


@cache
def _installed() -> Callable[..., Iterable[EntryPoint]]:
    # Once a process: it reads a file of every installed distribution. The result's type differs from 3.11 to 3.12.
    return importlib.metadata.entry_points().select


def entry_points(group: str) -> Iterable[EntryPoint]:
    """All installed entry points of a group."""
    return _installed()(group=group)


def entry_points_of(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of ``group``, ours first, then by distribution and name.

    Raises RulePackError when none of them is ours: tierlens then runs from a checkout that was never
    installed, or its installation is older than its code, and would check less than it says.
    """
    found = sorted(entry_points(group=group), key=_order)
    if not any(map(is_ours, found)):
        raise RulePackError(
            f"the installed Python packages hold no entry points of {DISTRIBUTION} in the group {group}",
            hint=f"install {DISTRIBUTION}; in a checkout of its source: pip install -e .",
        )
    return tuple(found)


def is_ours(entry_point: EntryPoint) -> bool:
    """Whether the distribution of tierlens itself brings it."""
    return _distribution_of(entry_point) == DISTRIBUTION


def label_of(entry_point: EntryPoint) -> str:
    """The entry point as people know it: its name and the distribution that brings it."""
    return f"{entry_point.name} (from the package {_distribution_of(entry_point) or 'without a name'})"


def load(entry_point: EntryPoint, kind: str) -> object:
    """The object that an entry point names; ``kind`` is the word for it in the message.

    Raises RulePackError when its module cannot be imported or has no such object.
    """
    try:
        return entry_point.load()
    except (Exception, SystemExit) as error:
        # Foreign code may fail in any way while it is imported.
        source = entry_point.value
        raise RulePackError(
            f"the {kind} {label_of(entry_point)} cannot be imported from {source}: {_text_of(error)}",
            hint=f"mend, upgrade or uninstall the package {_distribution_of(entry_point)}",
        ) from error


def call_error(entry_point: EntryPoint, kind: str, error: BaseException) -> RulePackError:
    """The error for an entry point whose object was imported and then raised ``error``."""
    return RulePackError(
        f"the {kind} {label_of(entry_point)} failed: {_text_of(error)}",
        hint=f"mend, upgrade or uninstall the package {_distribution_of(entry_point)}",
    )


def _order(entry_point: EntryPoint) -> tuple[bool, str, str]:
    distribution = _distribution_of(entry_point)
    return distribution != DISTRIBUTION, distribution, entry_point.name


def _distribution_of(entry_point: EntryPoint) -> str:
    return "" if entry_point.dist is None else entry_point.dist.name.lower().replace("_", "-")


def _text_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
