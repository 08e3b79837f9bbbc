"""What a run does with the ``assume`` entries of its settings, and what it says of those that do nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from validator.graph import Assumed
from validator.model import Diagnostic, DiagnosticLevel
from validator.resolve import Text, Value
from validator.settings import Assumption, GivenParameters


class Assumptions:
    """The entries that hold on a day; ``used`` fills with the keys of those that settled something."""

    def __init__(self, entries: Iterable[Assumption], today: date) -> None:
        self._entries = tuple(entries)
        self._today = today
        self._holding = tuple(entry for entry in self._entries if not entry.lapsed(today))
        self.used: set[str] = set()

    def meanings(self) -> Mapping[str, Assumed]:
        """What is assumed of an input, by its key; values are not among them."""
        return {entry.key: Assumed(entry.is_.value, entry.reason) for entry in self._holding if entry.value is None}

    def parameters(self, declared: Collection[str]) -> GivenParameters:
        """The assumed values of the declared parameters: the weakest layer of all."""
        values = {
            entry.key.removeprefix("parameter:"): entry.value
            for entry in self._holding
            if entry.value is not None and entry.key.startswith("parameter:")
        }
        found = {name: value for name, value in values.items() if name in declared}
        self.used |= {f"parameter:{name}" for name in found}
        return GivenParameters("assumption", found)

    def import_of(self, name: str) -> Value | None:
        """The assumed value of an import."""
        key = f"import:{name}"
        for entry in self._holding:
            if entry.key == key and entry.value is not None:
                self.used.add(key)
                return Text((entry.value,), entry.span)
        return None

    def remarks(self) -> Iterator[Diagnostic]:
        """A warning for each entry that lapsed, a notice for each that settled nothing in the run."""
        for entry in self._entries:
            if entry.lapsed(self._today):
                message = f"the assumption about {entry.subject} lapsed after {entry.until} and is not applied"
                hint = "look at it anew: give it a later date, or remove it"
                yield Diagnostic(DiagnosticLevel.WARNING, "assumption-lapsed", message, entry.span, hint)
            elif entry.key not in self.used:
                message = f"the assumption about {entry.subject} settles nothing in this run"
                yield Diagnostic(DiagnosticLevel.NOTICE, "assumption-unused", message, entry.span)
