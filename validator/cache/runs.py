"""One run and what is kept of it: the review, and the texts that were written of it."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from validator import files
from validator.cache.codec import NotReadable, read, written
from validator.cache.folder import VARIABLE, CacheFolder
from validator.cache.key import Unkeyable, key_of
from validator.cache.running_code import modules_from_elsewhere, running_code
from validator.model import Review

_FAULT: Final = "internal-error"
"""The code for a fault of our own: it may come from a lack of memory or handles and need not happen again."""
_LACK: Final = "MemoryError"

Looks = dict[tuple[str, str], str]


class KeptRun:
    """A run that may have happened before. Not to be made by hand: see ``kept_run``."""

    def __init__(self, folder: CacheFolder | None, key: str, code: str) -> None:
        self._folder = folder
        self._key = key
        self._code = code
        self._state = ""
        self._happened = False
        if folder is not None:
            self._recall(folder)

    @property
    def recalled(self) -> bool:
        """Whether this very run happened before and nothing that it looked at has changed since."""
        return bool(self._state)

    @property
    def notices(self) -> list[str]:
        """What a person should know about the cache."""
        return [] if self._folder is None else self._folder.notices

    def review(self, make: Callable[[], Review]) -> Review:
        """The kept review, else the one that ``make`` gives, which is kept. Raises what ``make`` raises."""
        if self._folder is None:
            return make()
        kept = self._kept_review(self._folder)
        return self._made(make, self._folder) if kept is None else kept

    @property
    def answers(self) -> "KeptAnswers | None":
        """What engines said in earlier runs of the same code; None when nothing is kept."""
        return None if self._folder is None else KeptAnswers(self._folder, self._code, self._happened)

    def find(self, *what: object) -> str | None:
        """A text that was kept of this run under these values."""
        if self._folder is None or not self._state:
            return None
        with suppress(Unkeyable):
            content = self._folder.get(key_of(self._state, *what))
            return None if content is None else content.decode("utf-8", "surrogatepass")
        return None

    def keep(self, text: str, *what: object) -> None:
        """Keep a text of this run; nothing is kept of a run that is not kept itself."""
        if self._folder is not None and self._state:
            with suppress(Unkeyable):
                self._folder.put(key_of(self._state, *what), text.encode("utf-8", "surrogatepass"))
                self._folder.trim()

    def _recall(self, folder: CacheFolder) -> None:
        content = folder.get(self._key)
        if content is None:
            return
        self._happened = True
        try:
            looks: Looks = {(sort, path): seen for sort, path, seen in json.loads(content)}
        except (ValueError, TypeError):
            folder.damaged(self._key)
            return
        if files.looks_hold(looks):
            self._state = self._state_of(looks)

    def _kept_review(self, folder: CacheFolder) -> Review | None:
        if not self._state:
            return None
        key = key_of(self._state, "review")
        content = folder.get(key)
        if content is None:
            return None
        try:
            return read(content)
        except NotReadable:
            folder.damaged(key)
            return None

    def _made(self, make: Callable[[], Review], folder: CacheFolder) -> Review:
        with files.traced() as trace:
            review = make()
            for source in modules_from_elsewhere():
                _note(source)
        faults = any(one.code == _FAULT or _LACK in one.message for one in review.diagnostics)
        # Looked at once more: an engine reads nested templates by itself, at a time of its own.
        if not faults and trace.holds():
            state = self._state_of(trace.looks)
            folder.put(key_of(state, "review"), written(review))
            folder.put(self._key, json.dumps([[*look, seen] for look, seen in trace.looks.items()]).encode())
            folder.trim()
            self._state = state
        return review

    def _state_of(self, looks: Looks) -> str:
        return key_of(self._key, looks)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """Answers of engines between runs: a run in which one template changed asks them about that one alone."""

    folder: CacheFolder
    code: str
    is_filled: bool
    """Whether this very run, of other files, happened before."""

    def find(self, *what: object) -> bytes | None:
        """What was kept under these values; they have keys, or nothing is."""
        try:
            return self.folder.get(key_of(self.code, *what))
        except Unkeyable:
            return None

    def keep(self, content: bytes, *what: object) -> None:
        """Keep something under these values where they have keys."""
        with suppress(Unkeyable):
            self.folder.put(key_of(self.code, *what), content)


def kept_run(folder: CacheFolder | None, *request: object) -> KeptRun:
    """The run that a request makes in this working folder with the code that is installed.

    ``request`` are the values that the run depends on beside the files that it reads. Without a folder, or when a
    value has no key, nothing is recalled and nothing is kept. Raises nothing.
    """
    try:
        code = "" if folder is None else running_code()
        key = key_of(code, os.getcwd(), _variables(), *request)
    except (Unkeyable, OSError):
        return KeptRun(None, "", "")
    return KeptRun(folder, key, code)


def _variables() -> list[tuple[str, str]]:
    """Our own variables, but the one that names the cache's place."""
    found = ((name, value) for name, value in os.environ.items() if name.startswith("TIERLENS_"))
    return sorted((name, value) for name, value in found if name != VARIABLE)


def _note(source: str) -> None:
    try:
        files.read_bytes(source)
    except OSError:
        files.doubtful(f"{source} cannot be read")
