"""What the configuration assumes to be private settles an unknown, and never overrules a template."""

import pytest

from tests.harness import rule_of, scope
from validator.graph import Architecture, Assumed
from validator.rulekit import run_rules

PARAMETER = "Parameters: {Outside: {Type: String}}\nResources:\n"
BALANCER = "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties: {%s}\n"
STAGE = "  Live:\n    Type: AWS::ApiGateway::Stage\n    Properties: {RestApiId: !Ref Outside, StageName: prod}\n"
METHOD = "  Get:\n    Type: AWS::ApiGateway::Method\n    Properties: {RestApiId: !Ref Outside, HttpMethod: GET}\n"


@pytest.mark.parametrize(
    ("rule", "resources", "without", "assumed"),
    [
        ("WAF004", BALANCER % "Scheme: !Ref Outside", "unknown", "pass"),
        ("WAF003", BALANCER % "Type: network, Scheme: !Ref Outside", "unknown", "pass"),
        ("WAF001", STAGE, "unknown", "pass"),
        ("AUTH001", METHOD, "unknown", "pass"),
        ("WAF004", BALANCER % "Scheme: internet-facing", "fail", "fail"),
    ],
)
def test_assumption(rule, resources, without, assumed) -> None:
    def verdict(assumptions: dict[str, Assumed]) -> tuple[str, list[str]]:
        stack = scope(PARAMETER + resources)
        graph = Architecture([stack], stack.evaluation, assumptions)
        (finding,) = run_rules([rule_of(rule)], graph).findings
        return finding.verdict.value, [step.relation for step in finding.evidence]

    assert verdict({})[0] == without
    found, relations = verdict({"parameter:Outside": Assumed("private", "behind the VPN")})
    assert found == assumed
    assert ("is private (assumed: behind the VPN)" in relations) == (assumed == "pass")
