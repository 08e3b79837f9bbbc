"""``--stack`` and ``--environment``: which stacks a run has beside what its paths hold, and how they are deployed.

Their values lie in the context and not among the arguments, so that every command with the input options has them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.model import UsageError

if TYPE_CHECKING:
    from validator.workload import StackPlan

_STACKS = "tierlens.stacks"
_ENVIRONMENTS = "tierlens.environments"


def _keep_stacks(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    ctx.meta[_STACKS] = value


def _keep_environments(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    ctx.meta[_ENVIRONMENTS] = value


STACK = click.option(
    "--stack",
    multiple=True,
    metavar="NAME=PATH",
    expose_value=False,
    is_eager=True,
    callback=_keep_stacks,
    help="A stack of this name from a template; one template may make several. Repeatable.",
)

ENVIRONMENT = click.option(
    "--environment",
    multiple=True,
    metavar="NAME",
    expose_value=False,
    callback=_keep_environments,
    help="Judge this environment of the configuration only. Repeatable; default: all of them.",
)


def paths_or_stacks(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a run without any input, as click refuses a missing argument."""
    if not value and not ctx.meta.get(_STACKS):
        raise click.MissingParameter(ctx=ctx, param=param)
    return value


def environments_given() -> tuple[str, ...]:
    """The names of ``--environment``; none outside of a command."""
    ctx = click.get_current_context(silent=True)
    return () if ctx is None else tuple(ctx.meta.get(_ENVIRONMENTS, ()))


def stacks_given(root: Path) -> "tuple[StackPlan, ...]":
    """The stacks of ``--stack``. Raises UsageError for a text that names no stack or no file."""
    ctx = click.get_current_context(silent=True)
    texts: Sequence[str] = () if ctx is None else ctx.meta.get(_STACKS, ())
    plans: list[StackPlan] = []
    for text in texts:
        plan = _plan(text, root)
        if any(other.name == plan.name for other in plans):
            raise UsageError(f"--stack {text}: the name {plan.name} is given twice", hint="give each stack its name")
        plans.append(plan)
    return tuple(plans)


def _plan(text: str, root: Path) -> "StackPlan":
    from validator.discover import DiscoveredFile
    from validator.discover.discovery import display_path
    from validator.settings import STACK_NAME
    from validator.workload import StackPlan

    name, divider, place = text.partition("=")
    if not divider or not place:
        raise UsageError(f"--stack {text}: the name or the path is missing", hint="write --stack NAME=PATH")
    if not STACK_NAME.fullmatch(name):
        hint = "letters, digits and hyphens, a letter first, 128 at most"
        raise UsageError(f"--stack {text}: '{name}' cannot be the name of a stack", hint=hint)
    path = Path(place).absolute()
    if not path.is_file():
        raise UsageError(f"--stack {text}: there is no file {place}", hint="paths start at the working directory")
    return StackPlan(DiscoveredFile(path, display_path(path, root)), name, named=True)
