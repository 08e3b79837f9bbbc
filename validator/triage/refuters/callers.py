"""Who calls a function, where the workload shows all of it.

Lambda Developer Guide, *Understanding Lambda function invocation methods*: an API, a load balancer, a user pool and a
state machine wait for the answer; an event source mapping polls; all else may hand an event over and go on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.triggers import (
    ALIAS,
    INVOKE_CONFIG,
    MAPPING,
    VERSION,
    Start,
    Trigger,
    names_of,
    triggers_of,
)
from validator.graph.iam.actions import matches
from validator.graph.iam.documents import Statement
from validator.graph.iam.escalation import trusted_services
from validator.graph.iam.grants import allows_of
from validator.graph.iam.identities import PRINCIPAL_TYPES, identity_of
from validator.graph.iam.managed import Breadth, judged
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Evidence
from validator.resolve import Text, Value

_APIS: Final = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
)
_MACHINE: Final = "AWS::StepFunctions::StateMachine"
_WAITING: Final = {
    "AWS::ApiGateway::Authorizer": "asks it for authorization and waits",
    "AWS::ApiGatewayV2::Authorizer": "asks it for authorization and waits",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "calls it for a load balancer and waits",
    "AWS::Cognito::UserPool": "calls it as a trigger and waits",
    "AWS::Lambda::Url": "calls it over HTTPS and waits",
}
_SILENT: Final = frozenset(
    (
        ALIAS,
        VERSION,
        INVOKE_CONFIG,
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Logs::LogGroup",
        "AWS::Logs::MetricFilter",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::Stage",
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
    )
)
"""Types that mention a function without calling it; what roles may call is asked of their grants."""
_PERMISSION: Final = "AWS::Lambda::Permission"
_WAITING_SERVICES: Final = frozenset(
    ("apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "cognito-idp.amazonaws.com")
)
_CALLING_SERVICES: Final = frozenset(("apigateway.amazonaws.com", "states.amazonaws.com"))
"""Services that call with a role; what they call stands in resources of the workload that mention the function."""
_SERVICE_OF_TYPE: Final = {
    "AWS::S3::Bucket": "s3.amazonaws.com",
    "AWS::SNS::Topic": "sns.amazonaws.com",
    "AWS::SNS::Subscription": "sns.amazonaws.com",
    "AWS::Events::Rule": "events.amazonaws.com",
    "AWS::IoT::TopicRule": "iot.amazonaws.com",
    "AWS::Logs::SubscriptionFilter": "logs.amazonaws.com",
}
_INVOKE: Final = ("lambda:InvokeFunction", "lambda:InvokeAsync")
_OPENS_FUNCTIONS: Final = ("Lambda", "Administrator", "PowerUser")
_ASYNCHRONOUS: Final = ("invocation-type", "invoke-async")
_ASYNCHRONOUS_STATE: Final = ("invocationtype", "invokeasync")


@dataclass(frozen=True, slots=True)
class Callers:
    """Every caller of a function: those that wait, the mappings that poll, and those that hand an event over."""

    waiting: tuple[Evidence, ...]
    mappings: tuple[Resource, ...]
    handing_over: tuple[Trigger, ...]

    @property
    def any(self) -> bool:
        """Whether anything calls it at all."""
        return bool(self.waiting or self.mappings or self.handing_over)


def callers_of(graph: Architecture, function: Resource) -> Callers | None:
    """All callers of a function; None when something may call it in a way that the workload does not show."""
    return graph.memo("triage-callers", function, lambda: _callers(graph, function))


def _callers(graph: Architecture, function: Resource) -> Callers | None:
    triggers = triggers_of(graph, function)
    waiting: list[Evidence] = []
    names = names_of(graph, function)
    if any(output.export is not None for name in names for _, output in graph.handed_out(name)):
        return None
    if any(_names_it(graph, user, function) for user in graph.resources if user not in names):
        return None
    users = dict.fromkeys(user for name in names for user in graph.referrers(name) if user not in names)
    known = {trigger.source for trigger in triggers}
    for user in users:
        if user.type in _SILENT or user in known:
            continue
        step = _calls(graph, user, known)
        if step is None:
            return None
        waiting.extend(step)
    if any(_may_invoke(graph, principal, names) for principal in graph.existing(*PRINCIPAL_TYPES)):
        return None
    mappings = tuple(trigger.source for trigger in triggers if trigger.source.type == MAPPING)
    others = tuple(trigger for trigger in triggers if trigger.start is not Start.POLLED)
    return Callers(tuple(waiting), mappings, others)


def _names_it(graph: Architecture, user: Resource, function: Resource) -> bool:
    """Whether a resource writes the function's name by hand: a call that no reference shows."""
    written = function.body.get("Properties")
    name = written.get("FunctionName") if isinstance(written, MapNode) else None
    if name is None or user.type in _SILENT or user.type == function.type or graph.mentions(user, function):
        return False
    literal = function.prop("FunctionName").literal
    pieces = {text for text in (*texts_in(name), literal or "") if len(text) > 2 and not _is_common(text)}
    return any(piece in text for text in texts_in(user.body) for piece in pieces)


