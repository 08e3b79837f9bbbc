"""EDGE001: a distribution that answers people over plain HTTP."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.edge.behaviors import Behavior, behaviors_of
from validator.graph.edge.distributions import DISTRIBUTION, is_enabled
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_SECURE: Final = ("https-only", "redirect-to-https")
_TEMPLATE = """\
Parameters:
  Policy: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
        CacheBehaviors:
          - PathPattern: /tickets/*
            TargetOriginId: shop
            ViewerProtocolPolicy: POLICY
        Origins: [{Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
"""


class PlainHttpForViewers(Rule):
    """A distribution of which a behaviour answers over plain HTTP.

    ## What it proves
    Every cache behaviour of an enabled distribution, the default one and each path pattern, has the viewer protocol
    policy `https-only` or `redirect-to-https`, whatever conditions hold.

    ## Why it matters
    Whoever is on the way reads what people send and changes what they get: one open path is enough to put code into a
    page.

    ## How to fix
    Set `ViewerProtocolPolicy: redirect-to-https` on the behaviour.

    ## What it cannot see
    Whether browsers were told to keep to HTTPS (see EDGE005).

    ## References
    CloudFront Developer Guide: *Require HTTPS for communication between viewers and CloudFront*.
    """

    meta = RuleMeta(
        id="EDGE001",
        title="A distribution answers over plain HTTP",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="Whoever is on the way reads what people send and changes what they get.",
        subjects=(DISTRIBUTION,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "one path answers over HTTP",
            _TEMPLATE.replace("POLICY", "allow-all  # <- finding"),
            target="behavior /tickets/*",
        ),
        Example.passes("every behaviour redirects", _TEMPLATE.replace("POLICY", "redirect-to-https")),
        Example.unknown(
            "an input decides",
            _TEMPLATE.replace("POLICY", "!Ref Policy  # <- finding"),
            target="behavior /tickets/*",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each cache behaviour."""
        if is_enabled(subject):
            for behavior in behaviors_of(graph, subject):
                yield self._behavior(behavior)

    def _behavior(self, behavior: Behavior) -> Judgement:
        subject, policy = behavior.distribution, behavior.value.get("ViewerProtocolPolicy")
        at = behavior.value.span if policy.is_absent else policy.span
        label = f"{subject.name} {behavior.label}"
        if policy.missing is not None:
            message = f"{label} may answer over plain HTTP: {policy.missing.what}"
            return self.unknown(subject, message, missing=(policy.missing,), at=at, target=behavior.label)
        how = policy.literal or "not set"
        step = subject.states(f"has ViewerProtocolPolicy {how} on {behavior.label}", at)
        if how in _SECURE:
            message = f"{label} answers over HTTPS only"
            return self.passes(subject, message, evidence=(step,), at=at, target=behavior.label)
        message = f"{label} answers over plain HTTP: its ViewerProtocolPolicy is {how}"
        snippet = "ViewerProtocolPolicy: redirect-to-https"
        fix = f"set ViewerProtocolPolicy on {behavior.label} of {subject.name} ({snippet})"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at, target=behavior.label)
