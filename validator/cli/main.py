"""``tierlens``: the group of commands and the way errors leave the program."""

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Final

import click

from validator.model import TierlensError
from validator.version import VERSION

EXIT_NOT_DONE: Final = 2
EXIT_INTERRUPTED: Final = 130

_COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "check": ("validator.cli.check", "Check templates; the gate for a pipeline."),
    "explain": ("validator.cli.explain", "Explain a rule, with examples."),
    "graph": ("validator.cli.graph", "Show the architecture as a typed graph."),
    "rules": ("validator.cli.rule_list", "List the rules."),
    "trace": ("validator.cli.trace", "Show every path between two resources."),
}


class _LazyCommands(click.Group):
    """Imports a command's module only when that command is run; help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=_LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="tierlens")
def cli() -> None:
    """Prove the architecture of CloudFormation and SAM templates.

    tierlens checks tier separation, data in private subnets, least privilege, authorization on every method
    and WAF coverage, and shows the evidence. Nothing is sent anywhere and no AWS credentials are needed.
    """


def main() -> None:
    """Run the command line; ends the process with 0, 1 (findings), 2 (not done) or 130 (interrupted)."""
    # A template may hold any character and a terminal may lack it: show a mark instead of failing.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        cli(prog_name="tierlens")
    except TierlensError as error:
        click.echo(describe(error), err=True)
        sys.exit(EXIT_NOT_DONE)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) went away: nothing is wrong, but Python must not complain at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_NOT_DONE)


def describe(error: TierlensError) -> str:
    """The error as people read it: place, what is wrong, what to do."""
    place = f"{error.span}: " if error.span is not None and str(error.span) not in error.message else ""
    lines = [f"error: {place}{error.message}"]
    if error.hint:
        lines.append(f"  hint: {error.hint}")
    return "\n".join(lines)
