"""What a run is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from validator.settings import GivenParameters, Settings


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Everything a run takes.

    ``paths`` are files, folders and globs as people write them; ``root`` is the folder below which files are
    read and against which paths are shown; unless ``root_is_given``, a template that is named outside of it is
    read with the files of its own project. ``parameters`` are layers of given values, weakest first, that must
    name parameters of the run (command line, named files). ``select`` and ``ignore`` are the names of
    rules and categories; an empty ``select`` is all of them.
    """

    paths: tuple[str, ...]
    root: Path
    settings: Settings = field(default_factory=Settings)
    parameters: tuple[GivenParameters, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    suppressions: bool = True
    today: date = field(default_factory=date.today)
    progress: Callable[[int, int], None] = _silent
    root_is_given: bool = False
