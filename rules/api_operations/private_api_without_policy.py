"""API019: a private API that has no resource policy."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.openapi import body_missing
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.resource_policy import policy_of
from validator.graph.apis.rest import Endpoint, endpoint_type
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Policy: {Type: String}
Resources:
  Api:MARK
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: tickets
      EndpointConfiguration: {Types: [PRIVATE]}
"""


class PrivateApiWithoutPolicy(Rule):
    """A private API without a resource policy.

    ## What it proves
    Every private REST API has a resource policy, as a property or in its body. Whom the policy lets in is AUTH007's
    question.

    ## Why it matters
    API Gateway refuses to deploy a private API without one: the stack fails when the deployment is made.

    ## How to fix
    Set `Policy` on the API, with `aws:SourceVpce` or `aws:SourceVpc` in its condition (SAM: `Auth.ResourcePolicy`).

    ## What it cannot see
    Policies in definitions that are kept in S3: *unknown*.

    ## References
    API Gateway Developer Guide: *Private REST APIs in API Gateway*, *Create a private API*.
    """

    meta = RuleMeta(
        id="API019",
        title="A private API has no resource policy",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="API Gateway refuses to deploy a private API that has no resource policy.",
        subjects=(rest.REST_API,),
        lens=("SEC1.a3", "SEC2.a1"),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",),
        since="0.2",
    )
    examples = (
        Example.fails("no policy", _TEMPLATE.replace("MARK", "  # <- finding")),
        Example.passes(
            "a policy that names an endpoint",
            _TEMPLATE.replace("MARK", "")
            + "      Policy:\n        Statement:\n"
            + '          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*",\n'
            + "             Condition: {StringEquals: {aws:SourceVpce: vpce-0123456789abcdef0}}}\n",
        ),
        Example.unknown(
            "the definition is kept in S3",
            _TEMPLATE.replace("MARK", "  # <- finding")
            + "      BodyS3Location: {Bucket: definitions, Key: api.yaml}\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each private API."""
        endpoint = endpoint_type(subject)
        if endpoint.endpoint is not Endpoint.PRIVATE:
            return
        policy = policy_of(subject)
        step = subject.states("is private", endpoint.span)
        if not policy.is_absent and subject.prop("Body").missing is None:
            message = f"{subject.name} is private and has a resource policy"
            found = subject.states("has a resource policy", policy.span)
            yield self.passes(subject, message, evidence=(step, found))
            return
        missing = body_missing(subject) or may_be_added(subject, "a resource policy")
        if missing is not None:
            message = f"{subject.name} is private and may have no resource policy: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), evidence=(step,))
            return
        fix = f"set Policy on {subject.name} with a condition on aws:SourceVpce"
        if subject.origin.resource_type == "AWS::Serverless::Api":
            snippet = "Auth: {ResourcePolicy: {SourceVpcWhitelist: [vpce-0123456789abcdef0]}}"
            fix = f"set Auth.ResourcePolicy on {subject.name} ({snippet})"
        message = f"{subject.name} is private and has no resource policy, so it cannot be deployed"
        yield self.fails(subject, message, evidence=(step,), fix=fix)
