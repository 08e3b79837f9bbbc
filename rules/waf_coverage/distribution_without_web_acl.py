"""WAF002: a CloudFront distribution without a web ACL."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.acl_references import AclKind, AclReference
from validator.graph.edge.distributions import DISTRIBUTION, TENANT, distribution_acl, tenant_acl, tenants_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class DistributionWithoutWebAcl(Rule):
    """A CloudFront distribution that no web ACL covers.

    ## What it proves
    Every enabled distribution has a `WebACLId` with the ARN of a version 2 web ACL of scope CLOUDFRONT, and no
    tenant of a multi-tenant distribution switches it off.

    ## Why it matters
    The distribution is the presentation tier's front door. What it lets through reaches the site's bucket and
    the APIs behind it.

    ## How to fix
    Set `WebACLId` to `Fn::GetAtt Acl.Arn` of a web ACL with `Scope: CLOUDFRONT` (which lives in us-east-1), or
    to its imported ARN.

    ## What it cannot see
    What a web ACL that is defined elsewhere contains (see WAF005), and web ACLs set in the console.

    ## References
    CloudFront Developer Guide: *Using AWS WAF to control access to your content*.
    """

    meta = RuleMeta(
        id="WAF002",
        title="A CloudFront distribution has no web ACL",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="Requests from the Internet pass the front door unfiltered.",
        subjects=(DISTRIBUTION, TENANT),
        lens=("SEC1.a3", "SEC2.a2"),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html",
        ),
    )
    examples = (
        Example.fails(
            "Ref of a web ACL is not its ARN",
            """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !Ref Acl  # <- finding
""",
        ),
        Example.passes(
            "the web ACL's ARN",
            """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Acl.Arn
""",
        ),
        Example.unknown(
            "a text that is no ARN",
            """\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: the-company-acl  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each distribution and each tenant with a setting of its own."""
        if subject.type == TENANT:
            named = tenant_acl(graph, subject)
            if named is not None:
                yield self._verdict(subject, named, "Customizations", "WebAcl")
            return
        if subject.prop("DistributionConfig", "Enabled").boolean() is False:
            yield self.passes(subject, f"{subject.name} is disabled, so it answers nobody")
            return
        named = distribution_acl(graph, subject)
        if named.kind is AclKind.NONE and self._tenants_bring_their_own(subject, graph):
            message = f"{subject.name} serves tenants only, and each has a web ACL of its own"
            yield self.passes(subject, message, evidence=(subject.states("is for tenants only"),))
            return
        yield self._verdict(subject, named, "DistributionConfig", "WebACLId")

    def _tenants_bring_their_own(self, subject: Resource, graph: Architecture) -> bool:
        if subject.prop("DistributionConfig", "ConnectionMode").literal != "tenant-only":
            return False
        own = [tenant_acl(graph, tenant) for tenant in tenants_of(graph, subject)]
        return bool(own) and all(named is not None and named.covers("CLOUDFRONT") for named in own)

    def _verdict(self, subject: Resource, named: AclReference, *path: str) -> Judgement:
        at = subject.property_span(path[0]) if named.kind is AclKind.NONE else named.span
        if named.kind is AclKind.NONE and subject.type == DISTRIBUTION:
            at = subject.span
        step = Evidence(subject.name, f"names {named.statement}", at)
        if named.kind is AclKind.UNDECIDED:
            assert named.missing is not None
            message = f"{subject.name} has a web ACL that is not decided: {named.missing.what}"
            return self.unknown(subject, message, missing=(named.missing,), evidence=(step,), at=at)
        if named.covers("CLOUDFRONT"):
            message = f"{subject.name} is covered by {named.statement}"
            return self.passes(subject, message, evidence=(step,), at=at)
        fix = f"set {'.'.join(path)} of {subject.name} to the ARN of a web ACL with Scope: CLOUDFRONT"
        message = f"{subject.name} has no web ACL"
        if named.kind is AclKind.WRONG:
            message = f"{message}: it names {named.statement}"
        elif named.scope is not None:
            message = f"{message} that fits: it names one of scope {named.scope}"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at)
