"""WAF003: a public endpoint that AWS WAF cannot attach to."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.domains import default_endpoint, doors_of
from validator.graph.apis.function_urls import URL, WEB_ENDPOINT
from validator.graph.apis.http import API, protocol_of
from validator.graph.apis.load_balancers import LOAD_BALANCER, facing, kind_of
from validator.graph.apis.outside_template import assumed_private
from validator.graph.apis.security import Protocol
from validator.graph.edge.acl_references import AclKind
from validator.graph.edge.bypass import Approach, Way, approach
from validator.graph.edge.coverage import resource_protection
from validator.graph.edge.distributions import distribution_acl
from validator.graph.edge.exposure import balancers_behind, serves_http
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_KINDS = {
    API: "an HTTP API",
    URL: "a function URL",
    WEB_ENDPOINT: "a web function endpoint",
    LOAD_BALANCER: "a network load balancer",
}


class EndpointThatTakesNoWebAcl(Rule):
    """A public endpoint of a kind that no web ACL can cover, and that no distribution shields.

    ## What it proves
    An HTTP or WebSocket API, a function URL or a web function endpoint stands behind a distribution with a web
    ACL and answers nothing that comes around it: default endpoint disabled and no public domain, an origin
    access control on a URL with IAM, or a certificate that only the distribution shows. A network load
    balancer that serves HTTP is internal, or forwards to application load balancers that are covered.

    ## Why it matters
    AWS WAF cannot attach to these. Without a distribution in front, nothing filters what reaches the code.

    ## How to fix
    Put a CloudFront distribution with a web ACL in front and close the direct way, or use a REST API or an
    application load balancer, which take a web ACL themselves.

    ## What it cannot see
    Whether a Lambda authorizer checks a secret header of the distribution: *unknown*.

    ## References
    AWS WAF Developer Guide: *Resources that you can protect with AWS WAF*; API Gateway Developer Guide:
    *Choose between REST APIs and HTTP APIs*.
    """

    meta = RuleMeta(
        id="WAF003",
        title="A public endpoint can have no web ACL and no distribution shields it",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="AWS WAF cannot attach to this kind of endpoint, so requests reach the code unfiltered.",
        subjects=(API, URL, WEB_ENDPOINT, LOAD_BALANCER),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html",
        ),
    )
    examples = (
        Example.fails(
            "an HTTP API for itself",
            """\
Resources:
  Api:  # <- finding
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: tickets, ProtocolType: HTTP}
""",
        ),
        Example.passes(
            "a function URL behind a protected distribution",
            """\
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: tickets, AuthType: AWS_IAM}
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        {Name: c, OriginAccessControlOriginType: lambda, SigningBehavior: always, SigningProtocol: sigv4}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !ImportValue site-acl
        Origins:
          - Id: url
            DomainName: !Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]
            OriginAccessControlId: !GetAtt Control.Id
""",
            resource="Url",
        ),
        Example.unknown(
            "the balancer's scheme is a parameter",
            """\
Parameters:
  Scheme: {Type: String}
