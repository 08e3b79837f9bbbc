"""API022: a VPC endpoint through which every private API can be called."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis.json_text import document_of
from validator.graph.apis.outside_template import may_be_added
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_ANY: Final = ("*", "execute-api:*", "execute-api:Invoke")
_TEMPLATE = """\
Parameters:
  Policy: {Type: String}
Resources:
  Door:MARK
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      VpcEndpointType: Interface
      ServiceName: !Sub com.amazonaws.${AWS::Region}.execute-api
"""
_STATEMENT = '{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: !ImportValue api}'


class EndpointToEveryPrivateApi(Rule):
    """A VPC endpoint for API Gateway whose policy lets through to every private API.

    ## What it proves
    An interface endpoint for `execute-api` has a policy that names APIs, principals or a condition. Without a policy
    everything passes: that is the default.

    ## Why it matters
    Whoever gets a foot into the VPC can send data to private APIs of other accounts, which admit any endpoint.

    ## How to fix
    Set `PolicyDocument` on the endpoint with the ARNs of the APIs in `Resource`.

    ## What it cannot see
    Endpoints of other stacks. Whom the API itself admits is AUTH007's question.

    ## References
    API Gateway Developer Guide: *Use VPC endpoint policies for private APIs in API Gateway*.
    """

    meta = RuleMeta(
        id="API022",
        title="A VPC endpoint leads to every private API",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Whoever gets a foot into the VPC can send data to private APIs of other accounts.",
        subjects=(_ENDPOINT,),
        lens=("SEC2.a1", "SEC2.a2"),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("no policy", _TEMPLATE.replace("MARK", "  # <- finding")),
        Example.passes(
            "a policy that names an API",
            _TEMPLATE.replace("MARK", "") + f"      PolicyDocument: {{Statement: [{_STATEMENT}]}}\n",
        ),
        Example.unknown(
            "an input holds the policy",
            _TEMPLATE.replace("MARK", "") + "      PolicyDocument: !Ref Policy  # <- finding\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each endpoint of API Gateway."""
        if not str(subject.prop("ServiceName")).endswith(".execute-api"):
            return
        policy = document_of(subject, subject.prop("PolicyDocument"))
        at = subject.span if policy.is_absent else policy.span
        missing = policy.missing or (may_be_added(subject, "a policy") if policy.is_absent else None)
        statements = policy.get("Statement").items()
        opening = next((one for one in statements if _opens(one)), None)
        undecided = next((one.missing for one in statements if one.missing is not None), None)
        denies = next((one for one in statements if one.get("Effect").literal == "Deny"), None)
        if missing is None and opening is None:
            missing = undecided
        elif missing is None and denies is not None:
            what = f"the denial at {denies.span} may narrow what its policy allows"
            missing = Missing(what, "allow the named APIs only", f"policy:{subject.name}")
        if missing is not None:
            message = f"{subject.name} may lead to every private API: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), at=at)
            return
        fix = f"set PolicyDocument on {subject.name} with the ARNs of the APIs in Resource"
        if policy.is_absent:
            step = subject.states("has no PolicyDocument, so everything passes")
            message = f"{subject.name} leads to every private API: it has no PolicyDocument"
            yield self.fails(subject, message, evidence=(step,), fix=fix)
        elif opening is not None:
            step = subject.states("lets everyone through to every API", opening.span)
            message = f"{subject.name} leads to every private API: its policy names none"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=opening.span)
        else:
            step = subject.states("has a policy that narrows", at)
            message = f"{subject.name} leads to what its policy names"
            yield self.passes(subject, message, evidence=(step,), at=at)


def _opens(statement: Value) -> bool:
    """Whether the statement lets anyone call any API, without a condition."""
    principal = statement.get("Principal")
    everyone = principal.literal == "*" or any(one.literal == "*" for one in principal.get("AWS").items())
    actions = any(one.literal in _ANY for one in statement.get("Action").items())
    resources = any(one.literal == "*" for one in statement.get("Resource").items())
    allows = statement.get("Effect").literal == "Allow" and not statement.get("Condition").entries()
    return allows and everyone and actions and resources
