"""WAF004: a public front other than a REST stage or a distribution without a web ACL."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.load_balancers import LOAD_BALANCER
from validator.graph.apis.outside_template import assumed_private
from validator.graph.edge.coverage import Protection, resource_protection
from validator.graph.edge.distributions import distribution_acl, fronts_of
from validator.graph.edge.exposure import COVERABLE, Exposure, demands_header, exposure
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class FrontWithoutWebAcl(Rule):
    """A load balancer, GraphQL API, user pool or other public front that no web ACL covers.

    ## What it proves
    Every internet-facing application load balancer, public AppSync API, Cognito user pool, App Runner service,
    Verified Access instance, Amplify app and AgentCore gateway is named by an association with a web ACL of
    the right scope. Internal load balancers and private APIs are exempt.

    ## Why it matters
    Each of these answers the Internet on HTTP, and each can have a web ACL.

    ## How to fix
    Add an `AWS::WAFv2::WebACLAssociation` with the resource's ARN. An Amplify app takes a web ACL of scope
    CLOUDFRONT, all others REGIONAL.

    ## What it cannot see
    Associations made in the console, by Firewall Manager or by custom resources outside the run.

    ## References
    AWS WAF Developer Guide: *Resources that you can protect with AWS WAF*.
    """

    meta = RuleMeta(
        id="WAF004",
        title="A public front has no web ACL",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="Requests from the Internet reach the service unfiltered.",
        subjects=COVERABLE,
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",),
    )
    examples = (
        Example.fails(
            "a load balancer without a scheme faces the Internet",
            """\
Resources:
  Balancer:  # <- finding
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [subnet-1, subnet-2]}
""",
        ),
        Example.passes(
            "an associated web ACL",
            """\
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [subnet-1, subnet-2]}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !Ref Balancer, WebACLArn: !ImportValue acl}
""",
        ),
        Example.unknown(
            "the scheme is a parameter",
            """\
Parameters:
  Scheme: {Type: String}
Resources:
  Balancer:  # <- finding
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [subnet-1, subnet-2], Scheme: !Ref Scheme}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each front."""
        found = exposure(graph, subject)
        if found is None:
            return
        step = Evidence(subject.name, found.statement, found.span)
        if found.public is False:
            message = f"{subject.name} {found.statement}, so the Internet cannot call it"
            yield self.passes(subject, message, evidence=(step,), at=found.span)
            return
        protection = resource_protection(graph, subject)
        if protection.covered:
            message = f"{subject.name} is covered by {protection.statement}"
            yield self.passes(subject, message, evidence=(step, *protection.evidence))
        elif found.public is None and (assumed := assumed_private(graph, subject, found.missing)) is not None:
            message = f"{subject.name} is assumed to be private, so the Internet cannot call it"
            yield self.passes(subject, message, evidence=(assumed,))
        elif protection.covered is None or found.public is None:
            yield self._undecided(subject, found, protection)
        else:
            yield self._bare(subject, found, protection, graph)

    def _undecided(self, subject: Resource, found: Exposure, protection: Protection) -> Judgement:
        missing = [*protection.missing, *([found.missing] if found.missing is not None else [])]
        message = f"{subject.name} has a web ACL that is not decided: {missing[0].what}"
        return self.unknown(subject, message, missing=missing, evidence=protection.flaws)

    def _bare(self, subject: Resource, found: Exposure, protection: Protection, graph: Architecture) -> Judgement:
        step = Evidence(subject.name, found.statement, found.span)
        fronts = fronts_of(graph, subject) if subject.type == LOAD_BALANCER else ()
        covered = [front for front in fronts if distribution_acl(graph, front.distribution).covers("CLOUDFRONT")]
        sent = set.intersection(*(set(front.custom_headers) for front in fronts)) if fronts else set()
        if covered and len(covered) == len(fronts) and demands_header(graph, subject, sent):
            name = covered[0].distribution.name
            message = f"{subject.name} forwards only what carries a header of {name}, which has a web ACL"
            return self.passes(subject, message, evidence=(step, covered[0].distribution.states("leads to it")))
        message = f"{subject.name} {found.statement} and has no web ACL"
        if protection.flaws:
            message = f"{message}: {protection.flaws[0].resource} {protection.flaws[0].relation}"
        fix = f"associate a web ACL with {subject.name} (AWS::WAFv2::WebACLAssociation)"
        return self.fails(subject, message, evidence=(step, *protection.flaws), fix=fix, severity=found.severity)
