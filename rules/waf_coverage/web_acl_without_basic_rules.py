"""WAF007: a web ACL without rate limit, managed rules or logging."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.acl_references import WEB_ACL
from validator.graph.edge.web_acl_content import equipment
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class WebAclWithoutBasicRules(Rule):
    """A web ACL that lacks a rate-based rule, managed rules or logging.

    ## What it proves
    The web ACL limits the rate of single sources, applies managed rules, and writes what it did to a log.

    ## Why it matters
    The three answer the usual attacks: floods, known exploits, and the question afterwards what happened.

    ## How to fix
    Add a rule with `RateBasedStatement`, one with `ManagedRuleGroupStatement`
    (`AWSManagedRulesCommonRuleSet`), and an `AWS::WAFv2::LoggingConfiguration` that names the ACL.

    ## What it cannot see
    Rule groups that are defined elsewhere: *unknown* where only they could hold what lacks.

    ## References
    AWS WAF Developer Guide: *AWS Managed Rules rule groups list*, *Rate-based rule statement*, *Logging*.
    """

    meta = RuleMeta(
        id="WAF007",
        title="A web ACL lacks a rate limit, managed rules or logging",
        category=Category.WAF_COVERAGE,
        severity=Severity.LOW,
        why="Floods and known exploits pass, or nobody sees afterwards what happened.",
        subjects=(WEB_ACL,),
        lens=("SEC1.a3", "REL1.a1"),
        references=("https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html",),
    )
    examples = (
        Example.fails(
            "managed rules only",
            """\
Resources:
  Acl:  # <- finding
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      Rules:
        - Name: common
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}
""",
        ),
        Example.passes(
            "all three",
            """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      Rules:
        - Name: rate
          Action: {Block: {}}
          Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}
        - Name: common
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}
  Log:
    Type: AWS::WAFv2::LoggingConfiguration
    Properties: {ResourceArn: !GetAtt Acl.Arn, LogDestinationConfigs: [arn:log]}
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
        - Name: company
          OverrideAction: {None: {}}
          Statement: {RuleGroupReferenceStatement: {Arn: !Ref GroupArn}}
  Log:
    Type: AWS::WAFv2::LoggingConfiguration
    Properties: {ResourceArn: !GetAtt Acl.Arn, LogDestinationConfigs: [arn:log]}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each web ACL."""
        found = equipment(graph, subject)
        content = [
            *([] if found.rate_based else ["rate-based rule"]),
            *([] if found.managed else ["managed rules"]),
        ]
        if found.missing is not None and content and found.logged:
            message = f"{subject.name} may have no {' and no '.join(content)}: {found.missing.what}"
            yield self.unknown(subject, message, missing=(found.missing,))
            return
        lacking = [*(content if found.missing is None else []), *([] if found.logged else ["logging"])]
        if not lacking:
            yield self.passes(subject, f"{subject.name} has a rate limit, managed rules and a log")
            return
        step = Evidence(subject.name, f"has no {' and no '.join(lacking)}", subject.span)
        message = f"{subject.name} has no {' and no '.join(lacking)}"
        fix = f"add {', '.join(lacking)} to {subject.name}"
        yield self.fails(subject, message, evidence=(step,), fix=fix)
