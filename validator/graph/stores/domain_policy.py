"""Whom the access policy of a search domain lets in.

OpenSearch Developer Guide, *Identity and access management*: on a public endpoint a wildcard principal is
narrow only with a fixed ``aws:SourceIp`` or with fine-grained access control.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.network.addresses import Addresses
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Absent, ListValue, MapValue, Text, Unknown, Value


@dataclass(frozen=True, slots=True)
class DomainPolicy:
    """Whether everyone may call the domain; None when the policy is not decided."""

    admits: bool | None
    because: str
    at: Span
    missing: tuple[Missing, ...] = ()


def domain_admits_everyone(domain: Resource) -> DomainPolicy:
    """Whether the domain's access policy lets in callers without AWS credentials."""
    if domain.prop("AdvancedSecurityOptions", "Enabled").boolean() is True:
        at = domain.property_span("AdvancedSecurityOptions", "Enabled")
        return DomainPolicy(False, "checks its callers by fine-grained access control", at)
    policy = domain.prop("AccessPolicies")
    if policy.is_absent:
        return DomainPolicy(False, "has no access policy, so IAM decides", domain.span)
    document = _plain(policy)
    if document is None:
        cause = policy.missing or Missing(
            f"the AccessPolicies of {domain.name} cannot be read", "write them as JSON", f"policy:{domain.name}"
        )
        return DomainPolicy(None, "has an access policy that is not decided", policy.span, (cause,))
    if any(_admits_everyone(statement) for statement in _statements(document)):
        return DomainPolicy(True, 'lets in Principal "*" by its access policy', policy.span)
    return DomainPolicy(False, "admits named principals or fixed addresses only", policy.span)


def _plain(value: Value) -> object:
    """The policy as dicts, lists and texts; None for what is not known."""
    match value:
        case MapValue():
            return {key: _plain(child) for key, child in value.entries()}
        case ListValue():
            return [_plain(child) for child in value.items()]
        case Text() if str(value).lstrip().startswith("{"):
            try:
                document: object = json.loads(str(value))
            except ValueError:
                return None
            return document
        case Text():
            return str(value)
        case Absent() | Unknown():
            return None
    return None


def _statements(document: object) -> Iterator[dict[str, object]]:
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict):
            yield statement


def _admits_everyone(statement: dict[str, object]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    if "*" not in (named if isinstance(named, list) else [named]):
        return False
    condition = statement.get("Condition")
    return not (isinstance(condition, dict) and _is_fixed(condition.get("IpAddress")))


def _is_fixed(test: object) -> bool:
    """Whether an ``IpAddress`` condition names addresses, and not all of them."""
    if not isinstance(test, dict):
        return False
    for key, ranges in test.items():
        if str(key).lower() == "aws:sourceip":
            texts = [str(text) for text in (ranges if isinstance(ranges, list) else [ranges])]
            try:
                return not Addresses.of(*texts).is_everything
            except ValueError:
                return not any("/0" in text for text in texts)
    return False
