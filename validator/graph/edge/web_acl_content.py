"""What a web ACL does: does it stop anything, does it limit rates, which managed groups does it use.

Follows the AWS WAF Developer Guide, *Using web ACLs*: a rule stops requests by Block, Captcha or Challenge; a
rule group acts unless its override is Count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import ListValue, MapValue, Unknown, Value

RULE_GROUP = "AWS::WAFv2::RuleGroup"
LOGGING = "AWS::WAFv2::LoggingConfiguration"
_STOPPING = ("Block", "Captcha", "Challenge", "Monetize")


@dataclass(frozen=True, slots=True)
class Effect:
    """Whether an ACL stops anything; None when a group elsewhere or an undecided value says."""

    stops: bool | None
    statement: str
    span: Span
    missing: Missing | None = None


def effect(graph: Architecture, acl: Resource) -> Effect:
    """Whether the web ACL can stop a request."""
    return graph.memo("web-acl-effect", acl, lambda: _effect(graph, acl))


def _effect(graph: Architecture, acl: Resource) -> Effect:
    default = acl.prop("DefaultAction")
    if isinstance(default, Unknown):
        return Effect(None, "its default action is not decided", default.span, default.cause)
    if not default.get("Block").is_absent:
        return Effect(True, "it blocks by default", default.span)
    rules = acl.prop("Rules")
    if isinstance(rules, Unknown):
        return Effect(None, "its rules are not decided", rules.span, rules.cause)
    found = [_of_rule(graph, rule) for rule in rules.items()]
    if not found:
        span = acl.property_span("Rules") if not rules.is_absent else acl.span
        return Effect(False, "it has no rules and allows by default", span)
    stopping = next((one for one in found if one.stops), None)
    undecided = next((one for one in found if one.stops is None), None)
    return stopping or undecided or Effect(False, f"its rules stop nothing: {found[0].statement}", rules.span)


def _of_rule(graph: Architecture, rule: Value) -> Effect:
    name = rule.get("Name").literal or "a rule"
    if isinstance(rule, Unknown):
        return Effect(None, "a rule is not decided", rule.span, rule.cause)
    action, override = rule.get("Action"), rule.get("OverrideAction")
    undecided = next((value.missing for value in (action, override) if value.missing is not None), None)
    if undecided is not None:
        return Effect(None, f"what {name} does is not decided", rule.span, undecided)
    if not action.is_absent:
        stops = next((kind for kind in _STOPPING if not action.get(kind).is_absent), None)
        done = ", ".join(kind for kind, _ in action.entries()) or action.literal or "nothing"
        return Effect(stops is not None, f"{name} does {stops or done}", rule.span)
    if not override.get("Count").is_absent:
        return Effect(False, f"{name} only counts", rule.span)
    return _of_group(graph, rule, name)


def _of_group(graph: Architecture, rule: Value, name: str) -> Effect:
    statement = rule.get("Statement")
    managed = statement.get("ManagedRuleGroupStatement")
    if not managed.is_absent:
        return Effect(True, f"{name} applies managed group {managed.get('Name').literal or ''}".strip(), rule.span)
    reference = statement.get("RuleGroupReferenceStatement", "Arn")
    if reference.is_absent:
        what = f"{name} says neither Action nor OverrideAction"
        return Effect(None, what, rule.span, Missing(what, "write one of them", f"rule:{name}"))
    group = graph.target(reference, RULE_GROUP)
    if not isinstance(group, Resource):
        what = f"the rule group that {name} refers to is not in the run"
        return Effect(None, what, rule.span, reference.missing or Missing(what, "add its template", f"group:{name}"))
    inner = [_of_rule(graph, one) for one in group.prop("Rules").items()]
    stops = next((one for one in inner if one.stops), None) or next((one for one in inner if one.stops is None), None)
    return stops or Effect(False, f"{name} applies a group that stops nothing", rule.span)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a web ACL is equipped with; ``missing`` is set when a group elsewhere may add to it."""

    rate_based: bool
    managed: bool
    logged: bool
    missing: Missing | None = None


def equipment(graph: Architecture, acl: Resource) -> Equipment:
    """Whether the ACL limits rates, uses managed rules, and is logged."""

    def compute() -> Equipment:
        rules = acl.prop("Rules")
        statements = list(_statements(graph, rules.items()))
        logged = any(
            graph.target(configuration.prop("ResourceArn"), acl.type) == acl
            for configuration in graph.referrers(acl, LOGGING)
        )
        missing = rules.missing or next((_outside(graph, one) for one in statements if _outside(graph, one)), None)
        return Equipment(
            any(not one.get("RateBasedStatement").is_absent for one in statements),
            any(not one.get("ManagedRuleGroupStatement").is_absent for one in statements),
            logged,
            missing,
        )

    return graph.memo("web-acl-equipment", acl, compute)


def _statements(graph: Architecture, rules: tuple[Value, ...]) -> Iterator[Value]:
    """The rules' statements, those of rule groups in the run included."""
    for rule in rules:
        statement = rule.get("Statement")
        yield statement
        group = graph.target(statement.get("RuleGroupReferenceStatement", "Arn"), RULE_GROUP)
        if isinstance(group, Resource):
            yield from (inner.get("Statement") for inner in group.prop("Rules").items())


def _outside(graph: Architecture, statement: Value) -> Missing | None:
    reference = statement.get("RuleGroupReferenceStatement", "Arn")
    if reference.is_absent or isinstance(graph.target(reference, RULE_GROUP), Resource):
        return None
    return reference.missing or Missing("a rule group is not in the run", "add its template", "rule-group")


def header_names(acl: Resource) -> tuple[str, ...]:
    """The single headers that byte matches of the ACL look at, in lower case."""
    return tuple(_headers(acl.prop("Rules")))


def _headers(value: Value) -> Iterator[str]:
    if isinstance(value, ListValue):
        for item in value.items():
            yield from _headers(item)
    elif isinstance(value, MapValue):
        name = value.get("ByteMatchStatement", "FieldToMatch", "SingleHeader", "Name").literal
        if name is not None:
            yield name.lower()
        for key, child in value.entries():
            if key != "ByteMatchStatement":
                yield from _headers(child)
