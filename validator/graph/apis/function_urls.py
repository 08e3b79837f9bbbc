"""Function URLs and web function endpoints: what they demand and whom the function's policy lets in.

Follows the Lambda Developer Guide, *Control access to Lambda function URLs*: a URL needs permission for both
``lambda:InvokeFunctionUrl`` and ``lambda:InvokeFunction`` on the same qualifier.
"""

from dataclasses import dataclass

from validator.graph.apis.arns import arn_of, literal_of
from validator.graph.apis.integration import FUNCTION_TYPES
from validator.graph.architecture import Architecture, External
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import ResourceRef, Text, Unknown, Value

URL = "AWS::Lambda::Url"
PERMISSION = "AWS::Lambda::Permission"
RESOURCE_POLICY = "AWS::Lambda::ResourcePolicy"
WEB_ENDPOINT = "AWS::Lambda::WebFunctionEndpoint"

_WAYS = ("lambda:functionurlauthtype", "lambda:invokedviafunctionurl")
_NARROWING = ("PrincipalOrgID", "SourceArn", "SourceAccount")


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement that lets a principal invoke a function."""

    resource: Resource
    action: str
    principal: Value
    span: Span
    narrowed: bool
    """Whether it names a source, an account or an organisation."""
    via_url: bool
    """Whether it holds for calls through the function URL only."""
    missing: Missing | None = None

    @property
    def to_everyone(self) -> bool:
        """Whether anyone is let in."""
        return self.principal.literal == "*" and not self.narrowed

    @property
    def to_any_distribution(self) -> bool:
        """Whether distributions of anyone are let in: CloudFront is, whichever account it works for."""
        return self.principal.literal == "cloudfront.amazonaws.com" and not self.narrowed

    def allows(self, action: str) -> bool:
        """Whether the statement's action takes in ``lambda:<action>``."""
        return self.action.lower() in (f"lambda:{action}".lower(), "lambda:*", "*", "lambda:invoke*")


def function_of(graph: Architecture, url: Resource) -> Resource | None:
    """The function that a URL belongs to, None when it is not in the run; an alias leads to its function."""
    found = graph.target(url.prop("TargetFunctionArn"), *FUNCTION_TYPES)
    return owner_of(graph, found) if isinstance(found, Resource) else None


def owner_of(graph: Architecture, function: Resource) -> Resource | None:
    """The function of an alias or a version; a function is its own."""
    if function.type == "AWS::Lambda::Function":
        return function
    found = graph.target(function.prop("FunctionName"), "AWS::Lambda::Function")
    return found if isinstance(found, Resource) else None


def grants_on(graph: Architecture, url: Resource) -> tuple[Grant, ...]:
    """Statements of the function's policy that cover the URL's function and qualifier."""
    return graph.memo("function-grants", url, lambda: _grants(graph, url))


def _grants(graph: Architecture, url: Resource) -> tuple[Grant, ...]:
    wanted = _identity(graph, url.prop("TargetFunctionArn"), url.prop("Qualifier"))
    auth = url.prop("AuthType").literal
    found: list[Grant] = []
    for permission in graph.declared(PERMISSION):
        named = _identity(graph, permission.prop("FunctionName"), None)
        if named == wanted and permission.exists() and _for_auth_type(permission, auth):
            found.append(of_permission(permission))
    for policy in graph.declared(RESOURCE_POLICY):
        if _identity(graph, policy.prop("ResourceArn"), None) == wanted and policy.exists():
            found.extend(_of_policy(policy))
    return tuple(found)


def _for_auth_type(permission: Resource, auth: str | None) -> bool:
    """A permission with ``FunctionUrlAuthType`` holds only for URLs of that very type."""
    condition = permission.prop("FunctionUrlAuthType").literal
    return condition is None or auth is None or condition == auth


