"""EDGE006: a distribution whose requests are recorded nowhere."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis.outside_template import may_be_added
from validator.graph.edge.behaviors import behaviors_of
from validator.graph.edge.distributions import DISTRIBUTION, is_enabled
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

SOURCE: Final = "AWS::Logs::DeliverySource"
DELIVERY: Final = "AWS::Logs::Delivery"
_TEMPLATE = """\
Parameters:
  Place: {Type: AWS::SSM::Parameter::Value<String>}
Resources:
  Site:MARK
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        LOGGING
  Source:
    Type: AWS::Logs::DeliverySource
    Properties: {Name: site, LogType: ACCESS_LOGS, ResourceArn: !Sub "arn:aws:cloudfront::1:distribution/${SOURCE}"}
  Delivery:
    Type: AWS::Logs::Delivery
    Properties: {DeliverySourceName: !Ref Source, DeliveryDestinationArn: !ImportValue access-logs}
"""


class DistributionWithoutLog(Rule):
    """A distribution whose requests are recorded nowhere.

    ## What it proves
    An enabled distribution writes standard logs (`Logging.Bucket`), standard logs of version 2 (a delivery source of
    CloudWatch Logs that names it, with a delivery), or real-time logs on its default behaviour.

    ## Why it matters
    What the edge answers by itself, from its cache or by refusing, is seen by nothing behind it.

    ## How to fix
    Set `DistributionConfig.Logging`, or add an `AWS::Logs::DeliverySource` with its destination and delivery.

    ## What it cannot see
    Deliveries that are set in the console or by stacks outside the run. Requests are also sampled by the web ACL.

    ## References
    CloudFront Developer Guide: *Standard logging (access logs)*, *Configure standard logging (v2)*.
    """

    meta = RuleMeta(
        id="EDGE006",
        title="A distribution writes no access log",
        category=Category.EDGE_DELIVERY,
        severity=Severity.LOW,
        why="What the edge answers by itself is seen by nothing behind it.",
        subjects=(DISTRIBUTION,),
        lens=("OPS1.a4",),
        references=("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the delivery is for another distribution",
            _TEMPLATE.replace("SOURCE", "AWS::StackName")
            .replace("LOGGING", "HttpVersion: http2")
            .replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "standard logging of version 2",
            _TEMPLATE.replace("SOURCE", "Site").replace("LOGGING", "HttpVersion: http2").replace("MARK", ""),
        ),
        Example.unknown(
            "an input selects the settings",
            _TEMPLATE.replace("SOURCE", "AWS::StackName")
            .replace("LOGGING", "Logging: !FindInMap [Logs, !Ref Place, Settings]")
            .replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each enabled distribution."""
        if not is_enabled(subject):
            return
        found = _log(graph, subject)
        if found is not None:
            message = f"{subject.name} writes an access log: {found.resource} {found.relation}"
            yield self.passes(subject, message, evidence=(found,))
            return
        logging = subject.prop("DistributionConfig", "Logging")
        missing = logging.missing or may_be_added(subject, "logging")
        if missing is not None:
            message = f"{subject.name} may write no access log: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,))
            return
        step = subject.states("has no Logging, and no log delivery of this workload names it")
        fix = (
            f"set DistributionConfig.Logging on {subject.name} (Logging: {{Bucket: !GetAtt Logs.RegionalDomainName}})"
        )
        yield self.fails(subject, f"{subject.name} writes no access log", evidence=(step,), fix=fix)


def _log(graph: Architecture, distribution: Resource) -> Evidence | None:
    logging = distribution.prop("DistributionConfig", "Logging")
    bucket = logging.get("Bucket")
    named = logging.missing is None and not bucket.is_absent and bucket.literal != ""
    if named and logging.get("Enabled").boolean() is not False:
        return distribution.states("names a bucket for its log", bucket.span)
    for source in graph.referrers(distribution, SOURCE):
        deliveries = graph.referrers(source, DELIVERY) or _by_name(graph, source)
        if deliveries:
            return deliveries[0].states(f"delivers the logs of {source.name}")
    for behavior in behaviors_of(graph, distribution):
        real_time = behavior.value.get("RealtimeLogConfigArn")
        if behavior.is_default and not real_time.is_absent:
            return distribution.states("writes real-time logs of its default behavior", real_time.span)
    return None


def _by_name(graph: Architecture, source: Resource) -> tuple[Resource, ...]:
    name = source.prop("Name").literal
    deliveries = graph.declared(DELIVERY)
    same = (one for one in deliveries if name is not None and one.prop("DeliverySourceName").literal == name)
    return tuple(one for one in same if one.exists())
