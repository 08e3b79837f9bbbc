"""The reports of a check: from the cache where nothing changed since they were written, else made anew."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click

from validator.cli.output import harmless
from validator.model import ReportOptions, ReportWriter, RulePackError

if TYPE_CHECKING:
    from validator.cache import KeptRun
    from validator.model import Review
    from validator.review import ReviewRequest

NO_CACHE = click.option(
    "--no-cache",
    is_flag=True,
    envvar="TIERLENS_NO_CACHE",
    help="Analyse everything anew and keep nothing for the next run.",
)

# What a writer's library may read of the terminal beside the options.
_TERMINAL: Final = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM_PROGRAM")


@dataclass(frozen=True, slots=True)
class Report:
    """One report that is asked for."""

    format_name: str
    options: ReportOptions


@dataclass(frozen=True, slots=True)
class Outcome:
    """The texts of the reports in the order in which they were asked for, and the exit status."""

    texts: tuple[str, ...]
    status: int


def kept_run_of(request: "ReviewRequest", no_cache: bool) -> "KeptRun":
    """The run of a request: one that may have happened before, unless the cache is switched off."""
    from validator.cache import kept_run, open_folder

    return kept_run(None if no_cache else open_folder(os.environ), *request.identity())


def outcome_of(
    reports: Sequence[Report],
    run: "KeptRun",
    request: "ReviewRequest",
    compared: "Callable[[ReviewRequest], Review] | None" = None,
) -> Outcome:
    """The reports and the exit status of a request. Raises what a review raises, and RulePackError for a writer.

    ``compared`` reviews the request beside another state; what it gives depends on more than the request, and is
    made anew each time.
    """
    kept = _kept(reports, run) if compared is None else None
    return _made(reports, run, request, compared) if kept is None else kept


def _kept(reports: Sequence[Report], run: "KeptRun") -> Outcome | None:
    status = run.find(*_status_key(reports[0].options))
    texts = [run.find(*_text_key(report)) for report in reports] if status is not None else [None]
    found = tuple(text for text in texts if text is not None)
    return Outcome(found, int(status)) if status is not None and len(found) == len(reports) else None


def _made(
    reports: Sequence[Report],
    run: "KeptRun",
    request: "ReviewRequest",
    compared: "Callable[[ReviewRequest], Review] | None" = None,
) -> Outcome:
    # Before the long part: a format that is not known shows at once.
    from validator.registry import load_report_writers

    writers = load_report_writers(dict.fromkeys(report.format_name for report in reports))
    from validator.review import review
    from validator.triage import exit_status

    asked = replace(request, answers=run.answers)
    result = run.review(lambda: review(asked)) if compared is None else compared(asked)
    options = reports[0].options
    status = exit_status(result, options.thresholds)
    texts = tuple(_text(report, writers, result) for report in reports)
    if compared is None:
        for report, text in zip(reports, texts, strict=True):
            run.keep(text, *_text_key(report))
        run.keep(str(status), *_status_key(options))
    return Outcome(texts, status)


def _text_key(report: Report) -> tuple[object, ...]:
    return "report", report.format_name, report.options, [os.environ.get(name) for name in _TERMINAL]


def _status_key(options: ReportOptions) -> tuple[object, ...]:
    return "status", options.thresholds


def _text(report: Report, writers: Mapping[str, ReportWriter], result: "Review") -> str:
    writer = writers[report.format_name]
    try:
        return writer.write(result, report.options)
    except Exception as error:
        # A writer may be anybody's: name it, as a rule that fails is named.
        raise RulePackError(
            f"the report writer {writer.name} failed: {type(error).__name__}: {error}",
            hint="this is a fault of the writer: report it, or choose another format",
        ) from error


def tell_notices(run: "KeptRun") -> None:
    """Say on the error stream what a person should know about the cache."""
    for notice in run.notices:
        click.echo(harmless(f"note: {notice}"), err=True)