def _identity(graph: Architecture, function: Value, qualifier: Value | None) -> object:
    """Function and qualifier: two values are the same when they name the same alias, version or function."""
    name: object = str(function) if isinstance(function, Text) else (function.missing or function.span)
    alias = "" if qualifier is None or qualifier.is_absent else str(qualifier)
    found = graph.target(function, *FUNCTION_TYPES)
    if isinstance(found, Resource):
        if found.type == "AWS::Lambda::Alias":
            owner = graph.target(found.prop("FunctionName"), "AWS::Lambda::Function")
            return (owner if isinstance(owner, Resource) else str(owner), str(found.prop("Name")))
        if found.type == "AWS::Lambda::Version":
            return found, ""
        suffix = _suffix(function, found)
        return found, alias or suffix
    if isinstance(found, External):
        return found.text.rpartition(":function:")[2] or found.text, alias
    return name, alias


def _suffix(function: Value, found: Resource) -> str:
    """The qualifier in ``${Function.Arn}:live`` or ``${Function}:live``."""
    if not isinstance(function, Text):
        return ""
    parts = function.parts
    for position, part in enumerate(parts):
        if isinstance(part, ResourceRef) and part.logical_id == found.logical_id:
            rest = "".join(map(str, parts[position + 1 :]))
            return rest[1:] if rest.startswith(":") else ""
    return ""


def _narrows(value: Value) -> bool:
    """Whether a source, account or organisation says who; an ARN whose account is a wildcard does not."""
    if value.is_absent or value.literal == "*":
        return False
    arn = arn_of(value) if isinstance(value, Text) else None
    return arn is None or literal_of(arn.account) != "*"


def of_permission(permission: Resource) -> Grant:
    """What an ``AWS::Lambda::Permission`` grants."""
    principal = permission.prop("Principal")
    narrowed = any(_narrows(permission.prop(name)) for name in _NARROWING)
    via_url = permission.prop("InvokedViaFunctionUrl").boolean() is True
    url_type = permission.prop("FunctionUrlAuthType")
    action = permission.prop("Action")
    return Grant(
        permission,
        action.literal or "",
        principal,
        principal.span,
        narrowed,
        via_url or not url_type.is_absent,
        principal.missing or action.missing,
    )


def _of_policy(policy: Resource) -> list[Grant]:
    found = []
    for statement in policy.prop("PolicyDocument", "Statement").items():
        if statement.get("Effect").literal != "Allow":
            continue
        principal = statement.get("Principal")
        everyone = [one for one in principal.get("AWS").items() if one.literal == "*"]
        who = principal if principal.literal == "*" or not everyone else everyone[0]
        narrowed = any(_tells_callers_apart(keys) for _, keys in statement.get("Condition").entries())
        for action in statement.get("Action").items():
            found.append(
                Grant(
                    policy, action.literal or "", who, statement.span, narrowed, False, who.missing or action.missing
                )
            )
    return found


def _tells_callers_apart(keys: Value) -> bool:
    """Whether a condition looks at more than the way of the call (its URL, the URL's type)."""
    return not keys.entries() or any(key.lower() not in _WAYS for key, _ in keys.entries())


def undecided_grant(grants: tuple[Grant, ...]) -> Missing | None:
    """What lacks to know whom the statements let in."""
    return next((grant.missing for grant in grants if isinstance(grant.principal, Unknown)), None)


def opening(grants: tuple[Grant, ...], action: str) -> Grant | None:
    """The first statement that lets everyone do ``lambda:<action>``."""
    return next((grant for grant in grants if grant.to_everyone and grant.allows(action)), None)


def opening_around(grants: tuple[Grant, ...], action: str) -> Grant | None:
    """The first statement that lets everyone, or anyone's distribution, do ``lambda:<action>``."""
    wide = (grant for grant in grants if grant.to_everyone or grant.to_any_distribution)
    return next((grant for grant in wide if grant.allows(action)), None)


def endpoint_grants(graph: Architecture, endpoint: Resource) -> tuple[Grant, ...]:
    """Statements of resource policies that cover a web function endpoint or its function."""

    def compute() -> tuple[Grant, ...]:
        function = graph.target(endpoint.prop("FunctionName"))
        subjects = [endpoint, *([function] if isinstance(function, Resource) else [])]
        policies = dict.fromkeys(policy for one in subjects for policy in graph.referrers(one, RESOURCE_POLICY))
        return tuple(grant for policy in policies for grant in _of_policy(policy))

    return graph.memo("endpoint-grants", endpoint, compute)
