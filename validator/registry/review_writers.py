"""Writers of lens reviews: the group ``tierlens.reviews``."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint

from validator.lens import LensReviewWriter
from validator.model import RulePackError, UsageError
from validator.registry.entry_points import entry_points_of, label_of, load

GROUP = "tierlens.reviews"


def review_writer_names() -> tuple[str, ...]:
    """The names of all installed formats, sorted; imports none of them.

    Raises RulePackError when two packages bring a format of one name.
    """
    return tuple(sorted(_by_name()))


def load_review_writers(names: Iterable[str]) -> Mapping[str, LensReviewWriter]:
    """The writers of the named formats, in the order of ``names``; imports only what is asked for.

    Raises UsageError for a format that nobody brings, RulePackError for one that cannot be used.
    """
    available = _by_name()
    return {name: _load_writer(name, available) for name in names}


def _by_name() -> Mapping[str, EntryPoint]:
    available: dict[str, EntryPoint] = {}
    for entry_point in entry_points_of(GROUP):
        other = available.setdefault(entry_point.name, entry_point)
        if other is not entry_point:
            raise RulePackError(
                f"two review writers have one name: {label_of(other)} and {label_of(entry_point)}",
                hint="uninstall one of the packages",
            )
    return available


def _load_writer(name: str, available: Mapping[str, EntryPoint]) -> LensReviewWriter:
    entry_point = available.get(name)
    if entry_point is None:
        near = get_close_matches(name, available, n=1)
        question = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"no review format is named {name!r}", hint=f"{question}installed: {', '.join(sorted(available))}"
        )
    writer = load(entry_point, "review writer")
    if not isinstance(writer, LensReviewWriter) or isinstance(writer, type):
        raise RulePackError(
            f"the review writer {label_of(entry_point)} cannot be used: it is no review writer",
            hint="an entry point of tierlens.reviews names an instance with name and write(lens_review, options)",
        )
    return writer
