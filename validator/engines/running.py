"""The engines of a run: started early, fed as templates become ready, collected at the end."""

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec

from validator.engines.inputs import EngineInput, EngineOptions, EngineResults, Judged, not_done
from validator.engines.names import CFN_LINT, CHECKOV, ENGINE_NAMES, KINDS, VALIDATE
from validator.engines.process import EngineDiedError, EngineProcess
from validator.engines.remembered import RememberedProcess
from validator.engines.work import Work, start_options, work_of
from validator.files import doubtful
from validator.model import Diagnostic, DiagnosticLevel, EngineRun, EngineStatus, UsageError

WAITING = 32
"""Templates that may wait for one engine: enough to keep it busy, few enough to bound the memory."""
DEATHS = 3
"""Deaths in a row after which an engine is not started again."""


@contextmanager
def start_engines(names: Iterable[str], options: EngineOptions) -> Iterator["Engines"]:
    """The engines of a run in processes of their own, importing while the caller goes on.

    ``names`` are engines as on the command line; ``tierlens`` is no process and is passed over. With files of
    an organisation's rules, cloudformation-validate runs for these alone if it is not named. On leaving,
    whatever still runs is killed. Raises UsageError for a name that no engine has or an engine that is not
    installed.
    """
    wanted = required_engines(names, options)
    engines = Engines(wanted, options, builtin=VALIDATE in tuple(names))
    try:
        yield engines
    finally:
        engines.stop()


def required_engines(names: Iterable[str], options: EngineOptions) -> tuple[str, ...]:
    """The engines that need a process, in their fixed order. Raises as ``start_engines`` does."""
    named = set(names)
    unknown = sorted(named.difference(ENGINE_NAMES))
    if unknown:
        raise UsageError(f"there is no engine '{unknown[0]}'", hint=f"known are {', '.join(ENGINE_NAMES)}")
    if options.guard:
        named.add(VALIDATE)
    wanted = tuple(name for name in (CHECKOV, CFN_LINT, VALIDATE) if name in named)
    for name in wanted:
        if find_spec(KINDS[name].module) is None:
            raise UsageError(f"the engine {name} is not installed", hint=KINDS[name].install)
    return wanted


@dataclass(slots=True)
class _Share:
    """What one engine has done so far."""

    judged: list[Judged] = field(default_factory=list)
    failed: list[Diagnostic] = field(default_factory=list)
    version: str = ""
    given_up: str = ""
    left: int = 0
    deaths: int = 0


class Engines:
    """The running engines. Not to be made by hand: see ``start_engines``."""

    def __init__(self, names: Sequence[str], options: EngineOptions, builtin: bool) -> None:
        self._runners = [_Runner(name, options, builtin) for name in names]

    @property
    def active(self) -> bool:
        """Whether any engine beside our own rules runs."""
        return bool(self._runners)

    def submit(self, given: EngineInput) -> None:
        """Hand a template to every engine. Waits when too many wait already."""
        for runner in self._runners:
            runner.submit(given)

    def results(self) -> EngineResults:
        """Wait for all engines and give what they said. To be called once, after the last ``submit``."""
        shares = [runner.finish() for runner in self._runners]
        judged = [part for share in shares for part in share.judged]
        return EngineResults(
            findings=tuple(finding for part in judged for finding in part.findings),
            diagnostics=(
                *(diagnostic for share in shares for diagnostic in share.failed),
                *(diagnostic for part in judged for diagnostic in part.diagnostics),
            ),
            runs=tuple(runner.run for runner in self._runners),
            rules={rule_id: text for part in reversed(judged) for rule_id, text in part.rules.items()},
        )

    def stop(self) -> None:
        """Kill what still runs."""
        for runner in self._runners:
            runner.stop()


