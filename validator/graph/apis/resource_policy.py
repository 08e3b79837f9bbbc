"""Resource policies of REST APIs, evaluated for one operation.

Follows the API Gateway Developer Guide, *How API Gateway resource policies affect authorization workflow*
and *API Gateway resource policy examples*: allow and deny statements are read together, per path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.json_text import document_of
from validator.graph.apis.operation import ALL_VERBS, ANY, Operation
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import ListValue, MapValue, Text, Unknown, Value


class Admission(StrEnum):
    """Whom a resource policy lets through to an operation."""

    NO_POLICY = "has no resource policy"
    OPEN = "lets everyone through"
    NETWORK = "lets named VPCs or VPC endpoints through only"
    ADDRESSES = "narrows by a condition that is no identity"
    PRINCIPALS = "lets named principals through only"
    DENIED = "lets nobody through"
    UNKNOWN = "is not decided"


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """What the policy says of one operation, and which statement decides it."""

    admission: Admission
    span: Span
    missing: Missing | None = None


_NETWORK_KEYS = frozenset(("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"))
_NEGATED = re.compile(r"(^|:)(stringnot|notip|arnnot)", re.IGNORECASE)
_POSITIVE = re.compile(r"(^|:)(stringequals|stringlike|ipaddress|arnlike|arnequals)", re.IGNORECASE)


def policy_of(api: Resource) -> Value:
    """The API's policy: the property, or the extension in its body."""
    policy = api.prop("Policy")
    if policy.is_absent:
        policy = api.prop("Body").get("x-amazon-apigateway-policy")
    return document_of(api, policy)


def statements(policy: Value) -> tuple[Value, ...]:
    """The statements of a policy document; one may stand without a list."""
    return policy.get("Statement").items()


def admission(api: Resource, operation: Operation) -> PolicyVerdict:
    """Whom the API's resource policy lets through to the operation."""
    policy = policy_of(api)
    if policy.is_absent:
        return PolicyVerdict(Admission.NO_POLICY, api.span)
    if not isinstance(policy, MapValue):
        cause = policy.missing or Missing(f"the policy at {policy.span} is a text", "write it as a map", "policy")
        return PolicyVerdict(Admission.UNKNOWN, policy.span, cause)
    if policy.get("Statement").is_absent:
        # SAM writes an empty document for a ResourcePolicy whose keys it does not know.
        return PolicyVerdict(Admission.NO_POLICY, policy.span)
    found = [statement for statement in statements(policy) if _concerns(statement, operation)]
    undecided = next((s for s in found if _missing(s) is not None), None)
    if undecided is not None:
        return PolicyVerdict(Admission.UNKNOWN, undecided.span, _missing(undecided))
    return _evaluated(found, policy.span)


def _evaluated(found: list[Value], at: Span) -> PolicyVerdict:
    allows = [s for s in found if s.get("Effect").literal == "Allow"]
    denies = [s for s in found if s.get("Effect").literal == "Deny"]
    flat = next((s for s in denies if _is_everyone(s.get("Principal")) and s.get("Condition").is_absent), None)
    if flat is not None:
        return PolicyVerdict(Admission.DENIED, flat.span)
    if not allows:
        return PolicyVerdict(Admission.DENIED, at)
    kinds = [(_limit(s, positive=True), s) for s in allows]
    widest, allow = min(kinds, key=lambda pair: _WIDTH.index(pair[0]))
    narrowing = [(kind, s) for s in denies if (kind := _limit(s, positive=False)) is not Admission.OPEN]
    if narrowing:
        strongest, deny = max(narrowing, key=lambda pair: _WIDTH.index(pair[0]))
        if _WIDTH.index(strongest) > _WIDTH.index(widest):
            return PolicyVerdict(strongest, deny.span)
    return PolicyVerdict(widest, allow.span)


_WIDTH = [Admission.OPEN, Admission.ADDRESSES, Admission.PRINCIPALS, Admission.NETWORK]
"""From the widest to the narrowest."""


def _limit(statement: Value, *, positive: bool) -> Admission:
    """How an Allow narrows, or what a conditional Deny leaves."""
    return _limit_of_allow(statement) if positive else _limit_of_deny(statement)


