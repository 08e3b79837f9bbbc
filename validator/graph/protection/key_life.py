"""Whether a key lives as long as what it encrypts (KMS Developer Guide, *Deleting AWS KMS keys*)."""

from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.protection.answer import Answer, broken, held, lacking, not_readable, undecided
from validator.graph.protection.deletion import Policy, policies_of
from validator.graph.protection.keys import encrypted_by
from validator.graph.resource import Resource
from validator.model import Evidence

LONGEST_WAIT: Final = 30


def key_life(graph: Architecture, key: Resource) -> Answer | None:
    """Whether the key stays where a store under it stays; None when it encrypts no store that is kept."""
    kept = [(store, policies_of(store)[0]) for store in encrypted_by(graph, key)]
    staying = [(store, policy) for store, policy in kept if policy.kept is True]
    if not staying:
        return None
    own = policies_of(key)[0]
    steps = (*_steps(key, staying), key.states(f"has a DeletionPolicy that is {own.shown}", own.span))
    names = ", ".join(store.name for store, _ in staying)
    how = f"Write beside the Type of {key.name}: DeletionPolicy: Retain and UpdateReplacePolicy: Retain"
    if own.kept is True:
        return held(key, f"stays with what it encrypts ({names})", own.span, steps=steps)
    if own.missing is not None:
        statement = f"may be deleted while it encrypts what is kept ({names}): {own.missing.what}"
        return undecided(key, statement, (own.missing,), how=how)
    statement = f"is deleted with its stack while what it encrypts is kept ({names})"
    if own.span == key.span:
        return lacking(key, statement, "DeletionPolicy", how=how)
    return broken(key, statement, own.span, how=how, steps=steps)


def _steps(key: Resource, staying: list[tuple[Resource, Policy]]) -> tuple[Evidence, ...]:
    return tuple(store.states(f"is encrypted with {key.name} and kept") for store, _ in staying)


def waiting_period(graph: Architecture, key: Resource) -> Answer | None:
    """Whether the key waits as long as AWS allows before it is gone; None when it encrypts no store of the run."""
    stores = encrypted_by(graph, key)
    if not stores:
        return None
    names = ", ".join(store.name for store in stores)
    value = key.prop("PendingWindowInDays")
    days = LONGEST_WAIT if value.is_absent else value.integer()
    how = f"Remove PendingWindowInDays from {key.name}, or set it to {LONGEST_WAIT}."
    if days is None:
        missing = not_readable(value, "PendingWindowInDays", "give it a number of days")
        return undecided(key, f"may wait too shortly: {missing.what}", (missing,), value.span, how=how)
    if days >= LONGEST_WAIT:
        return held(key, f"waits {days} days before it is deleted (it encrypts {names})", value.span)
    return broken(key, f"waits {days} days before it is deleted, and encrypts {names}", value.span, how=how)
