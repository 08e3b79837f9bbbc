"""EDGE002: a distribution that takes TLS older than 1.2 from people."""

import re
from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.distributions import DISTRIBUTION, is_enabled
from validator.model import Category, Missing, Severity, Span
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_MODERN = re.compile(r"TLSv1\.[23](_\d{4})?$")
_TEMPLATE = """\
Parameters:
  Oldest: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [shop.example.com]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d
          SslSupportMethod: sni-only
          MinimumProtocolVersion: OLDEST
"""


class OldTlsForViewers(Rule):
    """A distribution that takes TLS older than 1.2.

    ## What it proves
    An enabled distribution with a certificate of its own has a `MinimumProtocolVersion` of TLS 1.2 or later. With
    CloudFront's own certificate the oldest version is TLS 1.0 whatever is written: low, since it takes a name and a
    certificate of one's own to change it.

    ## Why it matters
    TLS 1.0 and 1.1 have known weaknesses; a client can be made to fall back to them where the server takes them.

    ## How to fix
    Set `ViewerCertificate.MinimumProtocolVersion: TLSv1.2_2021`, beside `AcmCertificateArn` and
    `SslSupportMethod: sni-only`.

    ## What it cannot see
    Which versions browsers really use.

    ## References
    CloudFront Developer Guide: *Supported protocols and ciphers between viewers and CloudFront*.
    """

    meta = RuleMeta(
        id="EDGE002",
        title="A distribution takes old TLS",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="A client can be made to fall back to a version of TLS with known weaknesses.",
        subjects=(DISTRIBUTION,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("TLS 1.0 with a certificate of its own", _TEMPLATE.replace("OLDEST", "TLSv1  # <- finding")),
        Example.passes("TLS 1.2", _TEMPLATE.replace("OLDEST", "TLSv1.2_2021")),
        Example.unknown("an input decides", _TEMPLATE.replace("OLDEST", "!Ref Oldest  # <- finding")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each enabled distribution."""
        if not is_enabled(subject):
            return
        certificate = subject.prop("DistributionConfig", "ViewerCertificate")
        if certificate.missing is not None:
            yield self._undecided(subject, certificate.missing)
            return
        own = [certificate.get(name) for name in ("AcmCertificateArn", "IamCertificateId")]
        if all(one.is_absent or one.literal == "" for one in own):
            yield self._of_cloudfront(subject)
            return
        oldest = certificate.get("MinimumProtocolVersion")
        at = certificate.span if oldest.is_absent else oldest.span
        if oldest.missing is not None:
            yield self._undecided(subject, oldest.missing, at)
            return
        version = oldest.literal or "TLSv1, the default"
        step = subject.states(f"takes {version} and later", at)
        if _MODERN.match(version):
            yield self.passes(subject, f"{subject.name} takes no TLS older than {version}", evidence=(step,), at=at)
            return
        message = f"{subject.name} takes TLS older than 1.2: its MinimumProtocolVersion is {version}"
        fix = f"set ViewerCertificate.MinimumProtocolVersion on {subject.name} (MinimumProtocolVersion: TLSv1.2_2021)"
        yield self.fails(subject, message, evidence=(step,), fix=fix, at=at)

    def _undecided(self, subject: Resource, missing: Missing, at: Span | None = None) -> Judgement:
        message = f"{subject.name} may take old TLS: {missing.what}"
        return self.unknown(subject, message, missing=(missing,), at=at or subject.span)

    def _of_cloudfront(self, subject: Resource) -> Judgement:
        step = subject.states("uses CloudFront's own certificate")
        message = f"{subject.name} takes TLS 1.0, as every distribution does with CloudFront's own certificate"
        fix = (
            f"set Aliases and ViewerCertificate on {subject.name} (ViewerCertificate: {{AcmCertificateArn: …, "
            "SslSupportMethod: sni-only, MinimumProtocolVersion: TLSv1.2_2021})"
        )
        return self.fails(subject, message, evidence=(step,), fix=fix, severity=Severity.LOW)
