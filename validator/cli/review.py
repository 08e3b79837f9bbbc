"""``tierlens review``: the Serverless Lens review as documents."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.destinations import destinations
from validator.cli.lens_reviews import Asked, lens_review_of, read_answers_of, review_options
from validator.cli.links import link_base
from validator.cli.options import Input, input_options
from validator.cli.output import print_document, print_text, write_bytes, write_file
from validator.cli.terminal import wants_color, width
from validator.model import ReportOptions, RulePackError, TierlensError, UsageError

if TYPE_CHECKING:
    from validator.lens import LensReview, LensReviewOptions, LensReviewWriter
    from validator.lens.form import ExistingForm

EXIT_INCOMPLETE = 2
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("review")
@input_options
@review_options
@click.option(
    "--open-questions",
    "form",
    type=_FILE,
    metavar="FILE",
    help="Write the questions that are open as a form to fill in; answers that it has are kept.",
)
@click.option(
    "--compare",
    multiple=True,
    type=_FILE,
    metavar="REVIEW.json",
    help="Compare with an earlier review. Repeatable: several show the trend.",
)
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help="What is printed: text (the default without -o), json, csv, or another installed format.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write a document: .html, .md, .pdf, .json, .csv, .txt. Repeatable.",
)
@click.option(
    "--lang", "language", default="en", show_default=True, metavar="LANGUAGE", help="Language of the texts: en, fr."
)
@click.option("-v", "--verbose", count=True, help="Print every practice and the whole plan.")
@click.option("-q", "--quiet", is_flag=True, help="Print the questions and their risk only.")
@click.option("--no-color", is_flag=True, help="No colours, also when the terminal has them.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
    answers: Path | None,
    title: str,
    day: datetime | None,
    engines: tuple[str, ...],
    form: Path | None,
    compare: tuple[Path, ...],
    format_name: str | None,
    outputs: tuple[str, ...],
    language: str,
    verbose: int,
    quiet: bool,
    no_color: bool,
) -> None:
    """Review a workload by the Serverless Lens: what is shown, what is at risk, what only people know.

    Exit status: 0 the review is made, whatever it says; 2 something could not be checked.
    """
    from validator.lens import LensReviewOptions, texts_of
    from validator.registry import load_review_writers

    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    texts = texts_of(language)
    files = destinations(outputs)
    printed = format_name or ("text" if not files and form is None else "")
    names = (printed, *(file.format_name for file in files))
    writers = load_review_writers(dict.fromkeys(name for name in names if name))
    asked = Asked(answers, compare, title, day.date() if day else None, engines, quiet)
    if form is not None and form.exists():
        # A form that cannot be extended shows before the long run.
        _existing(form, asked)
    lens_review = lens_review_of(given, asked)
    options = LensReviewOptions(
        language,
        ReportOptions(
            color=wants_color(no_color),
            width=width(),
            verbose=verbose,
            quiet=quiet,
            link_base=link_base(os.environ, lens_review.review.root),
        ),
    )
    plain = replace(options, report=replace(options.report, color=False))
    for file in files:
        _save(file.path, _written(writers[file.format_name], lens_review, plain))
    if form is not None:
        from validator.lens.form import merged_form, new_form

        kept = _existing(form, asked) if form.exists() else None
        text = new_form(lens_review, texts, form.name) if kept is None else merged_form(kept, lens_review, texts)
        write_file(form, text, "form")
    if printed:
        _print(_written(writers[printed], lens_review, options), printed, options)
    ctx.exit(EXIT_INCOMPLETE if lens_review.review.incomplete else 0)


def _existing(form: Path, asked: Asked) -> "ExistingForm":
    from validator.settings.lens_answers import existing_form

    return existing_form(read_answers_of(form, asked.today), form.as_posix())


def _written(writer: "LensReviewWriter", lens_review: "LensReview", options: "LensReviewOptions") -> str | bytes:
    try:
        return writer.write(lens_review, options)
    except TierlensError:
        # A writer whose extra is not installed says so itself.
        raise
    except Exception as error:
        # A writer may be anybody's: name it, as a rule that fails is named.
        raise RulePackError(
            f"the review writer {writer.name} failed: {type(error).__name__}: {error}",
            hint="this is a fault of the writer: report it, or choose another format",
        ) from error


def _save(path: Path, document: str | bytes) -> None:
    if isinstance(document, bytes):
        write_bytes(path, document, "review")
    else:
        write_file(path, document, "review")


def _print(document: str | bytes, format_name: str, options: "LensReviewOptions") -> None:
    if isinstance(document, bytes):
        raise UsageError(f"{format_name} is no text to print", hint=f"write it to a file: -o review.{format_name}")
    if format_name == "text":
        print_text(document, color=options.report.color)
    else:
        print_document(document)
