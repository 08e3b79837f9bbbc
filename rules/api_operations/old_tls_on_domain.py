"""API012: a custom domain that takes TLS older than 1.2."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_REST, _V2 = "AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName"
_OLD = "TLS_1_0"
_DOMAIN = """\
Parameters:
  Policy: {Type: String}
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      RegionalCertificateArn: !ImportValue certificate
      EndpointConfiguration: {Types: [REGIONAL]}
      SecurityPolicy: POLICY
"""


class OldTlsOnDomain(Rule):
    """A custom domain of an API that takes TLS 1.0.

    ## What it proves
    The security policy of every custom domain is `TLS_1_2` or one of the newer `SecurityPolicy_…`, all of which
    begin at TLS 1.2 or 1.3.

    ## Why it matters
    TLS 1.0 and 1.1 have known weaknesses; a client can be made to fall back to them where the server takes them.

    ## How to fix
    Set `SecurityPolicy: TLS_1_2` on the domain (SAM: `Domain.SecurityPolicy`).

    ## What it cannot see
    AWS does not document what a REST domain gets without a policy: *unknown*. HTTP and WebSocket domains take
    TLS 1.2 only. The API's own address (`execute-api`) has a policy of AWS's.

    ## References
    API Gateway Developer Guide: *Choose a security policy for your custom domain in API Gateway*.
    """

    meta = RuleMeta(
        id="API012",
        title="A custom domain takes old TLS",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="A client can be made to fall back to a version of TLS with known weaknesses.",
        subjects=(_REST, _V2, "AWS::ApiGateway::DomainNameV2"),
        lens=("SEC1.a3",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("TLS 1.0", _DOMAIN.replace("POLICY", "TLS_1_0  # <- finding")),
        Example.passes("TLS 1.2", _DOMAIN.replace("POLICY", "TLS_1_2")),
        Example.unknown("an input decides", _DOMAIN.replace("POLICY", "!Ref Policy  # <- finding")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each custom domain; one for each configuration of an HTTP domain."""
        if subject.type == _V2:
            for number, item in enumerate(subject.prop("DomainNameConfigurations").items(), 1):
                yield self._policy(subject, item.get("SecurityPolicy"), "TLS_1_2", f"configuration {number}")
            return
        default = None if subject.type == _REST else "TLS_1_2"
        yield self._policy(subject, subject.prop("SecurityPolicy"), default, "")

    def _policy(self, subject: Resource, written: Value, default: str | None, target: str) -> Judgement:
        at = subject.span if written.is_absent else written.span
        policy = default if written.is_absent else written.literal
        if policy is None:
            missing = written.missing or Missing(
                "AWS does not document the security policy of a domain that names none",
                "write SecurityPolicy: TLS_1_2",
                f"tls:{subject.name}",
            )
            message = f"{subject.name} may take old TLS: {missing.what}"
            return self.unknown(subject, message, missing=(missing,), at=at, target=target, fix=_fix(subject))
        if policy == _OLD or not policy.startswith(("TLS_1_2", "SecurityPolicy_TLS")):
            step = subject.states(f"has the security policy {policy}", at)
            message = f"{subject.name} takes TLS older than 1.2: its security policy is {policy}"
            return self.fails(subject, message, evidence=(step,), fix=_fix(subject), at=at, target=target)
        how = "by default" if written.is_absent else f"by {policy}"
        step = subject.states(f"takes no TLS older than 1.2, {how}", at)
        message = f"{subject.name} takes no TLS older than 1.2"
        return self.passes(subject, message, evidence=(step,), at=at, target=target)


def _fix(subject: Resource) -> str:
    if subject.origin.resource_type.startswith("AWS::Serverless::"):
        return f"set Domain.SecurityPolicy on {subject.name} (Domain: {{SecurityPolicy: TLS_1_2}})"
    return f"set SecurityPolicy on {subject.name} (SecurityPolicy: TLS_1_2)"
