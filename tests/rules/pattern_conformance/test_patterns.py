"""Each reference stack follows its own pattern with a full table; what is taken away is missing."""

from pathlib import Path

import pytest

from tests.harness import findings, rule_of, verdicts
from tests.mutations.edits import drop, remove
from tests.mutations.mutation import good_template
from tests.properties.rewriting import as_json
from validator.expand import expand
from validator.graph import Architecture
from validator.load import load_document
from validator.resolve import Environment, Evaluation, Scope
from validator.rulekit import run_rules

PATTERNS = ("PATTERN001", "PATTERN002", "PATTERN003", "PATTERN004", "PATTERN005")
STACKS = {
    "mobile_backend": ("PATTERN001", "BackendApi", 11),
    "single_page_app": ("PATTERN002", "SpaApi", 13),
    "web_app": ("PATTERN003", "WebApi", 8),
    "lambda_in_vpc": ("PATTERN005", "OrdersFunction", 8),
}
MICROSERVICES = Path(__file__).resolve().parents[3] / "reference_stacks" / "microservices"


@pytest.mark.parametrize("stack", STACKS)
def test_a_reference_stack_follows_its_own_pattern_with_every_component(stack: str) -> None:
    rule, central, components = STACKS[stack]
    text = as_json(good_template(stack))

    found = findings(text, rule)

    assert {(finding.resource, finding.verdict.value) for finding in found} == {(central, "pass")}
    assert len(found) == components
    assert all(finding.target.startswith("component: ") and finding.evidence for finding in found)
    assert [finding.rule for other in PATTERNS if other != rule for finding in findings(text, other)] == []


@pytest.mark.parametrize("service", ["shows", "tickets", "payments", "platform", "domain"])
def test_one_service_alone_is_no_workload_of_a_pattern(service: str) -> None:
    text = (MICROSERVICES / service / "template.yaml").read_text(encoding="utf-8")

    assert [finding.message for rule in PATTERNS for finding in findings(text, rule)] == []


@pytest.mark.parametrize(
    ("stack", "taken", "component"),
    [
        ("mobile_backend", "AppClient", "app client"),
        ("web_app", "AppClient", "app client"),
    ],
)
def test_what_is_taken_away_is_missing(stack: str, taken: str, component: str) -> None:
    rule, central, _ = STACKS[stack]

    after = verdicts(as_json(remove(taken)(good_template(stack))), rule)

    assert {key for key, verdict in after.items() if verdict != "pass"} == {(central, f"component: {component}")}
    assert after[central, f"component: {component}"] == "fail"


def test_an_origin_without_access_control_is_a_missing_component() -> None:
    edit = drop("Distribution", "DistributionConfig Origins 0 OriginAccessControlId")

    after = verdicts(as_json(edit(good_template("single_page_app"))), "PATTERN002")

    assert [key[1] for key, verdict in after.items() if verdict == "fail"] == ["component: origin access control"]


NO_STORE = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Hello:
    Type: AWS::Serverless::Function
    Properties: {Events: {Get: {Type: Api, Properties: {Path: /hello, Method: get}}}}
"""


def test_an_api_whose_functions_keep_nothing_follows_no_pattern() -> None:
    assert [finding.message for rule in PATTERNS for finding in findings(NO_STORE, rule)] == []


def test_the_services_of_several_stacks_are_one_workload_of_microservices() -> None:
    evaluation = Evaluation()
    scopes = []
    for path in sorted(MICROSERVICES.glob("*/template.yaml")):
        expanded = expand(load_document(path.read_bytes(), path.name), root=path.parent, file=path, parameters={})
        scopes.append(Scope(path.parent.name, expanded, Environment({}, pseudo={}), evaluation))
    graph = Architecture(scopes, evaluation)

    result = run_rules([rule_of(rule) for rule in PATTERNS], graph)

    assert result.diagnostics == ()
    assert {(finding.rule, finding.resource, finding.verdict.value) for finding in result.findings} == {
        ("PATTERN004", "PaymentsApi", "pass")
    }
    assert len(result.findings) == 8


def test_a_refused_api_is_no_workload() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Nonsense: true}}
"""
    assert [finding.message for rule in PATTERNS for finding in findings(template, rule)] == []
