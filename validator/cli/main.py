"""``tierlens``: the group of commands and the way errors leave the program."""

import gc
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from validator.cli.output import harmless, silence
from validator.model import TierlensError
from validator.version import VERSION

EXIT_NOT_DONE: Final = 2
EXIT_INTERRUPTED: Final = 130

_COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "baseline": ("validator.cli.baseline", "Accept what an existing system breaks today."),
    "cache": ("validator.cli.cache", "Show or remove what earlier runs left in the cache folder."),
    "check": ("validator.cli.check", "Check templates; the gate for a pipeline."),
    "config": ("validator.cli.config", "Show the settings in force, or write a first file of them."),
    "diff": ("validator.cli.diff", "Show what a change does to findings and architecture."),
    "explain": ("validator.cli.explain", "Explain a rule, with examples."),
    "graph": ("validator.cli.graph", "Show the architecture as a typed graph."),
    "init": ("validator.cli.init", "Copy a reference stack to start from."),
    "review": ("validator.cli.review", "Write the Serverless Lens review of a workload."),
    "rules": ("validator.cli.rule_list", "List the rules."),
    "scan": ("validator.cli.scan", "Check many repositories and write what was found as rows."),
    "suppressions": ("validator.cli.suppressions", "List what is accepted, by whom and until when."),
    "trace": ("validator.cli.trace", "Show every path between two resources."),
    "wa": ("validator.cli.wa", "Hand a review to the AWS Well-Architected Tool."),
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
    """Run the command line.

    Ends the process with 0, 1 (findings), 2 (not done) or 130 (interrupted). Python's own status for an
    unexpected exception is 1, which here means findings: no exception leaves this function.
    """
    # A run makes many small objects that live to its end: the collector's usual rhythm is a fifth of its time.
    gc.set_threshold(200_000, 10, 10)
    # A template may hold any character and a terminal may lack it: show a mark instead of failing.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status; errors are printed as people read them."""
    try:
        # Not standalone: click would end an interrupted run and one whose reader went away with 1.
        result = cli.main(list(arguments), prog_name="tierlens", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TierlensError as error:
        click.echo(describe(error), err=True)
        return EXIT_NOT_DONE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: the run is not complete", err=True)
        return EXIT_INTERRUPTED
    except OSError as error:
        # A full disk below the standard output, for one.
        silence()
        place = f": {error.filename}" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{place}", err=True)
        return EXIT_NOT_DONE
    except Exception as error:  # noqa: BLE001 - see main
        click.echo(_fault(error), err=True)
        return EXIT_NOT_DONE


def _fault(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
    what = f"error: tierlens failed: {type(error).__name__}: {error}{place}"
    return harmless(f"{what}\n  hint: this is a fault of tierlens: report it with the command and the template")


def describe(error: TierlensError) -> str:
    """The error as people read it: place, what is wrong, what to do."""
    place = f"{error.span}: " if error.span is not None and str(error.span) not in error.message else ""
    lines = [f"error: {place}{error.message}"]
    if error.hint:
        lines.append(f"  hint: {error.hint}")
    return harmless("\n".join(lines))
