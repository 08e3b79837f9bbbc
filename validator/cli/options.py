"""Options that several commands share, and the request they make together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from validator.cli.stack_options import ENVIRONMENT, STACK, environments_given, paths_or_stacks, stacks_given
from validator.cli.standard_input import STANDARD_INPUT, STDIN_PATH, template_from_stdin
from validator.model import UsageError

if TYPE_CHECKING:
    from validator.review import ReviewRequest
    from validator.settings import GivenParameters, Settings

Command = TypeVar("Command", bound=Callable[..., object])

_FILE = click.Path(path_type=Path, dir_okay=False)


def input_options(command: Command) -> Command:
    """Add the options that say what is read and with which values."""
    decorators = (
        click.argument("paths", nargs=-1, metavar="PATH...", callback=paths_or_stacks),
        STACK,
        ENVIRONMENT,
        STDIN_PATH,
        click.option(
            "--parameters",
            "parameter_files",
            type=_FILE,
            multiple=True,
            metavar="FILE",
            help="Parameter file: CLI or CodePipeline JSON, or simple YAML. Repeatable; later files win.",
        ),
        click.option(
            "--parameter",
            "assignments",
            multiple=True,
            metavar="NAME=VALUE",
            help="One parameter value. Repeatable; beats every file.",
        ),
        click.option(
            "--samconfig-env",
            metavar="NAME",
            help="Use parameter_overrides of this environment from samconfig.toml beside each template.",
        ),
        click.option("--region", metavar="REGION", help="The value of AWS::Region."),
        click.option("--config", type=_FILE, metavar="FILE", help="Configuration file instead of the nearest."),
        click.option(
            "--root",
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            metavar="DIR",
            help="Project root: nothing outside it is read. Default: the repository, else the working folder.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@dataclass(frozen=True, slots=True)
class Input:
    """The values of the shared input options."""

    paths: tuple[str, ...]
    parameter_files: tuple[Path, ...]
    assignments: tuple[str, ...]
    samconfig_env: str | None
    region: str | None
    config: Path | None
    root: Path | None


def settings_of(given: Input) -> "Settings":
    """The settings in force: the configuration file's, narrowed by the command line."""
    from validator.settings import find_settings

    settings = find_settings(Path.cwd(), given.config)
    return replace(
        settings,
        samconfig_environment=given.samconfig_env or settings.samconfig_environment,
        region=given.region or settings.region,
    )


def request_of(given: Input, settings: "Settings") -> "ReviewRequest":
    """The request that the input options make. Raises SettingsError or UsageError for wrong values."""
    from validator.review import ReviewRequest
    from validator.settings import given_on_command_line, project_root

    layers = list(_parameter_layers(given.parameter_files))
    if given.assignments:
        layers.append(given_on_command_line(given.assignments))
    named = given.root or settings.root
    root = (named or project_root(Path.cwd())).resolve()
    return ReviewRequest(
        tuple(path for path in given.paths if path != STANDARD_INPUT),
        root,
        settings,
        tuple(layers),
        root_is_given=named is not None,
        stacks=(*stacks_given(root), *template_from_stdin(given.paths, root)),
        environments=environments_given(),
    )


def _parameter_layers(files: Sequence[Path]) -> "Iterator[GivenParameters]":
    for path in files:
        # It needs a YAML parser, which most runs that are kept do without.
        from validator.settings import read_parameter_file

        yield read_parameter_file(path)


def names_of(given: Sequence[str], option: str) -> tuple[str, ...]:
    """The names of a repeatable option, also those between commas.

    Raises UsageError for an option without any: an empty variable must not turn into a check of everything.
    """
    names = tuple(part.strip() for value in given for part in value.split(",") if part.strip())
    if given and not names:
        raise UsageError(f"{option} is given without a name", hint="name rules or categories, or leave it out")
    return names