def _is_common(text: str) -> bool:
    return text.startswith(("AWS::", "Fn::")) or text == "Ref"


def _calls(graph: Architecture, user: Resource, triggers: set[Resource]) -> tuple[Evidence, ...] | None:
    """How the user calls and waits; None when it may go on without waiting."""
    if user.type == _PERMISSION:
        return () if _is_expected(user, triggers) else None
    if user.type in _WAITING and not _sends_messages(user):
        return (user.states(_WAITING[user.type]),)
    if user.type in _APIS:
        return None if _mentions(user.body, _ASYNCHRONOUS) else (user.states("calls it and waits for the answer"),)
    if user.type == _MACHINE:
        written = any(not user.prop(name).is_absent for name in ("DefinitionString", "Definition"))
        hands_over = _mentions(user.body, _ASYNCHRONOUS_STATE) or not written
        return None if hands_over else (user.states("calls it in a state and waits"),)
    return None


def _sends_messages(user: Resource) -> bool:
    """Whether a user pool has custom senders: these alone it calls without waiting (Cognito Developer Guide)."""
    senders = ("CustomEmailSender", "CustomSMSSender")
    return any(not user.prop("LambdaConfig", name).is_absent for name in senders)


def _is_expected(permission: Resource, triggers: set[Resource]) -> bool:
    """Whether a permission is for a caller that waits, or for one of the triggers that the workload shows."""
    if not permission.prop("FunctionUrlAuthType").is_absent:
        return True
    if permission.prop("InvokedViaFunctionUrl").boolean():
        return True
    principal = permission.prop("Principal").literal
    shown = {_SERVICE_OF_TYPE.get(trigger.type) for trigger in triggers}
    return principal is not None and (principal in _WAITING_SERVICES or principal in shown)


def _may_invoke(graph: Architecture, principal: Resource, names: tuple[Resource, ...]) -> bool:
    """Whether a principal of the run may invoke the function in a way that no resource of the run shows."""
    services = trusted_services(principal) if principal.type == "AWS::IAM::Role" else ()
    if services and set(services) <= _CALLING_SERVICES:
        return False
    identity = identity_of(principal, graph)
    if identity.missing or any(_opens_functions(one.aws_name) for one in identity.attachments if one.aws_name):
        return True
    return any(_invokes(statement, names) for _, statement in allows_of(principal, graph))


def _opens_functions(policy: str) -> bool:
    found = judged(policy)
    broad = found.breadth is Breadth.BROAD and any(word in policy for word in _OPENS_FUNCTIONS)
    return broad or found.breadth is Breadth.UNRECORDED


def _invokes(statement: Statement, names: tuple[Resource, ...]) -> bool:
    if statement.not_actions or any(action.literal is None for action in statement.actions):
        granted = True
    else:
        granted = any(matches(action.literal or "", one) for action in statement.actions for one in _INVOKE)
    return granted and (bool(statement.not_resources) or any(_may_cover(one, names) for one in statement.resources))


def _may_cover(element: Value, names: tuple[Resource, ...]) -> bool:
    """Whether an element may cover the function; one that refers to other resources only does not."""
    if not isinstance(element, Text) or not element.references:
        return True
    own = {(name.id.stack, name.logical_id) for name in names}
    return any((reference.stack, reference.logical_id) in own for reference in element.references)


def _mentions(node: Node, words: tuple[str, ...]) -> bool:
    return any(word in text.lower() for text in texts_in(node) for word in words)


def texts_in(node: Node) -> Iterator[str]:
    """Every text in a node, keys of maps among them."""
    match node:
        case ScalarNode():
            yield node.text
        case ListNode():
            for item in node.items:
                yield from texts_in(item)
        case MapNode():
            for key, value in node.items():
                yield key
                yield from texts_in(value)
