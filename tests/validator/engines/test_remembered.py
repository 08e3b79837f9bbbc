"""An engine is asked only what no earlier run asked it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from validator.engines import remembered
from validator.engines.process import EngineDiedError
from validator.engines.remembered import Answer, RememberedProcess

TEXT = {"text": "Resources: {}", "file": "template.yaml"}


@dataclass
class Store:
    is_filled: bool = False
    kept: dict[str, bytes] = field(default_factory=dict)

    def find(self, *what: object) -> bytes | None:
        return self.kept.get(json.dumps(what))

    def keep(self, content: bytes, *what: object) -> None:
        self.kept[json.dumps(what)] = content


class FakeProcess:
    made: list["FakeProcess"]
    start: Answer

    def __init__(self, engine: str, options: Mapping[str, object]) -> None:
        self.asked: list[Mapping[str, object]] = []
        FakeProcess.made.append(self)

    def started(self) -> Answer:
        return FakeProcess.start

    def ask(self, request: Mapping[str, object]) -> Answer:
        self.asked.append(request)
        if "dies" in str(request):
            raise EngineDiedError("was ended by signal 9")
        return {"error": "no"} if "bad" in str(request) else {"matches": [request.get("text")]}


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> list[FakeProcess]:
    FakeProcess.made, FakeProcess.start = [], {"version": "1.2"}
    monkeypatch.setattr(remembered, "EngineProcess", FakeProcess)
    return FakeProcess.made


def run(store: Store, *requests: Mapping[str, object], engine: str = "cfn-lint", region: str = "") -> list[Answer]:
    process = RememberedProcess(engine, {"region": region}, store)
    return [process.started(), *(process.ask(request) for request in requests)]


@pytest.mark.parametrize("engine", ["cfn-lint", "checkov"])
def test_known_answers_need_no_process(processes: list[FakeProcess], engine: str) -> None:
    store = Store()
    first = run(store, TEXT, engine=engine)
    store.is_filled = True

    assert run(store, TEXT, engine=engine) == first == [{"version": "1.2"}, {"matches": ["Resources: {}"]}]
    assert len(processes) == 1


def test_what_is_new_is_asked_and_nothing_else(processes: list[FakeProcess]) -> None:
    store = Store()
    run(store, TEXT)
    store.is_filled = True
    new = {**TEXT, "text": "Resources: {A: 1}"}

    assert run(store, TEXT, new)[1:] == [{"matches": ["Resources: {}"]}, {"matches": ["Resources: {A: 1}"]}]
    assert [process.asked for process in processes] == [[TEXT], [new]]


def test_another_start_is_another_question(processes: list[FakeProcess]) -> None:
    store = Store()
    run(store, TEXT)
    run(store, TEXT, region="eu-west-1")

    assert [process.asked for process in processes] == [[TEXT], [TEXT]]


@pytest.mark.parametrize(
    ("engine", "text"),
    [
        ("cfn-lint", "TemplateURL: a.yaml"),
        ("cfn-lint", '"Template\\u0055RL": "a.yaml"'),
        ("cfn-lint", '"Template\\x55RL": a.yaml'),
        ("cloudformation-validate", "Resources: {}"),
        ("cfn-lint", "bad"),
    ],
)
def test_what_may_change_by_itself_is_asked_again(processes: list[FakeProcess], engine: str, text: str) -> None:
    store, request = Store(), {"text": text}
    run(store, request, engine=engine)
    store.is_filled = True
    run(store, request, engine=engine)

    assert [process.asked for process in processes] == [[request], [request]]


def test_a_start_that_fails_late_is_an_end() -> None:
    store = Store()
    run(store)
    store.is_filled = True
    FakeProcess.start = {"error": "broken"}

    with pytest.raises(EngineDiedError, match="did not start: broken"):
        run(store, TEXT)


def test_an_end_is_not_remembered() -> None:
    store = Store()
    with pytest.raises(EngineDiedError):
        run(store, {"text": "dies"})

    assert list(store.kept.values()) == [b'{"version": "1.2"}']
