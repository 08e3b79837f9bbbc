"""Findings: one verdict of one rule on one subject, with its evidence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
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


class SuppressionKind(StrEnum):
    """Where a person wrote the decision down."""

    TEMPLATE = "template"
    """In a comment or the metadata of the template, in our own form."""
    BASELINE = "baseline"
    """In the project's baseline file."""
    ENGINE = "engine"
    """In the template, in the form of the engine that reports it (``checkov:skip``, ``cfn-lint`` metadata)."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A person's decision to accept a failure."""

    reason: str
    span: Span | None
    until: date | None = None
    """The last day on which it holds."""
    kind: SuppressionKind = SuppressionKind.TEMPLATE
    owner: str = ""
    since: date | None = None
    """The day on which it was decided, where that is written."""


class Change(StrEnum):
    """What a change did to a finding, where two states are compared."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class AlsoReported:
    """The same property of the same resource, as another engine reported it: triage made the two one finding."""

    source: str
    rule: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Refutation:
    """Why the graph disproves what an engine reported."""

    statement: str
    """The fact as one sentence: ``Resize is called synchronously only: a dead-letter queue would stay empty``."""
    proof: tuple[Evidence, ...] = ()


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
    practices: tuple[str, ...] = ()
    """Best practices of the Serverless Lens that the rule bears on: ``SEC1.a1``; ``lens`` holds their questions."""
    template: str = ""
    """The template whose resource is judged, as its path is shown; empty where a finding is made by hand."""
    stack: str = ""
    """The path of stack names from the root stack down (``Shop/Network``); empty for a template checked alone."""
    environments: tuple[str, ...] = ()
    """The environments in which it holds; empty when the run has none."""
    construct: str = ""
    """The CDK construct path of the resource (``Shop/Api/Resource``); empty outside of CDK."""
    also: tuple[AlsoReported, ...] = ()
    refutation: Refutation | None = None
    change: Change | None = None
    """Set only where the run is compared with another state."""
    newer_than_pin: str = ""
    """The release that brought the rule, where the run pins an older rule set: it is shown and does not gate."""
    nested: str = ""
    """The logical IDs of nested stacks from the root stack down to the resource's (``Network/Subnets``)."""

    @property
    def fingerprint(self) -> str:
        """Identity of the finding over time: it does not change when lines move or files are renamed.

        Several templates or stacks of a run may share it: whoever compares runs pairs by template as well.
        """
        number = str(self.ordinal) if self.ordinal else ""
        parts = [self.source, self.rule, self.resource_type, self.resource, self.target, number]
        # The root's own name is left out: the same root deployed under two names has the same findings.
        parts += [self.nested] if self.nested else []
        identity = "\x1f".join(parts)
        # A JSON template can hold lone surrogates ("\ud800") in its keys; they have no strict UTF-8 form.
        return hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()[:32]
