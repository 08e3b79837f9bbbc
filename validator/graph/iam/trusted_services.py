"""Services that a function's role trusts without need.

A role that only functions use has to trust ``lambda.amazonaws.com``, and ``edgelambda.amazonaws.com`` when a
distribution calls the function (CloudFront Developer Guide, *Set up IAM permissions and roles for Lambda@Edge*).
"""

from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.execution import users_of_role
from validator.graph.iam.principals import Principal, PrincipalKind
from validator.graph.iam.trust import Trust, TrustVerdict
from validator.graph.resource import Resource
from validator.model import Severity

_LAMBDA: Final = "lambda.amazonaws.com"
_EDGE: Final = "edgelambda.amazonaws.com"


def needless_service(principal: Principal, role: Resource, graph: Architecture) -> Trust | None:
    """The verdict on a service that a function's role need not trust; None when it is needed or cannot be told."""
    if principal.kind is not PrincipalKind.SERVICE or principal.text.startswith(_LAMBDA) or principal.missing:
        return None
    functions = [user.resource for user in users_of_role(role, graph) if user.is_function]
    if not functions or _is_used_otherwise(role, graph):
        return None
    if principal.text == _EDGE and any(_is_at_the_edge(function, graph) for function in functions):
        return None
    phrase = f"trusts {principal.text}, although only functions use it"
    return Trust(TrustVerdict.OPEN, phrase, Severity.LOW, f"remove {principal.text} from Principal")


def _is_used_otherwise(role: Resource, graph: Architecture) -> bool:
    """Whether something besides functions and policies refers to the role, in the run or by an output."""
    if any(not one.type.startswith(("AWS::IAM::", "AWS::Lambda::")) for one in graph.referrers(role)):
        return True
    values = (scope.resolve(output.value) for scope, output in graph.handed_out(role))
    return any(graph.target(value, "AWS::IAM::Role") == role for value in values)


def _is_at_the_edge(function: Resource, graph: Architecture) -> bool:
    versions = graph.referrers(function, "AWS::Lambda::Version")
    if any(graph.referrers(one, "AWS::CloudFront::Distribution") for one in (function, *versions)):
        return True
    # A distribution in another stack names the version by an output.
    return bool(function.scope.template.outputs) and bool(versions)
