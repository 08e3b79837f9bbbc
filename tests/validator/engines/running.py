"""Short ways from a template's text to what an engine says of it. An engine is started once for all tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import scope
from validator.engines import EngineInput, EngineOptions, EngineResults, GuardFile, start_engines
from validator.engines.process import EngineProcess
from validator.engines.work import start_options, work_of
from validator.model import Finding, Verdict

PATH = "template.yaml"
_PROCESSES: dict[str, EngineProcess] = {}


def engine_input(template: str, *, suppressions: bool = True, **parameters: str) -> EngineInput:
    """A template as an engine gets it."""
    stack = scope(template, **parameters)
    return EngineInput(stack.template, stack, Path("/nowhere") / PATH, parameters, None, suppressions)


def process(engine: str) -> EngineProcess:
    """The engine's process, shared by the tests of this session."""
    if engine not in _PROCESSES:
        options = EngineOptions(Path("/nowhere"))
        made = EngineProcess(engine, start_options(engine, options, builtin=True))
        answer = made.started()
        assert "error" not in answer, answer
        _PROCESSES[engine] = made
    return _PROCESSES[engine]


def end_processes() -> None:
    """End what ``process`` started."""
    while _PROCESSES:
        _PROCESSES.popitem()[1].kill()


def judged(engine: str, template: str, *, suppressions: bool = True, **parameters: str) -> tuple[Finding, ...]:
    """The findings of an engine on a template, all verdicts; there is no complaint."""
    given = engine_input(template, suppressions=suppressions, **parameters)
    work = work_of(engine, given, EngineOptions(Path("/nowhere")))
    result = work.judged([process(engine).ask(request) for request in work.requests])
    assert not result.diagnostics, result.diagnostics
    return result.findings


def one(findings: tuple[Finding, ...], rule: str, resource: str = "") -> Finding:
    """The only finding of a rule (on a resource)."""
    found = [item for item in findings if item.rule == rule and resource in ("", item.resource)]
    assert len(found) == 1, [(item.rule, item.resource, item.target, item.verdict) for item in found]
    return found[0]


def verdicts(findings: tuple[Finding, ...], rule: str) -> dict[str, Verdict]:
    """The verdicts of a rule by resource."""
    return {item.resource: item.verdict for item in findings if item.rule == rule}


@contextmanager
def guard_run(files: tuple[GuardFile, ...], template: str) -> Iterator[EngineResults]:
    """A run of an organisation's own rules only."""
    with start_engines((), EngineOptions(Path("/nowhere"), guard=files)) as engines:
        engines.submit(engine_input(template))
        yield engines.results()
