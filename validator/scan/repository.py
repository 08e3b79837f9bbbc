"""One repository: a review with its own configuration, as rows."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypedDict

from validator.model import DiagnosticLevel, Review, TierlensError, UsageError
from validator.scan.rows import Row, Status, finding_row, status_row


class Job(TypedDict):
    """What is scanned: plain values only, so that they travel to another process or machine as they are."""

    name: str
    path: str
    """Absolute."""
    engines: list[str]
    select: list[str]
    ignore: list[str]
    today: str
    timeout: float


class Outcome(TypedDict):
    """What came of it."""

    status: Row
    findings: list[Row]
    version: str
    """The release of tierlens that judged."""
    seconds: float


def scanned(job: Job) -> Outcome:
    """Check the repository in this process; errors that people cause become its status."""
    from validator.version import VERSION

    try:
        review = _review(job)
    except UsageError as error:
        empty = error.code == "nothing-found"
        return failed(Status.EMPTY if empty else Status.ERROR, error.message, VERSION)
    except TierlensError as error:
        return failed(Status.ERROR, error.message, VERSION)
    errors = [one.message for one in review.diagnostics if one.level is DiagnosticLevel.ERROR]
    if review.incomplete:
        status = status_row(Status.INCOMPLETE, errors[0] if errors else "an engine failed", review)
    else:
        status = status_row(Status.OK, "", review)
    rows = [finding_row(one) for one in review.findings]
    return {"status": status, "findings": rows, "version": VERSION, "seconds": 0.0}


def failed(status: Status, message: str, version: str) -> Outcome:
    """The outcome of a repository without a review."""
    return {"status": status_row(status, message), "findings": [], "version": version, "seconds": 0.0}


def _review(job: Job) -> Review:
    from validator.engines import DEFAULT_ENGINES
    from validator.review import ReviewRequest, review
    from validator.settings import Settings, find_settings

    root = Path(job["path"])
    if not root.is_dir():
        raise UsageError(f"no such folder: {root}")
    settings = find_settings(root)
    # A repository is judged by what is in it, not by a file that happens to stand above the clone.
    if settings.source is not None and not settings.source.resolve().is_relative_to(root.resolve()):
        settings = Settings()
    request = ReviewRequest(
        (str(root),),
        (settings.root or root).resolve(),
        settings,
        select=tuple(job["select"]) or settings.select,
        ignore=(*settings.ignore, *job["ignore"]),
        engines=tuple(job["engines"]) or settings.engines or DEFAULT_ENGINES,
        guard=settings.guard,
        today=date.fromisoformat(job["today"]),
        root_is_given=True,
    )
    return review(replace(request, paths=(str(root.resolve()),)))
