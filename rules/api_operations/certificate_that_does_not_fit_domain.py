"""API013: a custom domain whose certificate API Gateway refuses."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.edge.certificates import Fit, region_fit, uncovered_name
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_REST, _V2 = "AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName"
_DOMAIN = """\
Parameters:
  Certificate: {Type: String}
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      EndpointConfiguration: {Types: [EDGE]}
      CertificateArn: ARN
"""
_ARN = "arn:aws:acm:REGION:111122223333:certificate/0a1b2c3d"


class CertificateThatDoesNotFitDomain(Rule):
    """A custom domain without the certificate that its kind of endpoint takes, or with one of another Region or name.

    ## What it proves
    An edge-optimized domain has a `CertificateArn` of us-east-1; a Regional domain has a `RegionalCertificateArn`
    (HTTP and WebSocket: `CertificateArn`) of its own Region. A certificate of the run is for the domain's name.

    ## Why it matters
    API Gateway refuses the domain, and the deployment fails; with a name that does not fit, clients refuse it.

    ## How to fix
    Name a certificate of the right Region in the property of the endpoint's kind.

    ## What it cannot see
    The Region of the stack where the run is not told (`--region`): *unknown* where it matters. A Regional domain
    whose certificate a parameter names is not judged.

    ## References
    API Gateway Developer Guide: *Custom domain name for public REST APIs in API Gateway*.
    """

    meta = RuleMeta(
        id="API013",
        title="A custom domain has no certificate that fits",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="API Gateway refuses the domain, or clients refuse its certificate.",
        subjects=(_REST, _V2),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains-prerequisites.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a certificate of another Region for the edge",
            _DOMAIN.replace("ARN", f"{_ARN.replace('REGION', 'eu-west-1')}  # <- finding"),
        ),
        Example.passes("a certificate of us-east-1", _DOMAIN.replace("ARN", _ARN.replace("REGION", "us-east-1"))),
        Example.unknown("a parameter names it", _DOMAIN.replace("ARN", "!Ref Certificate  # <- finding")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each domain; one for each configuration of an HTTP domain."""
        if subject.type == _V2:
            for number, item in enumerate(subject.prop("DomainNameConfigurations").items(), 1):
                target = f"configuration {number}"
                yield from self._certificate(subject, item.get("CertificateArn"), target, graph)
            return
        types = subject.prop("EndpointConfiguration", "Types")
        undecided = types.missing or next((one.missing for one in types.items() if one.missing is not None), None)
        if undecided is not None:
            message = f"{subject.name} has an endpoint type that is not decided: {undecided.what}"
            yield self.unknown(subject, message, missing=(undecided,), at=types.span)
            return
        edge = types.is_absent or any(one.literal == "EDGE" for one in types.items())
        wanted, other = ("CertificateArn", "RegionalCertificateArn")[:: 1 if edge else -1]
        written = subject.prop(wanted)
        if written.is_absent and not subject.prop(other).is_absent:
            yield self._wrong_kind(subject, wanted, other, edge=edge)
        else:
            yield from self._certificate(subject, written, "", graph, edge=edge)

    def _wrong_kind(self, subject: Resource, wanted: str, other: str, *, edge: bool) -> Judgement:
        kind = "edge-optimized" if edge else "Regional"
        at = subject.prop(other).span
        step = subject.states(f"is {kind} and has {other} only", at)
        message = f"{subject.name} is {kind} and has no {wanted}, only a {other}"
        fix = f"set {wanted} on {subject.name} in the place of {other}, or change EndpointConfiguration.Types"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at)

    def _certificate(
        self, subject: Resource, written: Value, target: str, graph: Architecture, *, edge: bool = False
    ) -> Iterator[Judgement]:
        if written.is_absent:
            step = subject.states("names no certificate")
            message = f"{subject.name} has no certificate"
            fix = f"set {'RegionalCertificateArn' if not edge and not target else 'CertificateArn'} on {subject.name}"
            yield self.fails(subject, message, evidence=(step,), fix=fix, target=target)
            return
        fit = region_fit(graph, subject, written, edge=edge)
        lacking = uncovered_name(graph, written, (subject.prop("DomainName"),))
        if fit.holds is not False and lacking is not None:
            name, certificate = lacking
            statement = f"takes certificate {certificate.name}, which is not for {name.literal}"
            fit = Fit(False, statement, written.span)
        step = subject.states(fit.statement, fit.span)
        message = f"{subject.name} {fit.statement}"
        if fit.holds is None and fit.missing is not None:
            if edge or written.literal is not None:
                text = f"{message}: {fit.missing.what}"
                yield self.unknown(
                    subject, text, missing=(fit.missing,), evidence=(step,), at=fit.span, target=target
                )
            return
        if fit.holds:
            yield self.passes(subject, message, evidence=(step,), at=fit.span, target=target)
            return
        fix = f"name a certificate for {subject.name} that is for its name and in the Region it needs"
        yield self.fails(subject, message, evidence=(step,), fix=fix, at=fit.span, target=target)
