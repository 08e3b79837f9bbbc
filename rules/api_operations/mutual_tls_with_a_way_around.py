"""API014: an API that demands client certificates on one way in and not on another."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http, rest
from validator.graph.apis.domains import default_endpoint, doors_of
from validator.graph.apis.openapi import api_label
from validator.graph.apis.rest import Endpoint, endpoint_type
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Parameters:
  Closed: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets, DisableExecuteApiEndpoint: CLOSED}MARK
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      RegionalCertificateArn: !ImportValue certificate
      EndpointConfiguration: {Types: [REGIONAL]}
      MutualTlsAuthentication: {TruststoreUri: s3://trust/store.pem}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref Domain, RestApiId: !Ref Api}
"""


class MutualTlsWithAWayAround(Rule):
    """An API behind a domain with mutual TLS that also answers callers without a certificate.

    ## What it proves
    Where one custom domain of an API demands client certificates, its default endpoint is disabled and every other
    domain that leads to the API demands them too.

    ## Why it matters
    Mutual TLS belongs to the domain, not to the API. Whoever calls another address of the API shows no certificate.

    ## How to fix
    Set `DisableExecuteApiEndpoint: true` on the API, and `MutualTlsAuthentication` on its other domains.

    ## What it cannot see
    Domains that are mapped in other templates.

    ## References
    API Gateway Developer Guide: *Mutual TLS authentication for REST APIs*, *Disable the default endpoint*.
    """

    meta = RuleMeta(
        id="API014",
        title="Mutual TLS can be gone around",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="Callers without a certificate reach the API by another address.",
        subjects=(rest.REST_API, http.API),
        lens=("SEC1.a3", "SEC1.a1"),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the default endpoint answers",
            _TEMPLATE.replace("CLOSED", "false").replace("MARK", "  # <- finding"),
            target="default endpoint",
        ),
        Example.passes("the default endpoint is disabled", _TEMPLATE.replace("CLOSED", "true").replace("MARK", "")),
        Example.unknown(
            "an input decides", _TEMPLATE.replace("CLOSED", "!Ref Closed").replace("MARK", "  # <- finding")
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Verdicts on each way in to an API with mutual TLS; none for other APIs."""
        doors = doors_of(graph, subject)
        closed = [door for door in doors if door.mutual_tls]
        if not closed:
            return
        lead = closed[0].mapping.states("leads to it from a domain with mutual TLS", closed[0].span)
        label = api_label(subject)
        endpoint = default_endpoint(subject)
        private = subject.type == rest.REST_API and endpoint_type(subject).endpoint is Endpoint.PRIVATE
        target = "default endpoint"
        if endpoint.disabled or private:
            step = subject.states("answers nobody by its default endpoint", endpoint.span)
            message = f"{subject.name} has mutual TLS and answers nobody from the Internet by its default endpoint"
            yield self.passes(subject, message, evidence=(lead, step), at=endpoint.span, target=target)
        elif endpoint.disabled is None and endpoint.missing is not None:
            message = f"{subject.name} may answer by its default endpoint: {endpoint.missing.what}"
            yield self.unknown(
                subject, message, missing=(endpoint.missing,), evidence=(lead,), at=endpoint.span, target=target
            )
        else:
            step = subject.states("answers by its default endpoint too", endpoint.span)
            message = f"{subject.name} can be called without a certificate: the default endpoint of {label} answers"
            fix = f"set DisableExecuteApiEndpoint on {subject.name} (DisableExecuteApiEndpoint: true)"
            yield self.fails(subject, message, evidence=(lead, step), fix=fix, at=endpoint.span, target=target)
        for door in doors:
            if door.mutual_tls or door.is_private or door.domain is None:
                continue
            step = door.domain.states("leads to it without mutual TLS", door.span)
            message = f"{subject.name} can be called without a certificate through {door.domain.name}"
            fix = f"set MutualTlsAuthentication on {door.domain.name} (TruststoreUri: s3://bucket/store.pem)"
            yield self.fails(subject, message, evidence=(lead, step), fix=fix, target=f"domain {door.domain.name}")
