"""The lens review that a command line asks for: what ``tierlens review`` and ``tierlens wa`` share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from validator.cli.gate_options import ENGINE, engines_of
from validator.cli.options import Input, request_of, settings_of
from validator.cli.progress import progress_bar
from validator.model import UsageError

if TYPE_CHECKING:
    from validator.lens import LensReview, PastReview
    from validator.settings.lens_answers import AnswersFile

Command = TypeVar("Command", bound=Callable[..., object])

_FILE = click.Path(path_type=Path, dir_okay=False)
_LARGEST_REVIEW = 100_000_000
"""Largest earlier review in bytes that is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the review options say."""

    answers: Path | None = None
    compare: tuple[Path, ...] = ()
    title: str = ""
    day: date | None = None
    engines: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def today(self) -> date:
        """The day of the review."""
        return self.day or date.today()


def review_options(command: Command) -> Command:
    """Add the options that make a lens review from a run."""
    decorators = (
        click.option(
            "--answers", type=_FILE, metavar="FILE", help="What people know: practice, answer, by, when, note (YAML)."
        ),
        click.option("--title", default="", metavar="TEXT", help="Name of the workload; default: its folder."),
        click.option(
            "--date",
            "day",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="YYYY-MM-DD",
            help="Date of the review; default: today.",
        ),
        ENGINE,
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def lens_review_of(given: Input, asked: Asked) -> "LensReview":
    """Run the review, read answers and earlier reviews, and assess.

    Raises SettingsError, UsageError or RulePackError as the parts do; wrong files show before the long run.
    """
    from validator.lens import assess
    from validator.review import review

    today = asked.today
    settings = settings_of(given)
    answers = () if asked.answers is None else read_answers_of(asked.answers, today).answers
    past = past_reviews(asked.compare)
    with progress_bar(not asked.quiet) as progress:
        request = replace(
            request_of(given, settings),
            select=settings.select,
            ignore=settings.ignore,
            engines=engines_of(asked.engines, settings),
            today=today,
            progress=progress,
            with_pictures=True,
        )
        result = review(request)
    return assess(result, today=today, answers=answers, past=past, title=asked.title)


def read_answers_of(path: Path, today: date) -> "AnswersFile":
    """The answers file. Raises SettingsError when it is missing or wrong."""
    from validator.settings.lens_answers import read_answers

    return read_answers(path, path.as_posix(), today)


def past_reviews(paths: Sequence[Path]) -> "tuple[PastReview, ...]":
    """Earlier reviews. Raises UsageError for a file that is none."""
    from validator.lens import parse_past_review

    return tuple(parse_past_review(_text(path), path.as_posix()) for path in paths)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_REVIEW:
            raise UsageError(f"{path} cannot be compared with: it is larger than {_LARGEST_REVIEW:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be compared with: it is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint="name an earlier review in JSON") from error
