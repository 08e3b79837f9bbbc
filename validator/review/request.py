"""What a run is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from validator.settings import GivenParameters, Settings

if TYPE_CHECKING:
    from validator.engines.remembered import AnswerStore
    from validator.graph import Architecture
    from validator.workload.plan import StackPlan


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Everything a run takes.

    ``paths`` are files, folders and globs as people write them; ``root`` is the folder below which files are
    read and against which paths are shown; unless ``root_is_given``, a template that is named outside of it is
    read with the files of its own project. ``parameters`` are layers of given values, weakest first, that must
    name parameters of the run (command line, named files). ``select`` and ``ignore`` are the names of
    rules and categories; an empty ``select`` is all of them. ``stacks`` are planned beside what ``paths`` find: a
    file that has one is not planned once more. ``environments`` names those of the settings that are judged; empty
    is all of them.
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
    engines: tuple[str, ...] = ("tierlens",)
    """Engines that run, ours among them; ``validator.engines.ENGINE_NAMES`` has all."""
    guard: tuple[Path, ...] = ()
    """Files of an organisation's own rules (cfn-guard, Rego, CEL)."""
    baseline: Path | None = None
    """The file of accepted findings; None: the one that the settings name, if any."""
    stacks: "tuple[StackPlan, ...]" = ()
    environments: tuple[str, ...] = ()
    answers: "AnswerStore | None" = None
    """What other engines said in earlier runs; None asks them everything anew."""
    with_pictures: bool = False
    """The review has the architecture pictures too, one for stacks that are judged together."""
    observe: "Callable[[Architecture], None] | None" = None
    """Takes each architecture that was judged, for whoever needs more of it than findings."""

    def identity(self) -> tuple[tuple[str, object], ...]:
        """All that a result depends on, for whoever keeps results: everything but the watching and the helps."""
        names = (one.name for one in fields(self) if one.name not in ("progress", "answers", "observe"))
        return tuple((name, getattr(self, name)) for name in names)
