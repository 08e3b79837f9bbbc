"""Where repositories are scanned: in processes of this machine, or by the workers of a Dask cluster."""

import os
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from validator.model import UsageError
from validator.scan.isolated import Processes, outcome_of
from validator.scan.repository import Job, Outcome, failed
from validator.scan.rows import Status
from validator.version import VERSION

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
_SCHEMES = {"dask://": "tcp://", "dask+tls://": "tls://"}

Finished = Generator[tuple[int, Outcome], None, None]
"""The number of a job and what came of it, in the order in which they end."""


def check_executor(executor: str) -> None:
    """Raises UsageError for an executor that there is not."""
    if executor != LOCAL and _address(executor) is None:
        hint = "give local, dask://HOST:PORT, or dask+tls://HOST:PORT"
        raise UsageError(f"there is no executor {executor!r}", hint=hint)


def run(jobs: Sequence[Job], executor: str, workers: int | None) -> Finished:
    """Scan the repositories. Raises UsageError when the cluster cannot be used."""
    address = _address(executor)
    return _local(jobs, workers or os.cpu_count() or 1) if address is None else _dask(jobs, address)


def _address(executor: str) -> str | None:
    for scheme, protocol in _SCHEMES.items():
        rest = executor.removeprefix(scheme)
        host, _, port = rest.rpartition(":")
        if rest != executor and host and port.isdigit():
            return protocol + rest
    return None


def _local(jobs: Sequence[Job], workers: int) -> Finished:
    pool, processes = ThreadPoolExecutor(max_workers=workers), Processes()
    waiting = iter(enumerate(jobs))
    running: dict[Future[Outcome], int] = {}
    try:
        while True:
            # No more at a time than are worked on: an interrupted scan then has nothing left in a queue.
            while len(running) < workers and (following := next(waiting, None)) is not None:
                number, job = following
                running[pool.submit(outcome_of, job, processes)] = number
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        processes.end()
        pool.shutdown(cancel_futures=True)


def release_of_worker() -> str:
    """The release of tierlens on the machine that runs this."""
    return VERSION


def _dask(jobs: Sequence[Job], address: str) -> Finished:
    client = _client(address)
    try:
        _check_workers(client, address)
        yield from _on_cluster(jobs, client)
    finally:
        client.close()


def _client(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        hint = "install the extra: pip install 'tierlens[dask]'"
        raise UsageError("the executor dask needs dask.distributed, which is not installed", hint=hint) from error
    try:
        return Client(address, timeout=15, set_as_default=False)
    except (OSError, ValueError) as error:
        hint = "start a scheduler there, or give the address that it prints"
        raise UsageError(f"no Dask scheduler answers at {address}: {error}", hint=hint) from error


def _check_workers(client: "Client", address: str) -> None:
    hint = f"install tierlens {VERSION} on every worker; code is not sent there"
    try:
        releases = client.run(release_of_worker)
    except Exception as error:  # whatever a worker without tierlens says
        raise UsageError(f"a worker of {address} cannot run tierlens: {error}", hint=hint) from error
    if not releases:
        raise UsageError(f"the cluster at {address} has no workers", hint="start some, then scan again")
    other = sorted({release for release in releases.values() if release != VERSION})
    if other:
        raise UsageError(f"workers of {address} have tierlens {', '.join(other)}, not {VERSION}", hint=hint)


def _on_cluster(jobs: Sequence[Job], client: "Client") -> Finished:
    from distributed import as_completed

    at_a_time = max(2 * sum(client.ncores().values()), 1)
    waiting = iter(enumerate(jobs))
    running = {}
    finished = as_completed(loop=client.loop)

    def submit() -> None:
        following = next(waiting, None)
        if following is not None:
            number, job = following
            future = client.submit(outcome_of, job, pure=False)
            running[future.key] = number
            finished.add(future)

    try:
        for _ in range(at_a_time):
            submit()
        for future in finished:
            number = running.pop(future.key)
            error = future.exception()
            if error is None:
                yield number, future.result()
            else:
                yield number, failed(Status.CRASHED, f"the cluster lost it: {error}", VERSION)
            future.release()
            submit()
    finally:
        client.cancel(list(finished.futures))
