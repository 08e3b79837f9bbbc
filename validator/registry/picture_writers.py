"""Picture writers: the group ``tierlens.pictures``."""

from validator.model import PictureWriter, RulePackError, UsageError
from validator.registry.entry_points import entry_points_of, label_of, load

GROUP = "tierlens.pictures"


def load_picture_writer(name: str) -> PictureWriter:
    """The writer of the named format, ours before another package's; imports nothing else.

    Raises UsageError for a format that nobody brings, RulePackError for one that cannot be used.
    """
    available = {entry_point.name: entry_point for entry_point in reversed(entry_points_of(GROUP))}
    entry_point = available.get(name)
    if entry_point is None:
        raise UsageError(f"no picture format is named {name!r}", hint=f"installed: {', '.join(sorted(available))}")
    writer = load(entry_point, "picture writer")
    if not isinstance(writer, PictureWriter) or isinstance(writer, type):
        raise RulePackError(
            f"the picture writer {label_of(entry_point)} cannot be used: it is no picture writer",
            hint="an entry point of tierlens.pictures names an instance with name and write(pictures, findings)",
        )
    return writer
