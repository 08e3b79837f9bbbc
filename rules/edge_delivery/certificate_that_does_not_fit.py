"""EDGE004: a distribution whose names and certificate do not go together."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.certificates import region_fit, uncovered_name
from validator.graph.edge.distributions import DISTRIBUTION
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Certificate: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [shop.example.com]
        ViewerCertificate:
          AcmCertificateArn: ARN
          SslSupportMethod: sni-only
"""
_ARN = "arn:aws:acm:REGION:111122223333:certificate/0a1b2c3d"


class CertificateThatDoesNotFit(Rule):
    """A distribution with names of its own and without a certificate that CloudFront takes for them.

    ## What it proves
    A distribution with `Aliases` has a certificate; an ACM certificate is in us-east-1, wherever the stack is; a
    certificate that the run makes is for every alias.

    ## Why it matters
    CloudFront refuses the distribution otherwise, and the deployment fails at its slowest resource.

    ## How to fix
    Make the certificate in a stack in us-east-1 and pass its ARN on; name every alias in `DomainName` or
    `SubjectAlternativeNames`.

    ## What it cannot see
    The Region of a stack that the run is not told (`--region`) and that neither `Rules` nor a web ACL of scope
    CLOUDFRONT fixes; certificates that parameters name: *unknown*.

    ## References
    CloudFront Developer Guide: *Requirements for using SSL/TLS certificates with CloudFront*.
    """

    meta = RuleMeta(
        id="EDGE004",
        title="A distribution has no certificate that fits its names",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="CloudFront refuses the distribution, and the deployment fails.",
        subjects=(DISTRIBUTION,),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a certificate of another Region",
            _TEMPLATE.replace("ARN", f"{_ARN.replace('REGION', 'eu-central-1')}  # <- finding"),
        ),
        Example.passes("a certificate of us-east-1", _TEMPLATE.replace("ARN", _ARN.replace("REGION", "us-east-1"))),
        Example.unknown("a parameter names it", _TEMPLATE.replace("ARN", "!Ref Certificate  # <- finding")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each distribution with names or a certificate of its own."""
        config = subject.prop("DistributionConfig")
        names, certificate = config.get("Aliases"), config.get("ViewerCertificate", "AcmCertificateArn")
        other = config.get("ViewerCertificate", "IamCertificateId")
        if not certificate.is_absent and certificate.literal != "":
            yield self._certificate(subject, names, certificate, graph)
        elif other.is_absent and names.items() and names.missing is None:
            shown = ", ".join(str(one.literal or one) for one in names.items()[:3] if one.missing is None)
            step = subject.states(f"has Aliases {shown}".rstrip(), names.span)
            message = f"{subject.name} has names of its own ({shown or 'Aliases'}) and no certificate for them"
            snippet = "ViewerCertificate: {AcmCertificateArn: !Ref Certificate, SslSupportMethod: sni-only}"
            fix = f"set ViewerCertificate on {subject.name} ({snippet})"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=names.span)

    def _certificate(self, subject: Resource, names: Value, certificate: Value, graph: Architecture) -> Judgement:
        fit = region_fit(graph, subject, certificate, edge=True)
        lacking = uncovered_name(graph, certificate, names.items())
        if fit.holds is not False and lacking is not None:
            name, found = lacking
            step = subject.states(f"has the alias {name.literal}", name.span)
            steps = (step, found.states("is not for that name"))
            message = f"{subject.name} has the alias {name.literal}, which certificate {found.name} is not for"
            fix = f"add {name.literal} to SubjectAlternativeNames of {found.name}"
            return self.fails(subject, message, evidence=steps, fix=fix, at=name.span)
        step = subject.states(fit.statement, fit.span)
        message = f"{subject.name} {fit.statement}"
        if fit.holds is None and fit.missing is not None:
            text = f"{message}: {fit.missing.what}"
            return self.unknown(subject, text, missing=(fit.missing,), evidence=(step,), at=fit.span)
        if fit.holds:
            return self.passes(subject, message, evidence=(step,), at=fit.span)
        fix = f"name a certificate of us-east-1 in ViewerCertificate.AcmCertificateArn of {subject.name}"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=fit.span)