class _Runner:
    """One engine's process and the thread that talks to it."""

    def __init__(self, name: str, options: EngineOptions, builtin: bool) -> None:
        self._name = name
        self._options = options
        self._share = _Share()
        self._queue: queue.Queue[Work | None] = queue.Queue(WAITING)
        self._stopped = False
        self._process = _process_of(name, options, builtin)
        self._thread = threading.Thread(target=self._serve, name=f"tierlens-{name}", daemon=True)
        self._thread.start()

    def submit(self, given: EngineInput) -> None:
        """Render on the caller's thread (values are resolved there) and put it in line."""
        if self._share.given_up:
            self._share.left += 1
            return
        try:
            work = work_of(self._name, given, self._options)
        except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
            what = f"could not be asked: {type(error).__name__}: {error}"
            self._share.failed.append(not_done(self._name, given.path, what, "report this with the template"))
            return
        self._queue.put(work)

    def finish(self) -> _Share:
        """Wait until all that was submitted is answered."""
        self._queue.put(None)
        self._thread.join()
        self._process.close()
        if self._share.given_up:
            self._share.failed.append(self._gave_up())
        return self._share

    def stop(self) -> None:
        """Kill the process; the thread then ends by itself."""
        self._stopped = True
        self._process.kill()

    @property
    def run(self) -> EngineRun:
        """How this engine's part ended."""
        share = self._share
        failed = bool(share.failed) or any(
            diagnostic.level is DiagnosticLevel.ERROR for part in share.judged for diagnostic in part.diagnostics
        )
        notes = [share.given_up] if share.given_up else []
        count = len(share.failed) + sum(bool(part.diagnostics) for part in share.judged)
        if failed and not share.given_up:
            notes.append(f"{count} template{'s' if count != 1 else ''} not checked in full")
        status = EngineStatus.FAILED if failed else EngineStatus.RAN
        return EngineRun(self._name, share.version, status, "; ".join(notes))

    def _serve(self) -> None:
        self._begin()
        while (work := self._queue.get()) is not None:
            if self._stopped:
                continue
            if self._share.given_up:
                self._share.left += 1
                continue
            try:
                self._check(work)
            except Exception as error:  # noqa: BLE001 - the thread must go on: others wait for it
                self._fail(work, f"gave an answer that cannot be read: {type(error).__name__}: {error}")

    def _begin(self) -> None:
        try:
            answer = self._process.started()
        except EngineDiedError as error:
            doubtful(f"{self._name} {error}")
            self._share.given_up = f"did not start: it {error}"
            return
        except Exception as error:  # noqa: BLE001 - as below
            doubtful(f"{self._name} did not start")
            self._share.given_up = f"did not start: {type(error).__name__}: {error}"
            return
        if "error" in answer:
            doubtful(f"{self._name} did not start")
            self._share.given_up = f"did not start: {answer['error']}"
        else:
            self._share.version = str(answer["version"])

    def _check(self, work: Work) -> None:
        answers = []
        for request in work.requests:
            try:
                answer = self._process.ask(request)
            except EngineDiedError as error:
                if not self._stopped:
                    self._died(work, str(error))
                return
            if "error" in answer:
                if "passing" in answer:
                    doubtful(f"{self._name} lacked memory")
                self._fail(work, f"failed on it: {answer['error']}")
                return
            answers.append(answer)
        self._share.deaths = 0
        self._share.judged.append(work.judged(answers))

    def _died(self, work: Work, how: str) -> None:
        doubtful(f"{self._name} {how}")
        self._fail(work, f"{how} on it")
        self._share.deaths += 1
        if self._share.deaths >= DEATHS:
            self._share.given_up = f"died on {DEATHS} templates in a row"
            return
        self._process.restart()
        self._begin()

    def _fail(self, work: Work, what: str) -> None:
        hint = f"the other templates were checked; leave {self._name} out with --engine if it cannot be helped"
        self._share.failed.append(not_done(self._name, work.path, what, hint))

    def _gave_up(self) -> Diagnostic:
        message = f"{self._name} {self._share.given_up}"
        if self._share.left:
            message += (
                f"; {self._share.left} template{'s were' if self._share.left != 1 else ' was'} not checked by it"
            )
        hint = f"{KINDS[self._name].install}; or choose engines with --engine"
        return Diagnostic(DiagnosticLevel.ERROR, "engine-failed", message, hint=hint)


def _process_of(name: str, options: EngineOptions, builtin: bool) -> EngineProcess | RememberedProcess:
    told = start_options(name, options, builtin)
    return EngineProcess(name, told) if options.answers is None else RememberedProcess(name, told, options.answers)
