"""Findings: one verdict of one rule on one subject, with its evidence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from validator.model.span import Span
from validator.model.verdict import Category, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of the path that proves a verdict: a resource, what it says, and where it says so."""

    resource: str
    """Logical ID in the source file, or a node that is no resource (``the Internet``)."""
    relation: str
    """What this step states, as a phrase that follows the logical ID: ``is in subnet PublicA``."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What a verdict lacks, and how a person settles it."""

    what: str
    """The input that is missing, by name: ``parameter SubnetIds has no value``."""
    how: str
    """The way to settle it: ``give --parameter SubnetIds=…``."""
    key: str = ""
    """Stable name of the input (``parameter:SubnetIds``); unknowns with one key are settled together."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A person's decision to accept a failure."""

    reason: str
    span: Span | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule on one subject.

    ``resource`` is the logical ID in the file the person wrote; ``target`` names the part of it that is
    judged (``GET /tickets``) or is empty. ``scenario`` names the conditions under which the verdict holds,
    empty when it holds under all; ``at_defaults`` says whether the parameters' defaults lead there.
    """

    rule: str
    category: Category
    verdict: Verdict
    severity: Severity
    resource: str
    resource_type: str
    message: str
    why: str
    fix: str
    span: Span
    target: str = ""
    lens: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    at_defaults: bool = True
    source: str = "tierlens"
    suppression: Suppression | None = None
    ordinal: int = 0
    """Tells apart several findings of one rule on one target; they are counted from 0."""

    @property
    def fingerprint(self) -> str:
        """Identity of the finding over time: it does not change when lines move or files are renamed."""
        number = str(self.ordinal) if self.ordinal else ""
        parts = (self.source, self.rule, self.resource_type, self.resource, self.target, number)
        identity = "\x1f".join(parts)
        # A JSON template can hold lone surrogates ("\ud800") in its keys; they have no strict UTF-8 form.
        return hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()[:32]
