"""The local AWS itself: what it is given, where it listens, whom it believes."""

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator.launcher.added_types import ADDED, PATCHED, REAL, STUBBED
from tests.reference_stacks.emulator.process import Emulator, listening_addresses
from tests.reference_stacks.emulator.stack import DeploymentError

ADDED_TYPES = {
    "AWS::Amplify::App": "stub: recorded",
    "AWS::Amplify::Branch": "stub: recorded",
    "AWS::Amplify::Domain": "stub: recorded",
    "AWS::ApplicationAutoScaling::ScalableTarget": "stub: recorded",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "stub: recorded",
    "AWS::Budgets::Budget": "stub: recorded",
    "AWS::CloudTrail::Trail": "stub: recorded",
    "AWS::CloudWatch::CompositeAlarm": "stub: recorded",
    "AWS::CodeDeploy::Application": "stub: recorded",
    "AWS::CodeDeploy::DeploymentGroup": "stub: recorded",
    "AWS::Cognito::ManagedLoginBranding": "stub: recorded",
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": "stub: recorded",
    "AWS::EC2::EIP": "real: allocated in EC2",
    "AWS::EC2::FlowLog": "real: created in EC2",
    "AWS::EC2::NatGateway": "real: created in EC2",
    "AWS::EC2::NetworkAcl": "real: created in EC2",
    "AWS::EC2::NetworkAclEntry": "real: created in EC2",
    "AWS::EC2::SecurityGroupEgress": "real: a rule of the group in EC2",
    "AWS::EC2::SecurityGroupIngress": "real: a rule of the group in EC2",
    "AWS::EC2::SubnetNetworkAclAssociation": "stub: recorded",
    "AWS::ElastiCache::ReplicationGroup": "patched: endpoints of the tests' Redis",
    "AWS::ElastiCache::ServerlessCache": "stub: endpoints of the tests' Redis, recorded otherwise",
    "AWS::RDS::DBCluster": "patched: endpoint, role and database in the tests' PostgreSQL; a managed secret",
    "AWS::RDS::DBInstance": "patched: endpoint, role and database in the tests' PostgreSQL; a managed secret",
    "AWS::RDS::DBProxy": "stub: endpoint of the tests' PostgreSQL, recorded otherwise",
    "AWS::RDS::DBProxyTargetGroup": "stub: recorded",
    "AWS::SecretsManager::ResourcePolicy": "real: put into Secrets Manager",
    "AWS::SecretsManager::RotationSchedule": "real: kept by Secrets Manager; nothing is rotated",
    "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
    "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
    "AWS::XRay::Group": "stub: recorded",
    "AWS::XRay::SamplingRule": "stub: recorded",
}


def test_the_types_that_are_added_are_these_and_no_others() -> None:
    for resource_type, how in sorted(ADDED.items()):
        print(f"{resource_type:<55} {how}")

    assert dict(sorted(ADDED.items())) == ADDED_TYPES


def test_a_type_is_added_in_one_way() -> None:
    assert len(ADDED) == len(REAL) + len(PATCHED) + len(STUBBED)


def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    if not Path("/proc/self/net/tcp").is_file():
        pytest.skip("only Linux tells which addresses a process listens on (/proc)")

    assert listening_addresses(emulator.process_id) == {"127.0.0.1"}


def test_a_type_that_nothing_handles_is_refused(deploy: Deploy, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {Thing: {Type: AWS::EC2::TransitGateway}}")

    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::EC2::TransitGateway\]"):
        deploy(template)


def test_a_resource_that_cannot_be_made_says_why(deploy: Deploy, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    rule = {"GroupId": "sg-0", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"}
    template.write_text(
        json.dumps({"Resources": {"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}}})
    )

    with pytest.raises(DeploymentError, match=r"Rule \(AWS::EC2::SecurityGroupIngress\): .*'sg-0' does not exist"):
        deploy(template)


def test_a_stranger_s_credentials_are_refused(emulator: Emulator) -> None:
    stranger = {"AccessKeyId": "AKIA" + "Q" * 16, "SecretAccessKey": "x" * 40}

    with pytest.raises(ClientError) as refused:
        emulator.client("dynamodb", stranger).list_tables()

    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"
