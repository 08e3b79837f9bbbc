"""WAF001: a public REST stage without a web ACL."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.outside_template import assumed_private
from validator.graph.apis.rest import DEPLOYMENT, STAGE, Endpoint, EndpointType, endpoint_type
from validator.graph.apis.stages import Stage, stage_of
from validator.graph.edge.coverage import stage_protection
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_FUNCTION = "AWS::Serverless::Function"
_KEPT_ELSEWHERE = ("parameter:", "import:", "output:", "resource:")


class RestStageWithoutWebAcl(Rule):
    """A stage of a public REST API that no web ACL covers.

    ## What it proves
    Every stage of a REST API is named by an association with a version 2 web ACL of scope REGIONAL: stages of
    `AWS::ApiGateway::Stage`, those that a `Deployment` makes by `StageName`, and the stage named `Stage` that
    SAM adds where no `OpenApiVersion` is set. Private APIs are exempt. ARNs are compared part by part, stage
    names with their case.

    ## Why it matters
    The web ACL is what filters attacks and floods before they reach authorizers and code. It stands on the
    stage: a second stage without one is a way around the first.

    ## How to fix
    Add an `AWS::WAFv2::WebACLAssociation` whose `ResourceArn` is
    `arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/NAME`. For the extra SAM stage set
    `OpenApiVersion: 3.0.1` on the API or in `Globals`.

    ## What it cannot see
    Associations made in the console, by Firewall Manager policies or by custom resources outside the run.

    ## References
    API Gateway Developer Guide: *Using AWS WAF to protect your REST APIs*; AWS WAF API: *AssociateWebACL*.
    """

    meta = RuleMeta(
        id="WAF001",
        title="A public REST stage has no web ACL",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="Requests from the Internet reach authorizers and code unfiltered.",
        subjects=(STAGE, DEPLOYMENT),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html",
            "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html",
        ),
    )
    examples = (
        Example.fails(
            "the association names another stage",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Live:  # <- finding
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: Prod}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod
      WebACLArn: !GetAtt Acl.Arn
""",
            target="stage Prod",
        ),
        Example.passes(
            "the association names the stage",
            """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: Prod}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Live}
      WebACLArn: !GetAtt Acl.Arn
""",
        ),
        Example.unknown(
            "a parameter says what is associated",
            """\
Parameters:
  ProtectedArn: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Live:  # <- finding
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: Prod}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !Ref ProtectedArn, WebACLArn: !GetAtt Acl.Arn}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage."""
        stage = stage_of(graph, subject)
        if stage is None:
            return
        endpoint = endpoint_type(stage.api) if stage.api is not None else _endpoint_elsewhere(stage)
        label = f"{subject.name} {stage.label}"
        if endpoint.endpoint is Endpoint.PRIVATE:
            steps = (Evidence(subject.name, "belongs to a private API", endpoint.span),)
            message = f"{label} belongs to a private API, which the Internet cannot call"
            yield self.passes(subject, message, evidence=steps, target=stage.label)
            return
        protection = stage_protection(graph, stage)
        if protection.covered:
            message = f"{label} is covered by {protection.statement}"
            yield self.passes(subject, message, evidence=protection.evidence, target=stage.label)
            return
        assumed = assumed_private(graph, subject, endpoint.missing) if endpoint.endpoint is Endpoint.UNKNOWN else None
        if assumed is not None:
            message = f"{label} belongs to an API that is assumed to be private"
            yield self.passes(subject, message, evidence=(assumed,), target=stage.label)
            return
        missing = [*protection.missing, *([endpoint.missing] if endpoint.missing is not None else [])]
        if protection.covered is None or endpoint.endpoint is Endpoint.UNKNOWN:
            yield self._undecided(stage, missing, protection.flaws)
        else:
            yield self._bare(stage, protection.flaws)

    def _undecided(self, stage: Stage, missing: list[Missing], flaws: tuple[Evidence, ...]) -> Judgement:
        subject = stage.resource
        message = f"{subject.name} {stage.label} is not decided: {missing[0].what}"
        return self.unknown(subject, message, missing=missing, evidence=flaws, target=stage.label)

    def _bare(self, stage: Stage, flaws: tuple[Evidence, ...]) -> Judgement:
        subject = stage.resource
        extra = subject.type == DEPLOYMENT and subject.is_generated
        made = "is a second stage that SAM makes" if extra else "is a stage of a public API"
        step = Evidence(subject.name, f"{stage.label} {made}", subject.span)
        message = f"{subject.name} {stage.label} has no web ACL"
        if flaws:
            message = f"{message}: {flaws[0].resource} {flaws[0].relation}"
        elif extra:
            message = f"{message}: SAM makes it besides, since no OpenApiVersion is set"
        implicit = subject.origin.resource_type == _FUNCTION
        api = "ServerlessRestApi, the API that SAM makes of the events" if implicit else subject.name
        fix = f"associate a web ACL with {stage.label} of {api} (AWS::WAFv2::WebACLAssociation)"
        if extra:
            where = "in Globals.Api" if implicit else f"on {subject.name} or in Globals.Api"
            fix = f"set OpenApiVersion: 3.0.1 {where}, so that SAM does not make this stage"
        return self.fails(subject, message, evidence=(step, *flaws), fix=fix, target=stage.label)


def _endpoint_elsewhere(stage: Stage) -> EndpointType:
    """The endpoint of an API that is not in the run: public, unless an input names the API."""
    value = stage.resource.prop("RestApiId")
    missing = value.missing
    if missing is not None and missing.key.startswith(_KEPT_ELSEWHERE):
        return EndpointType(Endpoint.UNKNOWN, value.span, missing)
    return EndpointType(Endpoint.PUBLIC, value.span)
