"""The whole scan: repositories in, two tables out."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from validator.model import UsageError
from validator.scan.executors import LOCAL, check_executor, run
from validator.scan.parts import Part, Parts, key_of, part_of
from validator.scan.repository import Job
from validator.scan.rows import FINDINGS, REPOSITORIES, SCHEMA_VERSION, Row, Status, whole
from validator.scan.writers import check_output, write_table

TIMEOUT: Final = 600.0
"""Seconds for one repository when nothing else is said."""


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What is scanned, where, and which file takes the findings.

    ``repositories`` are folders, each with its own configuration. ``output`` ends in ``.jsonl`` or ``.parquet``; the
    table of repositories stands beside it. ``engines``, ``select`` and ``ignore`` narrow what each repository's own
    configuration says. With ``resume`` a repository that did not change since the last scan is taken from there.
    """

    repositories: tuple[Path, ...]
    output: Path
    executor: str = LOCAL
    workers: int | None = None
    timeout: float = TIMEOUT
    resume: bool = False
    engines: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    progress: Callable[[int, int], None] = _silent

    @property
    def repositories_output(self) -> Path:
        """The file with one row a repository."""
        return self.output.with_name(f"{self.output.stem}.repositories{self.output.suffix}")


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """How a scan ended."""

    statuses: Counter[Status]
    findings: int
    troubles: tuple[tuple[str, Status, str], ...]
    """The repositories that were not checked whole: name, status, why."""
    resumed: int
    """Repositories taken from the scan before."""


def scan(request: ScanRequest) -> ScanSummary:
    """Scan the repositories and write both tables.

    A repository that cannot be checked has a row that says why. Raises UsageError when the scan as a whole makes
    no sense or its executor cannot be used, OSError when the output cannot be written.
    """
    check_executor(request.executor)
    check_output(request.output)
    started = datetime.now(UTC)
    jobs = _jobs(request, started)
    parts = Parts(request.output.with_name(request.output.name + ".parts"))
    parts.start(request.resume)
    keys = [key_of(job) for job in jobs]
    open_ = [number for number, job in enumerate(jobs) if not (request.resume and parts.finished(job, keys[number]))]
    done = len(jobs) - len(open_)
    request.progress(done, len(jobs))
    with closing(run([jobs[number] for number in open_], request.executor, request.workers)) as finished:
        for place, outcome in finished:
            job, key = jobs[open_[place]], keys[open_[place]]
            columns = _columns(job, key, outcome["version"], outcome["seconds"])
            parts.write(job, part_of(key, outcome, **columns))
            done += 1
            request.progress(done, len(jobs))
    _write(request, jobs, parts, {"scan_id": str(uuid.uuid4()), "schema_version": SCHEMA_VERSION})
    return _summary(jobs, parts, len(jobs) - len(open_))


def _jobs(request: ScanRequest, started: datetime) -> list[Job]:
    if not request.repositories:
        raise UsageError("there is nothing to scan", hint="name folders, or a list of them with --from")
    if request.timeout <= 0:
        raise UsageError(f"the timeout of {request.timeout:g} seconds leaves no time", hint="give more than 0")
    found: dict[str, Job] = {}
    for repository in request.repositories:
        path = str(repository.absolute())
        found.setdefault(
            path,
            {
                "name": str(repository),
                "path": path,
                "engines": list(request.engines),
                "select": list(request.select),
                "ignore": list(request.ignore),
                "today": started.date().isoformat(),
                "timeout": request.timeout,
            },
        )
    return list(found.values())


def _columns(job: Job, key: str, version: str, seconds: float) -> Row:
    now = datetime.now(UTC)
    return {
        "repository": whole(job["name"]),
        "path": whole(job["path"]),
        "content_key": key,
        "tierlens_version": version,
        "scan_date": now.date().isoformat(),
        "scanned_at": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "duration_seconds": seconds,
    }


def _write(request: ScanRequest, jobs: Sequence[Job], parts: Parts, scan_columns: Row) -> None:
    def findings() -> Iterator[Row]:
        for part in _parts(jobs, parts):
            own = {name: value for name, value in part["status"].items() if name in FINDINGS}
            for finding in part["findings"]:
                yield {**scan_columns, **own, **finding}

    write_table(request.output, FINDINGS, findings())
    rows = ({**scan_columns, **part["status"]} for part in _parts(jobs, parts))
    write_table(request.repositories_output, REPOSITORIES, rows)


def _parts(jobs: Sequence[Job], parts: Parts) -> Iterator[Part]:
    for job in jobs:
        part = parts.read(job)
        if part is None:
            raise OSError(f"what was kept of {job['name']} is gone: scan again")
        yield part


def _summary(jobs: Sequence[Job], parts: Parts, resumed: int) -> ScanSummary:
    statuses: Counter[Status] = Counter()
    troubles: list[tuple[str, Status, str]] = []
    findings = 0
    for job, part in zip(jobs, _parts(jobs, parts), strict=True):
        status = Status(str(part["status"]["status"]))
        statuses[status] += 1
        findings += len(part["findings"])
        if not status.is_done:
            troubles.append((job["name"], status, str(part["status"]["message"])))
    return ScanSummary(statuses, findings, tuple(troubles), resumed)
