"""What a refuter is: a report of another engine, and the proof against it."""

from collections.abc import Callable
from dataclasses import dataclass

from validator.graph import Architecture, Resource
from validator.model import Refutation

Refute = Callable[[Architecture, Resource, str], Refutation | None]
"""The proof against a rule of an engine for an existing resource in the scenario in force; None: there is none."""


@dataclass(frozen=True, slots=True)
class Refuter:
    """One way to disprove: the engine's rules it speaks of, the resources it judges, and what it proves."""

    engine: str
    rules: tuple[str, ...]
    types: tuple[str, ...]
    """Resource types as they are after expansion."""
    proves: str
    """What is proven, as a sentence for the documentation."""
    refute: Refute
    closed: bool = False
    """Whether the proof speaks of everything that may use the resource: then all of the workload must be readable."""
