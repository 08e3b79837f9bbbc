"""Writers of differences: the group ``tierlens.differences``."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint

from validator.model import DifferenceWriter, RulePackError, UsageError
from validator.registry.entry_points import entry_points_of, label_of, load

GROUP = "tierlens.differences"


def load_difference_writers(names: Iterable[str]) -> Mapping[str, DifferenceWriter]:
    """The writers of the named formats, in the order of ``names``; imports only what is asked for.

    Raises UsageError for a format that nobody brings, RulePackError for one that cannot be used.
    """
    available: dict[str, EntryPoint] = {}
    for entry_point in entry_points_of(GROUP):
        other = available.setdefault(entry_point.name, entry_point)
        if other is not entry_point:
            raise RulePackError(
                f"two writers of differences have one name: {label_of(other)} and {label_of(entry_point)}",
                hint="uninstall one of the packages",
            )
    return {name: _load_writer(name, available) for name in names}


def _load_writer(name: str, available: Mapping[str, EntryPoint]) -> DifferenceWriter:
    entry_point = available.get(name)
    if entry_point is None:
        near = get_close_matches(name, available, n=1)
        question = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"a difference cannot be written as {name!r}", hint=f"{question}installed: {', '.join(sorted(available))}"
        )
    writer = load(entry_point, "writer of differences")
    if not isinstance(writer, DifferenceWriter) or isinstance(writer, type):
        raise RulePackError(
            f"the writer {label_of(entry_point)} cannot be used: it is no writer of differences",
            hint="an entry point of tierlens.differences names an instance with name and write(difference, options)",
        )
    return writer
