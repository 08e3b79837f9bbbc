"""A macro over the whole template may add what is not written: absence proves nothing then."""

import pytest

from tests.harness import verdicts

MACRO = "Transform: [AddEverything]\n"
TEMPLATES = {
    "AUTH001": "  Get:\n    Type: AWS::ApiGateway::Method\n    Properties: {RestApiId: a, HttpMethod: GET}\n",
    "WAF001": "  Live:\n    Type: AWS::ApiGateway::Stage\n    Properties: {RestApiId: a, StageName: prod}\n",
    "WAF002": "  Site:\n    Type: AWS::CloudFront::Distribution\n    Properties: {DistributionConfig: {}}\n",
    "WAF003": "  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {ProtocolType: HTTP}\n",
    "WAF004": "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties: {Subnets: [a]}\n",
}


@pytest.mark.parametrize("rule", TEMPLATES)
def test_absence_is_unknown_under_a_macro(rule) -> None:
    template = "Resources:\n" + TEMPLATES[rule]
    assert set(verdicts(template, rule).values()) == {"fail"}
    assert set(verdicts(MACRO + template, rule).values()) == {"unknown"}


def test_what_is_written_stays_decided() -> None:
    written = TEMPLATES["AUTH001"].replace("HttpMethod: GET", "HttpMethod: GET, AuthorizationType: NONE")
    assert set(verdicts(f"{MACRO}Resources:\n{written}", "AUTH001").values()) == {"fail"}
