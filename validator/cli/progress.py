"""Progress on the error stream, when there is much to do and somebody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Advance = Callable[[int, int], None]

WORTH_SHOWING = 20
"""Templates from which a bar is shown."""


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Advance]:
    """A function that takes what is done and what there is to do; the bar goes away at the end."""
    if not wanted or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with ExitStack() as stack:
        bar: tuple[Progress, TaskID] | None = None

        def advance(done: int, total: int) -> None:
            nonlocal bar
            if total < WORTH_SHOWING:
                return
            if bar is None:
                shown = stack.enter_context(_progress())
                bar = (shown, shown.add_task("checking templates", total=total))
            bar[0].update(bar[1], completed=done)

        yield advance


def _progress() -> "Progress":
    # Imported only for a run that shows it: it is a good part of a small run's time.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
