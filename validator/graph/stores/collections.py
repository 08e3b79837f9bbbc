"""Who reaches an OpenSearch Serverless collection over the network.

Follows the OpenSearch Developer Guide, *Network access for OpenSearch Serverless*: the policies are JSON
texts whose rules match collections by name patterns; where several match, public access wins.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Hole, Text, Unknown


@dataclass(frozen=True, slots=True)
class CollectionAccess:
    """Whether a network policy opens the collection to the Internet; None when none is in the run."""

    is_public: bool | None
    because: str
    at: Span
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    policy: Resource
    span: Span
    patterns: tuple[str, ...]
    is_public: bool
    has_hole: bool


def collection_access(graph: Architecture, collection: Resource) -> CollectionAccess:
    """The network access of a collection by the policies of the run."""
    name = f"collection/{_text(collection, 'Name')}"
    doubts: list[Missing] = []
    matching: list[_Rule] = []
    for policy in graph.existing("AWS::OpenSearchServerless::SecurityPolicy"):
        if policy.prop("Type").literal == "encryption":
            continue
        rules = _rules(policy)
        if rules is None:
            cause = Missing(
                f"the Policy of {policy.name} cannot be read", "write it as JSON", f"policy:{policy.name}"
            )
            doubts.append(policy.prop("Policy").missing or cause)
            continue
        matching += [rule for rule in rules if any(fnmatchcase(name, pattern) for pattern in rule.patterns)]
        doubts += [
            Missing(f"a name pattern of {policy.name} is not known", "give the parameter", f"policy:{policy.name}")
            for rule in rules
            if rule.has_hole and rule.is_public and rule not in matching
        ]
    public = next((rule for rule in matching if rule.is_public), None)
    if public is not None:
        because = f"is opened to the Internet by network policy {public.policy.name} (AllowFromPublic: true)"
        step = public.policy.states(f"sets AllowFromPublic for {', '.join(public.patterns)}", public.span)
        return CollectionAccess(True, because, collection.span, (collection.states(because), step))
    if doubts:
        return CollectionAccess(None, "has a network policy that is not decided", collection.span, (), tuple(doubts))
    if not matching:
        what = f"no network policy of the run matches {collection.name}; one elsewhere may"
        cause = Missing(what, "add the template with its network policy", collection.name)
        return CollectionAccess(None, "has no network policy in the run", collection.span, (), (cause,))
    because = f"is reached only through VPC endpoints by network policy {matching[0].policy.name}"
    step = matching[0].policy.states("does not set AllowFromPublic", matching[0].span)
    return CollectionAccess(False, because, collection.span, (collection.states(because), step))


def _text(resource: Resource, name: str) -> str:
    value = resource.prop(name)
    return str(Hole(value.cause) if isinstance(value, Unknown) else value) if not value.is_absent else ""


def _rules(policy: Resource) -> list[_Rule] | None:
    """The collection rules of a network policy; None when the text cannot be read as one."""
    value = policy.prop("Policy")
    if not isinstance(value, Text):
        return None
    try:
        document = json.loads(str(value))
    except ValueError:
        return None
    holes = [str(part) for part in value.parts if isinstance(part, Hole)]
    statements = document if isinstance(document, list) else [document]
    return [rule for statement in statements for rule in _rules_of(policy, value.span, statement, holes)]


def _rules_of(policy: Resource, span: Span, statement: object, holes: list[str]) -> Iterator[_Rule]:
    if not isinstance(statement, dict):
        return
    is_public = str(statement.get("AllowFromPublic", False)).lower() == "true"
    for rule in statement.get("Rules") or ():
        if not isinstance(rule, dict) or rule.get("ResourceType") != "collection":
            continue
        named = rule.get("Resource") or ()
        patterns = tuple(str(name) for name in ([named] if isinstance(named, str) else named))
        has_hole = any(hole in pattern for hole in holes for pattern in patterns)
        yield _Rule(policy, span, patterns, is_public, has_hole)