Resources:
  Balancer:  # <- finding
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Scheme: !Ref Scheme}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each endpoint."""
        if subject.type == LOAD_BALANCER:
            if (kind_of(subject) or "").lower() == "network":
                yield self._balancer(subject, graph)
            return
        found = approach(graph, subject)
        if found.way is Way.NOT_BEHIND:
            yield self._alone(subject, graph)
        else:
            yield self._behind(subject, found, graph)

    def _balancer(self, subject: Resource, graph: Architecture) -> Judgement:
        side = facing(subject)
        step = subject.states("is a network load balancer", side.span)
        assumed = assumed_private(graph, subject, side.missing) if side.internet is None else None
        if assumed is not None:
            message = f"{subject.name} is assumed to be private, so the Internet cannot call it"
            return self.passes(subject, message, evidence=(assumed,))
        if side.internet is None and side.missing is not None:
            message = f"{subject.name} has a scheme that is not decided: {side.missing.what}"
            return self.unknown(subject, message, missing=(side.missing,), evidence=(step,))
        if not side.internet:
            message = f"{subject.name} is internal, so the Internet cannot call it"
            return self.passes(subject, message, evidence=(step,), at=side.span)
        if not serves_http(graph, subject):
            return self.passes(subject, f"{subject.name} listens on no port of HTTP", evidence=(step,))
        behind = balancers_behind(graph, subject)
        protections = [resource_protection(graph, balancer) for balancer in behind]
        if protections and all(protection.covered for protection in protections):
            message = f"{subject.name} forwards to {behind[0].name}, which is covered by {protections[0].statement}"
            return self.passes(subject, message, evidence=(step, *protections[0].evidence))
        message = f"{subject.name} is a public network load balancer, which takes no web ACL"
        fix = f"use an application load balancer with a web ACL, or make {subject.name} internal (Scheme: internal)"
        return self.fails(subject, message, evidence=(step,), fix=fix)

    def _alone(self, subject: Resource, graph: Architecture) -> Judgement:
        kind = _KINDS[subject.type]
        if subject.type == API and protocol_of(subject) is Protocol.WEBSOCKET:
            kind = "a WebSocket API"
        if subject.type == API:
            endpoint = default_endpoint(subject)
            if endpoint.disabled and not doors_of(graph, subject):
                what = f"no domain of the run leads to {subject.name}, whose default endpoint is disabled"
                cause = Missing(what, "add the template that maps its domain", f"doors:{subject.name}")
                step = subject.states("disables its default endpoint", endpoint.span)
                return self.unknown(
                    subject, f"{subject.name}: {what}", missing=(cause,), evidence=(step,), target=_target(subject)
                )
        verb = "has" if subject.is_generated else "is"
        message = f"{subject.name} {verb} {kind}, which takes no web ACL, and no distribution stands in front of it"
        fix = f"put a CloudFront distribution with a web ACL in front of {subject.name} and close the direct way"
        step = subject.states(f"{verb} {kind} on the Internet")
        return self.fails(subject, message, evidence=(step,), fix=fix, target=_target(subject))

    def _behind(self, subject: Resource, found: Approach, graph: Architecture) -> Judgement:
        distributions = tuple(dict.fromkeys(front.distribution for front in found.fronts))
        for distribution in distributions:
            named = distribution_acl(graph, distribution)
            if named.kind is AclKind.UNDECIDED and named.missing is not None:
                message = f"{subject.name} stands behind {distribution.name}, whose web ACL is not decided"
                return self.unknown(
                    subject, message, missing=(named.missing,), evidence=found.evidence, target=_target(subject)
                )
            if not named.covers("CLOUDFRONT"):
                step = Evidence(distribution.name, "has no web ACL that covers it", distribution.span)
                message = f"{subject.name} stands behind {distribution.name}, which has no web ACL"
                fix = f"set WebACLId of {distribution.name}"
                return self.fails(
                    subject, message, evidence=(*found.evidence, step), fix=fix, target=_target(subject)
                )
        names = ", ".join(distribution.name for distribution in distributions)
        if found.way is Way.CLOSED:
            message = f"{subject.name} answers only through {names}, which has a web ACL: {found.statement}"
            return self.passes(subject, message, evidence=found.evidence, target=_target(subject))
        if found.way is Way.UNDECIDED and found.missing is not None:
            message = f"{subject.name} stands behind {names}, and {found.statement}"
            if not distributions:
                message = f"{subject.name} may stand behind a distribution: {found.missing.what}"
            return self.unknown(
                subject, message, missing=(found.missing,), evidence=found.evidence, target=_target(subject)
            )
        message = f"{subject.name} can be called around {names} and its web ACL: {found.statement}"
        fix = "disable the default endpoint and demand a proof that calls come through the distribution"
        if subject.type == URL:
            fix = "set AuthType: AWS_IAM and an origin access control of type lambda"
        return self.fails(subject, message, evidence=found.evidence, fix=fix, target=_target(subject))


def _target(subject: Resource) -> str:
    """A SAM function may make a URL and an API: they are told apart."""
    return _KINDS[subject.type].partition(" ")[2] if subject.is_generated else ""
