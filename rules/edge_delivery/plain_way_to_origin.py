"""EDGE003: a distribution that speaks to an origin without encryption, or by old TLS only."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.edge.behaviors import behaviors_of
from validator.graph.edge.distributions import DISTRIBUTION, Origin, is_enabled, origins_of
from validator.model import Category, Severity
from validator.resolve import Text
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_API_TYPES: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Lambda::Url")
_TEMPLATE = """\
Parameters:
  Protocol: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
        Origins:
          - Id: shop
            DomainName: shop.example.com
            CustomOriginConfig: {OriginProtocolPolicy: PROTOCOL}MARK
"""


class PlainWayToOrigin(Rule):
    """A distribution that reaches an origin over plain HTTP.

    ## What it proves
    Each origin that is no bucket is reached over HTTPS: `OriginProtocolPolicy` is `https-only`, or `match-viewer`
    where no behaviour that leads there answers over HTTP. Origins inside a VPC are left out.

    ## Why it matters
    The encryption ends at the edge, and the rest of the way through the Internet is open. An API of API Gateway or a
    function URL answers no plain HTTP at all: every request fails.

    ## How to fix
    Set `CustomOriginConfig.OriginProtocolPolicy: https-only` on the origin.

    ## What it cannot see
    What the origin does after that. Website endpoints of buckets answer plain HTTP only; TIER006 reports them.

    ## References
    CloudFront Developer Guide: *Require HTTPS for communication between CloudFront and your custom origin*.
    """

    meta = RuleMeta(
        id="EDGE003",
        title="A distribution reaches an origin over plain HTTP",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="What people send over HTTPS goes on through the Internet in plain text.",
        subjects=(DISTRIBUTION,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("HTTP only", _TEMPLATE.replace("PROTOCOL", "http-only").replace("MARK", "  # <- finding")),
        Example.passes("HTTPS only", _TEMPLATE.replace("PROTOCOL", "https-only").replace("MARK", "")),
        Example.unknown(
            "an input decides", _TEMPLATE.replace("PROTOCOL", "!Ref Protocol").replace("MARK", "  # <- finding")
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each origin over the Internet."""
        if not is_enabled(subject):
            return
        for number, origin in enumerate(origins_of(graph, subject), 1):
            config = origin.value.get("CustomOriginConfig")
            if config.is_absent or not origin.value.get("VpcOriginConfig").is_absent or _is_website(origin):
                continue
            yield self._origin(origin, number, graph)

    def _origin(self, origin: Origin, number: int, graph: Architecture) -> Judgement:
        subject, identifier = origin.distribution, origin.value.get("Id")
        name = f"origin {identifier if isinstance(identifier, Text) else number}"
        policy = origin.value.get("CustomOriginConfig", "OriginProtocolPolicy")
        at = origin.value.get("CustomOriginConfig").span if policy.is_absent else policy.span
        step = subject.states(f"reaches {name} by {policy.literal or 'a protocol'}", at)
        if policy.missing is not None:
            message = f"{subject.name} may reach {name} over plain HTTP: {policy.missing.what}"
            return self.unknown(subject, message, missing=(policy.missing,), at=at, target=name)
        open_way = _open_behavior(graph, origin)
        if policy.literal == "https-only" or (policy.literal == "match-viewer" and not open_way):
            message = f"{subject.name} reaches {name} over HTTPS"
            return self.passes(subject, message, evidence=(step,), at=at, target=name)
        target = origin.target
        message = f"{subject.name} reaches {name} over plain HTTP"
        if policy.literal == "match-viewer":
            message = f"{message} whenever a viewer does ({open_way})"
        elif target is not None and target.type in _API_TYPES:
            message = f"{message}, which {target.name} does not answer"
        snippet = "OriginProtocolPolicy: https-only"
        fix = f"set CustomOriginConfig.OriginProtocolPolicy on {name} of {subject.name} ({snippet})"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at, target=name)


def _is_website(origin: Origin) -> bool:
    domain = origin.domain
    named = isinstance(domain, Text) and any(one.attribute == "WebsiteURL" for one in domain.references)
    cut = origin.target is not None and origin.target.type == "AWS::S3::Bucket"
    return named or cut or "s3-website" in str(domain)


def _open_behavior(graph: Architecture, origin: Origin) -> str:
    """The behaviour that leads to the origin and answers over HTTP; empty when there is none."""
    for behavior in behaviors_of(graph, origin.distribution):
        policy = behavior.value.get("ViewerProtocolPolicy").literal
        if origin in behavior.origins and policy not in ("https-only", "redirect-to-https"):
            return behavior.label
    return ""
