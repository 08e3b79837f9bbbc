"""Principals: who a statement or a permission speaks of (IAM User Guide, *AWS JSON policy elements: Principal*)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import MapValue, Pseudo, ResourceRef, Text, Unknown, Value


class PrincipalKind(StrEnum):
    """What sort of party a principal is."""

    EVERYONE = "everyone"
    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Principal:
    """One party; ``value`` is what stands in the policy."""

    kind: PrincipalKind
    value: Value

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.value.span

    @property
    def text(self) -> str:
        """How it is shown; a service has one suffix in nearly all partitions."""
        if not isinstance(self.value, Text):
            return "a value that is not known"
        text = str(self.value)
        return text.replace("${AWS::URLSuffix}", "amazonaws.com") if self.kind is PrincipalKind.SERVICE else text

    @property
    def missing(self) -> Missing | None:
        """What is not known of it."""
        return self.value.missing

    @property
    def may_be_anyone(self) -> Missing | None:
        """What is missing to exclude that it is ``*``; a known piece of an ARN excludes it."""
        if not isinstance(self.value, Unknown):
            return self.value.missing if self.kind is PrincipalKind.UNKNOWN else None
        candidates = self.value.candidates
        return None if candidates and "*" not in candidates else self.value.cause

    @property
    def account(self) -> str | None:
        """``own``, the digits of another account, or None when that cannot be told."""
        return account_of(self.value) if self.kind is PrincipalKind.AWS else None

    @property
    def is_account_root(self) -> bool:
        """Whether it stands for all identities of an account (``:root`` or the bare account number)."""
        return self.kind is PrincipalKind.AWS and is_account_root(self.value)


def principals_of(value: Value) -> tuple[Principal, ...]:
    """The parties of a ``Principal`` element: a text, or a map from kind to one or several."""
    if value.is_absent:
        return ()
    if isinstance(value, Text):
        return (_principal("AWS", value),)
    if value.missing is not None:
        return (Principal(PrincipalKind.UNKNOWN, value),)
    return tuple(_principal(kind, item) for kind, items in value.entries() for item in items.items())


def _principal(kind: str, value: Value) -> Principal:
    if value.literal == "*":
        return Principal(PrincipalKind.EVERYONE, value)
    if kind in ("AWS", "Service", "Federated", "CanonicalUser") and isinstance(value, Text):
        return Principal(PrincipalKind(kind), value)
    if isinstance(value, MapValue) or kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
        return Principal(PrincipalKind.UNKNOWN, value)
    return Principal(PrincipalKind(kind), value)


def is_account_root(value: Value) -> bool:
    """Whether the value is an account number or the ARN of an account's root."""
    if not isinstance(value, Text) or not value.parts:
        return False
    last = value.parts[-1]
    if len(value.parts) == 1 and isinstance(last, Pseudo):
        return last.name == "AWS::AccountId"
    text = str(value)
    return bool(re.fullmatch(r"\d{12}", text)) or (isinstance(last, str) and last.endswith(":root"))


def account_of(value: Value) -> str | None:
    """The account that an ARN or account number names: ``own``, its digits, or None."""
    if not isinstance(value, Text):
        return None
    if any(isinstance(part, ResourceRef) for part in value.parts):
        return "own"
    text = str(value)
    if text == "${AWS::AccountId}":
        return "own"
    if re.fullmatch(r"\d{12}", text):
        return text
    segments = text.replace("${AWS::", "${AWS#").split(":")
    if len(segments) < 6 or segments[0] != "arn":
        return None
    if segments[4] == "${AWS#AccountId}":
        return "own"
    return segments[4] if re.fullmatch(r"\d{12}", segments[4]) else None


def resource_of(graph: Architecture, principal: Principal, *types: str) -> Resource | None:
    """The identity of this run that the principal is, if it is one."""
    found = graph.target(principal.value, *types)
    return found if isinstance(found, Resource) else None
