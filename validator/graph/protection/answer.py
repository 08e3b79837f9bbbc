"""The answer to a question about one store's protection, and the ways to read a switch with a default."""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.graph.apis.outside_template import may_be_added
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Severity, Span
from validator.resolve import Value


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a store is protected: ``holds`` is None when the template does not decide.

    ``statement`` is a phrase that follows the store's logical ID. ``how`` names what to set on this resource.
    """

    holds: bool | None
    statement: str
    span: Span
    steps: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    how: str = ""
    severity: Severity | None = None

    def evidence(self, store: Resource) -> tuple[Evidence, ...]:
        """The steps that prove it; the statement itself when there are no further ones."""
        return self.steps or (store.states(self.statement, self.span),)


def held(store: Resource, statement: str, span: Span | None = None, *, steps: Iterable[Evidence] = ()) -> Answer:
    """The store is protected."""
    return Answer(True, statement, span or store.span, tuple(steps))


def broken(
    store: Resource,
    statement: str,
    span: Span | None = None,
    *,
    how: str,
    steps: Iterable[Evidence] = (),
    severity: Severity | None = None,
) -> Answer:
    """The store is not protected."""
    return Answer(False, statement, span or store.span, tuple(steps), how=how, severity=severity)


def undecided(
    store: Resource, statement: str, missing: Iterable[Missing], span: Span | None = None, *, how: str = ""
) -> Answer:
    """The template does not decide."""
    return Answer(None, statement, span or store.span, missing=tuple(missing), how=how)


def lacking(
    store: Resource,
    statement: str,
    what: str,
    *,
    how: str,
    severity: Severity | None = None,
    span: Span | None = None,
) -> Answer:
    """Something is not written: the store is not protected, unless a macro over its template may add it."""
    added = may_be_added(store, what)
    if added is not None:
        return undecided(store, f"may lack {what}: {added.what}", (added,), span)
    return broken(store, statement, span, how=how, severity=severity)


def not_readable(value: Value, what: str, how: str) -> Missing:
    """What lacks where a value is none that can be read."""
    return value.missing or Missing(f"{what} at {value.span} is not known here", how, f"value:{value.span}")


def name_of(path: tuple[str, ...]) -> str:
    """A property's path as people write it."""
    return ".".join(path)
