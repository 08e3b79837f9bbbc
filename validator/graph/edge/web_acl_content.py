"""What a web ACL does: does it stop anything, does it limit rates, which managed groups does it use.

Follows the AWS WAF Developer Guide, *Using web ACLs*: a rule stops requests by Block, Captcha or Challenge; a
rule group acts unless its override is Count.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Absent, Unknown, Value

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
    overrides = _overrides(statement.get("RuleGroupReferenceStatement"))
    inner = [_overridden(one, overrides) or _of_rule(graph, one) for one in group.prop("Rules").items()]
    stops = next((one for one in inner if one.stops), None) or next((one for one in inner if one.stops is None), None)
    return stops or Effect(False, f"{name} applies a group that stops nothing", rule.span)


def _overrides(reference: Value) -> dict[str, Value]:
    """The actions that the web ACL gives to rules of the group, by the rules' names; excluded ones count."""
    found = {
        name: override.get("ActionToUse")
        for override in reference.get("RuleActionOverrides").items()
        if (name := override.get("Name").literal) is not None
    }
    excluded = (rule.get("Name").literal for rule in reference.get("ExcludedRules").items())
    return {**found, **{name: Absent(reference.span) for name in excluded if name is not None}}


def _overridden(rule: Value, overrides: dict[str, Value]) -> Effect | None:
    """What a rule of a group does by the web ACL's override; None where its own action holds."""
    name = rule.get("Name").literal
    if name is None or name not in overrides:
        return None
    action = overrides[name]
    if isinstance(action, Unknown):
        return Effect(None, f"what {name} does is not decided", rule.span, action.cause)
    stops = next((kind for kind in _STOPPING if not action.get(kind).is_absent), None)
    done = ", ".join(kind for kind, _ in action.entries()) or "Count"
    return Effect(stops is not None, f"{name} is overridden to {stops or done}", rule.span)


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


def demands_header(acl: Resource, sent: Collection[str]) -> bool:
    """Whether the ACL stops whatever lacks a header that is sent (names in lower case): a proof of the way.

    A default Block with Allow rules that all match such a header, or a Block of what does not match one that no
    Allow rule comes before.
    """
    rules = acl.prop("Rules").items()
    allows = [rule for rule in rules if not rule.get("Action", "Allow").is_absent]
    matched = [rule for rule in allows if _matches(rule.get("Statement"), sent)]
    if not acl.prop("DefaultAction", "Block").is_absent:
        return bool(allows) and len(matched) == len(allows)
    blocks = (
        rule
        for rule in rules
        if not rule.get("Action", "Block").is_absent
        and _matches(rule.get("Statement", "NotStatement", "Statement"), sent)
    )
    others = [rule for rule in allows if rule not in matched]
    return any(all(_priority(block) < _priority(other) for other in others) for block in blocks)


def _priority(rule: Value) -> int:
    return rule.get("Priority").integer() or 0


def _matches(statement: Value, sent: Collection[str]) -> bool:
    """Whether only requests with one of the headers match the statement."""
    if not (every := statement.get("AndStatement", "Statements")).is_absent:
        return any(_matches(one, sent) for one in every.items())
    if not (some := statement.get("OrStatement", "Statements")).is_absent:
        return all(_matches(one, sent) for one in some.items())
    name = statement.get("ByteMatchStatement", "FieldToMatch", "SingleHeader", "Name").literal
    return name is not None and name.lower() in sent
