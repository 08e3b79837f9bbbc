"""EDGE009: a DNS record that leads to something which does not answer to its name."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.records import RECORD_TYPES, Record, Way, records_of, way_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Alias: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig: {Enabled: true, Aliases: [ALIAS]}
  Address:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneName: example.com.
      Name: shop.example.com
      Type: A
      AliasTarget: {DNSName: !GetAtt Site.DomainName, HostedZoneId: ZONE}MARK
"""


class RecordThatLeadsAstray(Rule):
    """A record of Route 53 whose target does not answer to the record's name, or not in that hosted zone.

    ## What it proves
    An alias to a distribution names the hosted zone of CloudFront (`Z2FDTNDATAQYW2`), one to a custom domain of an
    API the zone that belongs to its address; the name stands among the distribution's `Aliases`, or is the domain's.
    No record points at the `execute-api` address of an API, which answers to no other name. An alias to a bucket's
    website has the bucket's name.

    ## Why it matters
    Route 53 refuses the alias, or CloudFront and API Gateway answer everybody with 403. A name that leads to a bucket
    which is not there answers with what a stranger puts into a bucket of that name.

    ## How to fix
    Use `Z2FDTNDATAQYW2` for distributions, `RegionalHostedZoneId` beside `RegionalDomainName` for API domains, and
    add the name to `Aliases`.

    ## What it cannot see
    Targets outside the run, but for website endpoints of buckets: whose they are is *unknown*.

    ## References
    Route 53 API reference: *AliasTarget*; CloudFront Developer Guide: *Use custom URLs by adding alternate domain
    names*.
    """

    meta = RuleMeta(
        id="EDGE009",
        title="A DNS record leads to what does not answer to its name",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="The name answers with an error, or with what a stranger puts there.",
        subjects=RECORD_TYPES,
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the distribution has another alias",
            _TEMPLATE.replace("ALIAS", "www.example.com")
            .replace("ZONE", "Z2FDTNDATAQYW2")
            .replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "the distribution has the alias",
            _TEMPLATE.replace("ALIAS", "shop.example.com").replace("ZONE", "Z2FDTNDATAQYW2").replace("MARK", ""),
        ),
        Example.unknown(
            "an input decides the alias",
            _TEMPLATE.replace("ALIAS", "!Ref Alias")
            .replace("ZONE", "Z2FDTNDATAQYW2")
            .replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each record that leads to something the rule knows."""
        for record in records_of(subject):
            way = way_of(graph, record)
            if way is not None:
                yield self._record(record, way)

    def _record(self, record: Record, way: Way) -> Judgement:
        subject, target = record.source, record.target
        label = f"{subject.name} ({record.label})" if record.label else subject.name
        step = subject.states(way.statement, way.span)
        message = f"{label} {way.statement}"
        if way.holds is None and way.missing is not None:
            text = f"{message}: {way.missing.what}"
            return self.unknown(subject, text, missing=(way.missing,), evidence=(step,), at=way.span, target=target)
        if way.holds:
            return self.passes(subject, message, evidence=(step,), at=way.span, target=target)
        fix = f"{way.fix} ({subject.name})"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=way.span, target=target)
