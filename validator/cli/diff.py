"""``tierlens diff``: what a change does to the findings and to the architecture."""

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from validator.cli.destinations import destinations
from validator.cli.gate_options import GateInput, gate_options, gate_request
from validator.cli.links import link_base
from validator.cli.options import Input, input_options
from validator.cli.output import print_document, print_text, write_file
from validator.cli.progress import progress_bar
from validator.cli.terminal import wants_color, width
from validator.cli.threshold_options import threshold_options, thresholds_of
from validator.model import ReportOptions, RulePackError

if TYPE_CHECKING:
    from validator.cli.sides import Sides
    from validator.model import Difference, DifferenceWriter
    from validator.review import ReviewRequest
    from validator.settings import Settings


@click.command("diff")
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@input_options
@gate_options
@threshold_options
@click.option("--merge-base", is_flag=True, help="Compare HEAD with the commit where it parted from BASE.")
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="What is printed: text, json, markdown, or another installed format.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Also write a report to a file; the format follows from its ending. Repeatable.",
)
@click.option("--no-suppressions", is_flag=True, help="Show what is suppressed as the failure it is.")
@click.option("-v", "--verbose", count=True, help="Show unchanged and fixed findings too.")
@click.option("-q", "--quiet", is_flag=True, help="One line each, and the outcome.")
@click.option("--no-color", is_flag=True, help="No colours, also when the terminal has them.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    base: str,
    head: str,
    fail_on: tuple[str, ...],
    fail_on_unknown: bool,
    deny_suppressions: bool,
    merge_base: bool,
    format_name: str,
    outputs: tuple[str, ...],
    no_suppressions: bool,
    verbose: int,
    quiet: bool,
    no_color: bool,
    **shared: Any,
) -> None:
    """Compare two states: git revisions, files or folders. PATH narrows what of them is compared.

    The settings are those of HEAD. Exit status: 0 nothing new at or above --fail-on, 1 new findings, 2 something
    could not be checked.
    """
    from validator.cli.sides import two_sides
    from validator.registry import load_difference_writers
    from validator.triage import exit_status

    given = Input(**{one.name: shared[one.name] for one in fields(Input)})
    gate = GateInput(**{one.name: shared[one.name] for one in fields(GateInput)})
    files = destinations(outputs)
    names = (format_name, *(file.format_name for file in files))
    writers = load_difference_writers(dict.fromkeys(names))
    with two_sides(base, head, merge_base) as sides:
        request, given = _request(given, gate, sides)
        request = replace(request, suppressions=not no_suppressions)
        thresholds = thresholds_of(request.settings, fail_on, fail_on_unknown, deny_suppressions)
        options = ReportOptions(
            color=wants_color(no_color),
            width=width(),
            verbose=verbose,
            quiet=quiet,
            fail_on=thresholds.default,
            fail_on_unknown=thresholds.unknown,
            fail_on_categories=thresholds.categories,
            deny_suppressions=thresholds.deny_suppressions,
            link_base=link_base(os.environ, Path.cwd() if sides.head.tree else sides.head.root),
        )
        found = _difference(request, given, sides, quiet)
    for file in files:
        write_file(file.path, _written(writers[file.format_name], found, replace(options, color=False)), "report")
    text = _written(writers[format_name], found, options)
    if format_name == "text":
        print_text(text, color=options.color)
    else:
        print_document(text)
    ctx.exit(exit_status(found.review, thresholds))


def _difference(request: "ReviewRequest", given: Input, sides: "Sides", quiet: bool) -> "Difference":
    from validator.cli.states import base_reviewed, nothing, reviewed, with_unrecognised
    from validator.difference.comparison import difference
    from validator.model import UsageError

    with progress_bar(not quiet) as progress:
        base = base_reviewed(request, given, sides, whole=True)
        try:
            head = reviewed(replace(request, progress=progress), sides.head, whole=True)
        except UsageError as error:
            # All that was there may be deleted: then the rest of the change is still told.
            if error.code not in ("nothing-found", "no-such-path") or not base.review.templates:
                raise
            head = nothing(sides.head)
            head = replace(head, review=replace(head.review, diagnostics=()))
    return difference(base, with_unrecognised(head, base, sides.head))


def _request(given: Input, gate: GateInput, sides: "Sides") -> "tuple[ReviewRequest, Input]":
    """The request for the new state, and the options with the places that they mean there."""
    place, root = sides.head.place, sides.head.root
    start = sides.head.start if sides.head.tree else place
    paths = tuple(str(start / path) for path in given.paths) or (str(place if not sides.head.tree else start),)
    settings = _settings(given, sides)
    given = replace(
        given,
        paths=paths,
        parameter_files=tuple(_in_head(path, sides) for path in given.parameter_files),
        root=_in_head(given.root, sides) if given.root else settings.root or root,
    )
    gate = replace(gate, baseline=None if gate.baseline is None else _in_head(gate.baseline, sides))
    return gate_request(given, gate, settings), given


def _settings(given: Input, sides: "Sides") -> "Settings":
    from validator.settings import find_settings

    start = sides.head.start
    while not start.is_dir():
        start = start.parent
    settings = find_settings(start, given.config)
    return replace(
        settings,
        samconfig_environment=given.samconfig_env or settings.samconfig_environment,
        region=given.region or settings.region,
    )


def _in_head(path: Path, sides: "Sides") -> Path:
    """A path of the working folder as the new state has it: in the copy of a revision, if it is there."""
    if sides.head.tree:
        inside = sides.head.start / path if not path.is_absolute() else path
        if inside.exists():
            return inside
    return path


def _written(writer: "DifferenceWriter", found: "Difference", options: ReportOptions) -> str:
    try:
        return writer.write(found, options)
    except Exception as error:
        # A writer may be anybody's: name it, as a rule that fails is named.
        raise RulePackError(
            f"the report writer {writer.name} failed: {type(error).__name__}: {error}",
            hint="this is a fault of the writer: report it, or choose another format",
        ) from error


# Without a path all of both states is compared: here the shared argument is not required.
_PATHS = next(one for one in command.params if one.name == "paths")
_PATHS.callback, _PATHS.metavar = None, "[PATH]..."
