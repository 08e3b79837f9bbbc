"""WAF006: a web ACL of the wrong scope."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.acl_references import AclReference, acl_reference
from validator.graph.edge.association_targets import association_target
from validator.graph.edge.coverage import ASSOCIATION, scope_for
from validator.graph.edge.distributions import DISTRIBUTION, distribution_acl
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class WebAclOfWrongScope(Rule):
    """A web ACL whose scope does not fit what it is put on.

    ## What it proves
    A distribution or an Amplify app has a web ACL of scope CLOUDFRONT, everything else one of scope REGIONAL.

    ## Why it matters
    AWS refuses the other pairing: the resource stays without a web ACL, or the deployment fails.

    ## How to fix
    Make a web ACL of the right scope. Those of scope CLOUDFRONT live in us-east-1, in a stack of their own.

    ## What it cannot see
    The scope of a web ACL that a parameter or an import names.

    ## References
    AWS WAF Developer Guide: *Resources that you can protect with AWS WAF*; Amplify User Guide: *Firewall*.
    """

    meta = RuleMeta(
        id="WAF006",
        title="A web ACL has the wrong scope for what it is put on",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="AWS refuses the pairing, so nothing is protected.",
        subjects=(ASSOCIATION, DISTRIBUTION),
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",),
    )
    examples = (
        Example.fails(
            "a regional ACL on a distribution",
            """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Acl.Arn  # <- finding
""",
        ),
        Example.passes(
            "an Amplify app takes scope CLOUDFRONT",
            """\
Resources:
  App:
    Type: AWS::Amplify::App
    Properties: {Name: site}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !GetAtt App.Arn, WebACLArn: !GetAtt Acl.Arn}
""",
        ),
        Example.unknown(
            "an imported ACL",
            """\
Resources:
  App:
    Type: AWS::Amplify::App
    Properties: {Name: site}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !GetAtt App.Arn
      WebACLArn: !ImportValue acl  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each pairing of a web ACL and what it is put on."""
        if subject.type == DISTRIBUTION:
            named = distribution_acl(graph, subject)
            step = subject.states("is a distribution")
            yield from self._pair(subject, named, "CLOUDFRONT", step)
            return
        target = association_target(graph, subject)
        if target.type:
            named = acl_reference(graph, subject.prop("WebACLArn"))
            step = Evidence(subject.name, f"names {target.statement}", target.span)
            yield from self._pair(subject, named, scope_for(target.type), step)

    def _pair(self, subject: Resource, named: AclReference, needed: str, step: Evidence) -> Iterator[Judgement]:
        steps = (step, Evidence(subject.name, f"names {named.statement}", named.span))
        if named.scope == needed:
            message = f"{subject.name} names a web ACL of scope {needed}, as it needs"
            yield self.passes(subject, message, evidence=steps, at=named.span)
        elif named.scope is not None:
            message = f"{subject.name} names a web ACL of scope {named.scope}, where {needed} is needed"
            fix = f"name a web ACL with Scope: {needed} in {subject.name}"
            yield self.fails(subject, message, evidence=steps, fix=fix, at=named.span)
        elif named.covers(needed):
            missing = named.missing or Missing(
                f"the scope of {named.statement} is not shown", "write Scope on it", f"scope:{subject.name}"
            )
            message = f"{subject.name} names a web ACL whose scope is not shown: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), evidence=steps, at=named.span)
