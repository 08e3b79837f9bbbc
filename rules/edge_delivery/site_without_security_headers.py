"""EDGE005: a site that is delivered without security headers."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, External, Resource
from validator.graph.edge.behaviors import Behavior, behaviors_of, buckets_of
from validator.graph.edge.distributions import DISTRIBUTION, is_enabled
from validator.model import Category, Missing, Severity
from validator.resolve import Unknown
from validator.rulekit import Example, Judgement, Rule, RuleMeta

POLICY: Final = "AWS::CloudFront::ResponseHeadersPolicy"
_SECURE: Final = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": "SecurityHeadersPolicy",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c": "CORS-and-SecurityHeadersPolicy",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "CORS-with-preflight-and-SecurityHeadersPolicy",
}
_CORS_ONLY: Final = {
    "60669652-455b-4ae9-85a4-c4c02393f86c": "SimpleCORS",
    "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "CORS-With-Preflight",
}
_TEMPLATE = """\
Parameters:
  Headers: {Type: String}
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior:
          {TargetOriginId: pages, ViewerProtocolPolicy: https-only, ResponseHeadersPolicyId: POLICY}MARK
        Origins:
          - {Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, S3OriginConfig: {OriginAccessIdentity: ""}}
"""


class SiteWithoutSecurityHeaders(Rule):
    """A distribution that delivers a bucket's files without security headers.

    ## What it proves
    The default behaviour of an enabled distribution, where it delivers a bucket's files, has a response headers
    policy with security headers: one of AWS's managed ones, or one of the run with `SecurityHeadersConfig`.

    ## Why it matters
    Without `Strict-Transport-Security` the first request may go over plain HTTP; without the others browsers guess
    content types, and other sites may frame the page.

    ## How to fix
    Set `ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03` (the managed *SecurityHeadersPolicy*) or a
    policy of your own.

    ## What it cannot see
    Headers that a function adds at the edge, or that objects carry as metadata: *unknown* where a function runs on
    the answer. Which content security policy fits a site.

    ## References
    CloudFront Developer Guide: *Add or remove HTTP headers in CloudFront responses with a policy*.
    """

    meta = RuleMeta(
        id="EDGE005",
        title="A site is delivered without security headers",
        category=Category.EDGE_DELIVERY,
        severity=Severity.LOW,
        why="Browsers are not told to keep to HTTPS, to content types and to the site's own frames.",
        subjects=(DISTRIBUTION,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a policy for CORS only",
            _TEMPLATE.replace("POLICY", "60669652-455b-4ae9-85a4-c4c02393f86c").replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "the managed security headers",
            _TEMPLATE.replace("POLICY", "67f7725c-6f97-4210-82d7-5512b31e9d03").replace("MARK", ""),
        ),
        Example.unknown(
            "a parameter names the policy",
            _TEMPLATE.replace("POLICY", "!Ref Headers").replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each enabled distribution that delivers a bucket's files by default."""
        default = next((one for one in behaviors_of(graph, subject) if one.is_default), None)
        if default is None or not is_enabled(subject) or not buckets_of(graph, default):
            return
        named = default.value.get("ResponseHeadersPolicyId")
        at = default.value.span if named.is_absent or named.literal == "" else named.span
        statement, holds, missing = _headers(graph, default)
        step = subject.states(statement, at)
        if holds:
            yield self.passes(subject, f"{subject.name} {statement}", evidence=(step,), at=at)
            return
        code = default.runs_code("viewer-response", "origin-response")
        if missing is None and code is not None:
            what = f"a function of {default.label} may add headers to the answer"
            missing = code.missing or Missing(what, "read what the function adds", f"edge-function:{subject.name}")
        if missing is not None:
            message = f"{subject.name} may deliver its site without security headers: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), evidence=(step,), at=at)
            return
        message = f"{subject.name} delivers its site without security headers: it {statement}"
        snippet = "ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03"
        fix = f"set ResponseHeadersPolicyId on {default.label} of {subject.name} ({snippet})"
        yield self.fails(subject, message, evidence=(step,), fix=fix, at=at)


def _headers(graph: Architecture, behavior: Behavior) -> tuple[str, bool, Missing | None]:
    """What the behaviour's policy adds, whether that is security headers, and what lacks to know."""
    named = behavior.value.get("ResponseHeadersPolicyId")
    if named.is_absent or named.literal == "":
        return "has no ResponseHeadersPolicyId", False, None
    found = graph.target(named, POLICY)
    if isinstance(found, Resource):
        security = found.prop("ResponseHeadersPolicyConfig", "SecurityHeadersConfig")
        if security.missing is not None:
            return f"names policy {found.name}", False, security.missing
        if security.entries() or _custom_security(found):
            return f"adds the security headers of {found.name}", True, None
        return f"names policy {found.name}, which has no SecurityHeadersConfig", False, None
    if isinstance(found, External) and found.text in _SECURE:
        return f"adds the headers of the managed {_SECURE[found.text]}", True, None
    if isinstance(found, External) and found.text in _CORS_ONLY:
        return f"names the managed {_CORS_ONLY[found.text]}, which adds no security headers", False, None
    if isinstance(found, Unknown):
        return "names a policy that is not decided", False, found.cause
    what = f"response headers policy {named.literal or named} is outside the run"
    return "names a policy outside the run", False, Missing(what, "check the policy", f"headers:{named}")


def _custom_security(policy: Resource) -> bool:
    """Whether the policy writes a security header as a custom one."""
    items = policy.prop("ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items").items()
    names = {(item.get("Header").literal or "").lower() for item in items}
    return bool(names & {"strict-transport-security", "content-security-policy", "x-content-type-options"})