def _limit_of_allow(statement: Value) -> Admission:
    """All conditions of an Allow must hold, so the narrowest counts."""
    condition = statement.get("Condition")
    keys = set(_condition_keys(condition, positive=True))
    if Admission.NETWORK in keys:
        return Admission.NETWORK
    if Admission.PRINCIPALS in keys or not _is_everyone(statement.get("Principal")):
        return Admission.PRINCIPALS
    return Admission.OPEN if condition.is_absent else Admission.ADDRESSES


def _limit_of_deny(statement: Value) -> Admission:
    """A Deny strikes where all its conditions hold: it leaves whoever escapes one of them, so the widest counts."""
    condition = statement.get("Condition")
    keys = set(_condition_keys(condition, positive=False))
    others = any(_NEGATED.search(operator) is None for operator, _ in condition.entries())
    if others or not keys or not _is_everyone(statement.get("Principal")):
        return Admission.OPEN
    return next(kind for kind in _WIDTH if kind in keys)


def _condition_keys(condition: Value, *, positive: bool) -> Iterator[Admission]:
    wanted = _POSITIVE if positive else _NEGATED
    for operator, keys in condition.entries():
        if not wanted.search(operator):
            continue
        for key, value in keys.entries():
            lowered = key.lower()
            if any(_matches_all(item) for item in value.items()):
                continue
            if lowered in _NETWORK_KEYS:
                yield Admission.NETWORK
            elif lowered in ("aws:principalorgid", "aws:principalaccount", "aws:principalarn"):
                yield Admission.PRINCIPALS
            else:
                yield Admission.ADDRESSES


def _matches_all(value: Value) -> bool:
    return (value.literal or "x").strip() in ("*", "vpce-*", "vpc-*", "0.0.0.0/0", "::/0")


def _is_everyone(principal: Value) -> bool:
    if principal.literal == "*":
        return True
    return any(item.literal == "*" for item in principal.get("AWS").items())


def _concerns(statement: Value, operation: Operation) -> bool:
    """Whether the statement's action and resource take in the operation; undecided ones are taken in."""
    actions = statement.get("Action").items()
    if actions and not any(_fits_action(action) for action in actions):
        return False
    if any(_fits_action(action) for action in statement.get("NotAction").items()):
        return False
    if any(_fits_resource(resource, operation) for resource in statement.get("NotResource").items()):
        return False
    resources = statement.get("Resource").items()
    return not resources or any(_fits_resource(resource, operation) for resource in resources)


def _fits_action(action: Value) -> bool:
    text = action.literal
    return text is None or _matches(text.lower(), "execute-api:invoke")


def _fits_resource(resource: Value, operation: Operation) -> bool:
    if not isinstance(resource, Text):
        return True
    text = "".join(part if isinstance(part, str) else "*" for part in resource.parts)
    pattern = text
    if text.startswith("arn:"):
        # arn:P:execute-api:REGION:ACCOUNT:API/STAGE/VERB/PATH
        pattern = text.split(":", 5)[-1].partition("/")[2] or "*"
    elif text.startswith("execute-api:"):
        pattern = text.removeprefix("execute-api:").lstrip("/")
    first = pattern.partition("/")[0]
    stage = "stage" if "*" in first else first
    verbs = ALL_VERBS if operation.method in (ANY, "") else (operation.method,)
    path = operation.path.lstrip("/")
    paths = {path, re.sub(r"\{[^}]*\}", "x", path)}
    return any(_matches(pattern, f"{stage}/{verb}/{path}") for verb in verbs for path in paths)


def _matches(pattern: str, text: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text) is not None


def _missing(statement: Value) -> Missing | None:
    """What lacks to read the statement's effect, principal or conditions."""
    if isinstance(statement, Unknown):
        return statement.cause
    for key in ("Effect", "Principal", "Condition"):
        value = statement.get(key)
        if isinstance(value, Unknown):
            return value.cause
    for _, keys in statement.get("Condition").entries():
        if isinstance(keys, Unknown):
            return keys.cause
    principal = statement.get("Principal").get("AWS")
    if isinstance(principal, Unknown):
        return principal.cause
    if isinstance(statement, MapValue | ListValue):
        return None
    return Missing(f"the statement at {statement.span} cannot be read", "write it as a map", "statement")
