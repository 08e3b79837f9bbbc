"""EDGE008: a site that answers its own address with an error."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.behaviors import behaviors_of, buckets_of
from validator.graph.edge.distributions import DISTRIBUTION, is_enabled
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Root: {Type: AWS::SSM::Parameter::Value<String>}
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Site:MARK
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        ROOT
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
        Origins:
          - {Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, S3OriginConfig: {OriginAccessIdentity: ""}}
"""
_REWRITE = "FunctionAssociations: [{EventType: viewer-request, FunctionARN: !ImportValue rewrite}]"


class SiteWithoutRootObject(Rule):
    """A distribution of a bucket that has no default root object.

    ## What it proves
    An enabled distribution whose default behaviour leads to a bucket has a `DefaultRootObject`, or answers what the
    bucket refuses (403 or 404) with a page, as single-page applications do. Website endpoints have an index document
    of their own.

    ## Why it matters
    A request for the site's own address asks the bucket for nothing: it answers with an error, or with the list of
    its objects where the policy lets CloudFront list.

    ## How to fix
    Set `DistributionConfig.DefaultRootObject: index.html`, without a leading slash.

    ## What it cannot see
    What a function at the edge makes of the request: *unknown* where one runs. Buckets of downloads that have no
    front page: suppress it with that reason.

    ## References
    CloudFront Developer Guide: *Specify a default root object*; Security Hub control CloudFront.1.
    """

    meta = RuleMeta(
        id="EDGE008",
        title="A site has no default root object",
        category=Category.EDGE_DELIVERY,
        severity=Severity.LOW,
        why="The site's own address answers with an error or with the list of the bucket's objects.",
        subjects=(DISTRIBUTION,),
        lens=(),
        references=("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html",),
        since="0.2",
    )
    examples = (
        Example.fails("none", _TEMPLATE.replace("ROOT", "HttpVersion: http2").replace("MARK", "  # <- finding")),
        Example.passes("index.html", _TEMPLATE.replace("ROOT", "DefaultRootObject: index.html").replace("MARK", "")),
        Example.unknown(
            "a function may rewrite the request",
            _TEMPLATE.replace("        ROOT\n", "")
            .replace("MARK", "  # <- finding")
            .replace("https-only}", f"https-only, {_REWRITE}}}"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each enabled distribution of a bucket."""
        default = next((one for one in behaviors_of(graph, subject) if one.is_default), None)
        if default is None or not is_enabled(subject):
            return
        buckets = [one for one in buckets_of(graph, default) if not one.is_website_endpoint]
        if not buckets:
            return
        root = subject.prop("DistributionConfig", "DefaultRootObject")
        if not root.is_absent and root.literal != "" and not (root.literal or "").startswith("/"):
            step = subject.states("has a default root object", root.span)
            yield self.passes(subject, f"{subject.name} has a default root object", evidence=(step,), at=root.span)
            return
        page = _error_page(subject)
        if page is not None:
            step = subject.states("answers what the bucket refuses with a page", page.span)
            message = f"{subject.name} answers its own address with the page for errors of the bucket"
            yield self.passes(subject, message, evidence=(step,), at=page.span)
            return
        code = default.runs_code("viewer-request", "origin-request", "viewer-response", "origin-response")
        if code is not None:
            what = f"a function of {default.label} may answer for the site's own address"
            missing = code.missing or Missing(what, "read what the function does", f"edge-function:{subject.name}")
            message = f"{subject.name} may have nothing at its own address: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,))
            return
        at = subject.span if root.is_absent else root.span
        step = subject.states(f"leads to bucket {buckets[0].name}", buckets[0].value.span)
        how = "has no default root object" if root.is_absent or not root.literal else "has one with a leading slash"
        message = f"{subject.name} has nothing at its own address: it leads to bucket {buckets[0].name} and {how}"
        fix = f"set DistributionConfig.DefaultRootObject on {subject.name} (DefaultRootObject: index.html)"
        yield self.fails(subject, message, evidence=(step,), fix=fix, at=at)


def _error_page(distribution: Resource) -> Value | None:
    """The page that is answered where the bucket has nothing: it answers 403, or 404 to those who may list it."""
    for response in distribution.prop("DistributionConfig", "CustomErrorResponses").items():
        refused = response.get("ErrorCode").integer() in (403, 404)
        if refused and not response.get("ResponsePagePath").is_absent:
            return response
    return None
