"""An engine's process that is asked only what no earlier run asked it.

An engine is a function of what it is sent: it runs offline, with an environment of its own. So its answer on a
template that did not change is the one it gave before. When all answers are known, the engine is not even started.
"""

import json
from collections.abc import Mapping
from typing import Final, Protocol

from validator.engines.names import CFN_LINT, CHECKOV
from validator.engines.process import EngineDiedError, EngineProcess

Answer = dict[str, object]


class AnswerStore(Protocol):
    """Where answers are kept between runs. It may forget everything at any time."""

    @property
    def is_filled(self) -> bool:
        """Whether a run like this one left its answers: most are then expected to be known."""
        ...

    def find(self, *what: object) -> bytes | None:
        """What was kept under these values."""
        ...

    def keep(self, content: bytes, *what: object) -> None:
        """Keep something under these values."""
        ...


class RememberedProcess:
    """The process of one engine behind a store of its answers; used as ``EngineProcess`` is."""

    def __init__(self, engine: str, options: Mapping[str, object], store: AnswerStore) -> None:
        self._engine = engine
        self._options = options
        self._store = store
        # A process takes long to start: it begins at once unless it is likely that nobody will ask it.
        self._process = None if store.is_filled else EngineProcess(engine, options)

    def started(self) -> Answer:
        """The engine's answer to its start, which has ``version`` or ``error``."""
        known = self._known("started") if self._process is None else None
        if known is not None:
            return known
        answer = self._running().started()
        if "error" not in answer:
            self._remember(answer, "started")
        return answer

    def ask(self, request: Mapping[str, object]) -> Answer:
        """The engine's answer on one template. Raises EngineDiedError as ``EngineProcess`` does."""
        lasting = _is_lasting(self._engine, request)
        known = self._known(request) if lasting else None
        if known is not None:
            return known
        if self._process is None:
            answer = self._running().started()
            if "error" in answer:
                raise EngineDiedError(f"did not start: {answer['error']}")
        answer = self._running().ask(request)
        if lasting and "error" not in answer:
            self._remember(answer, request)
        return answer

    def restart(self) -> None:
        """A new process in the place of the dead one."""
        self._running().restart()

    def close(self) -> None:
        """Let the process end by itself: nothing more is asked."""
        if self._process is not None:
            self._process.close()

    def kill(self) -> None:
        """End the process now."""
        if self._process is not None:
            self._process.kill()

    def _running(self) -> EngineProcess:
        if self._process is None:
            self._process = EngineProcess(self._engine, self._options)
        return self._process

    def _known(self, what: object) -> Answer | None:
        content = self._store.find("engine", self._engine, self._options, what)
        answer = None if content is None else json.loads(content)
        return answer if isinstance(answer, dict) else None

    def _remember(self, answer: Answer, what: object) -> None:
        self._store.keep(json.dumps(answer).encode("ascii"), "engine", self._engine, self._options, what)


_NESTED: Final = "TemplateURL"
_ESCAPES: Final = ("\\u", "\\U", "\\x")
"""With these YAML and JSON can write any word in another way."""


def _is_lasting(engine: str, request: Mapping[str, object]) -> bool:
    """Whether the answer depends on the request alone: cfn-lint reads the templates of nested stacks by itself."""
    if engine != CFN_LINT:
        return engine == CHECKOV
    text = str(request["text"])
    return not any(sign in text for sign in (_NESTED, *_ESCAPES))
