"""``-`` among the paths: one template that comes through standard input."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from validator.model import UsageError

if TYPE_CHECKING:
    from validator.workload import StackPlan

STANDARD_INPUT: Final = "-"
_SHOWN: Final = "<stdin>"
_PLACE: Final = "tierlens.stdin-path"


def _keep_path(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    ctx.meta[_PLACE] = value


STDIN_PATH = click.option(
    "--stdin-path",
    metavar="NAME",
    expose_value=False,
    callback=_keep_path,
    help="The path that the template from standard input (-) stands for; files beside it are read from there.",
)


def template_from_stdin(paths: tuple[str, ...], root: Path) -> "tuple[StackPlan, ...]":
    """The stack of standard input when ``-`` is among the paths; none otherwise.

    Files that it names are read relative to the folder of ``--stdin-path``, else to the working folder. Raises
    LoadError for what is no template, UsageError for a ``--stdin-path`` without ``-`` or one that names no file.
    """
    ctx = click.get_current_context(silent=True)
    name: str | None = None if ctx is None else ctx.meta.get(_PLACE)
    if STANDARD_INPUT not in paths:
        if name is not None:
            raise UsageError("--stdin-path is given without -", hint="name - to read a template from standard input")
        return ()
    from validator.discover import DiscoveredFile
    from validator.discover.discovery import display_path
    from validator.load import MAXIMUM_SOURCE_BYTES, load_document
    from validator.workload import StackPlan

    if name is not None and (not name.strip() or "\0" in name or Path(name).is_dir()):
        raise UsageError(f"--stdin-path {name}: this names no file", hint="name the file that the text belongs to")
    path = Path(name or _SHOWN).absolute()
    shown = _SHOWN if name is None else display_path(path, root)
    # Read no more than what a template may have: the loader refuses the rest with its own words.
    data = sys.stdin.buffer.read(MAXIMUM_SOURCE_BYTES + 1)
    return (StackPlan(DiscoveredFile(path, shown), document=load_document(data, shown)),)
