"""WAF005: a web ACL that protects nothing."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.acl_references import WEB_ACL, AclKind, AclReference, acl_reference
from validator.graph.edge.association_targets import TargetKind, association_target
from validator.graph.edge.coverage import ASSOCIATION
from validator.graph.edge.distributions import DISTRIBUTION, distribution_acl
from validator.graph.edge.web_acl_content import effect
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class WebAclThatProtectsNothing(Rule):
    """A web ACL that stops no request, or an association with something that is not there.

    ## What it proves
    Every web ACL of the run can stop a request: it blocks by default, or a rule blocks, challenges or applies
    a rule group. Every association names a resource that takes one, and a web ACL by its ARN.

    ## Why it matters
    An ACL that only counts, or one that is associated with a stage that does not exist, looks like protection
    in a list and is none.

    ## How to fix
    Give the ACL a rule that blocks (a managed rule group with `OverrideAction: {None: {}}`), or name the stage
    as it is called: `${Api}` and the stage's exact name.

    ## What it cannot see
    The content of web ACLs and rule groups that are defined elsewhere.

    ## References
    AWS WAF Developer Guide: *Using web ACLs in AWS WAF*; AWS WAF API: *AssociateWebACL*.
    """

    meta = RuleMeta(
        id="WAF005",
        title="A web ACL protects nothing",
        category=Category.WAF_COVERAGE,
        severity=Severity.MEDIUM,
        why="It looks like protection and lets everything through.",
        subjects=(WEB_ACL, ASSOCIATION, DISTRIBUTION),
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html",),
    )
    examples = (
        Example.fails(
            "no rules and default allow",
            """\
Resources:
  Acl:  # <- finding
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Allow: {}}}
""",
        ),
        Example.passes(
            "a managed rule group",
            """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      Rules:
        - Name: common
          Priority: 1
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}
""",
        ),
        Example.unknown(
            "a rule group from elsewhere",
            """\
Parameters:
  GroupArn: {Type: String}
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      Rules:
        - Name: company  # <- finding
          Priority: 1
          OverrideAction: {None: {}}
          Statement: {RuleGroupReferenceStatement: {Arn: !Ref GroupArn}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on each web ACL's content and on both ends of each association."""
        if subject.type == WEB_ACL:
            yield self._content(subject, graph)
            return
        if subject.type == DISTRIBUTION:
            named = distribution_acl(graph, subject)
            if named.kind is AclKind.ELSEWHERE:
                yield self._elsewhere(subject, named, "its web ACL")
            return
        yield from self._resource_end(subject, graph)
        yield from self._acl_end(subject, graph)

    def _content(self, subject: Resource, graph: Architecture) -> Judgement:
        found = effect(graph, subject)
        step = Evidence(subject.name, found.statement, found.span)
        if found.stops is None and found.missing is not None:
            message = f"{subject.name} may protect nothing: {found.statement}"
            return self.unknown(subject, message, missing=(found.missing,), evidence=(step,), at=found.span)
        if found.stops:
            return self.passes(subject, f"{subject.name} can stop requests: {found.statement}", evidence=(step,))
        message = f"{subject.name} protects nothing: {found.statement}"
        fix = f"give {subject.name} a rule that blocks, or a managed rule group with OverrideAction: {{None: {{}}}}"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=found.span)

    def _resource_end(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        found = association_target(graph, subject)
        step = Evidence(subject.name, f"names {found.statement}", found.span)
        target = "its resource"
        if found.kind is TargetKind.WRONG:
            message = f"{subject.name} is an association with nothing: it names {found.statement}"
            fix = f"set ResourceArn of {subject.name} to the ARN of what the web ACL is to protect"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=found.span, target=target)
        elif found.kind is TargetKind.UNDECIDED and found.missing is not None:
            message = f"{subject.name} names a resource that is not decided: {found.missing.what}"
            yield self.unknown(
                subject, message, missing=(found.missing,), evidence=(step,), at=found.span, target=target
            )
        else:
            message = f"{subject.name} names {found.statement}"
            yield self.passes(subject, message, evidence=(step,), at=found.span, target=target)

    def _acl_end(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        named = acl_reference(graph, subject.prop("WebACLArn"))
        step = Evidence(subject.name, f"names {named.statement}", named.span)
        target = "its web ACL"
        if named.kind in (AclKind.WRONG, AclKind.NONE):
            message = f"{subject.name} is an association with nothing: it names {named.statement}"
            fix = f"set WebACLArn of {subject.name} to Fn::GetAtt Arn of a web ACL"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=named.span, target=target)
        elif named.kind is not AclKind.HERE:
            yield self._elsewhere(subject, named, target)
        else:
            message = f"{subject.name} names {named.statement}"
            yield self.passes(subject, message, evidence=(step,), at=named.span, target=target)

    def _elsewhere(self, subject: Resource, named: AclReference, target: str) -> Judgement:
        what = f"the content of {named.statement} is not in the run"
        missing = named.missing or Missing(what, "add the template that has it", f"web-acl:{subject.name}")
        message = f"{subject.name} names a web ACL whose content is not shown: {missing.what}"
        step = Evidence(subject.name, f"names {named.statement}", named.span)
        return self.unknown(subject, message, missing=(missing,), evidence=(step,), at=named.span, target=target)
