"""FUNC090: code signing and GuardDuty, judged only where a template declares them."""

import pytest

from rules.function_operations.run_time_protection_switched_off import RunTimeProtectionSwitchedOff
from tests.harness import verdicts

SIGNING = (
    "Resources:\n  Code:\n    Type: AWS::Lambda::CodeSigningConfig\n    Properties: {AllowedPublishers: {} MORE}\n"
)
DETECTOR = "Resources:\n  Guard:\n    Type: AWS::GuardDuty::Detector\n    Properties: {Enable: ENABLED MORE}\n"
FEATURE = ", Features: [{Name: NAME, Status: STATUS}]"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "fail"),
        (", CodeSigningPolicies: {UntrustedArtifactOnDeployment: Warn}", "fail"),
        (", CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}", "pass"),
        (", CodeSigningPolicies: {UntrustedArtifactOnDeployment: !ImportValue policy}", "unknown"),
    ],
)
def test_code_signing(more, expected) -> None:
    assert verdicts(SIGNING.replace(" MORE", more), RunTimeProtectionSwitchedOff) == {("Code", ""): expected}


@pytest.mark.parametrize(
    ("enabled", "name", "status", "expected"),
    [
        ("true", "LAMBDA_NETWORK_LOGS", "ENABLED", {("Guard", ""): "pass"}),
        ("true", "LAMBDA_NETWORK_LOGS", "DISABLED", {("Guard", ""): "fail"}),
        ("false", "LAMBDA_NETWORK_LOGS", "ENABLED", {("Guard", ""): "fail"}),
        ("true", "S3_DATA_EVENTS", "ENABLED", {}),
    ],
)
def test_detector(enabled, name, status, expected) -> None:
    feature = FEATURE.replace("NAME", name).replace("STATUS", status)
    template = DETECTOR.replace("ENABLED MORE", f"{enabled}{feature}")
    assert verdicts(template, RunTimeProtectionSwitchedOff) == expected
