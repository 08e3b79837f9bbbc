"""Every resource type for which the emulator is given a handler, in one list that the tests print and assert.

``REAL`` goes through the emulator's own service: what the template says can be asked for afterwards. ``PATCHED`` has
a handler in the emulator that stops short of a server; ours hands out the one the tests started. ``STUBBED`` is
recorded and given its attributes, and does nothing.
"""

from collections.abc import Mapping
from typing import Final

REAL: Final[Mapping[str, str]] = {
    "AWS::EC2::EIP": "allocated in EC2",
    "AWS::EC2::FlowLog": "created in EC2",
    "AWS::EC2::NatGateway": "created in EC2",
    "AWS::EC2::NetworkAcl": "created in EC2",
    "AWS::EC2::NetworkAclEntry": "created in EC2",
    "AWS::EC2::SecurityGroupEgress": "a rule of the group in EC2",
    "AWS::EC2::SecurityGroupIngress": "a rule of the group in EC2",
    "AWS::SecretsManager::ResourcePolicy": "put into Secrets Manager",
    "AWS::SecretsManager::RotationSchedule": "kept by Secrets Manager; nothing is rotated",
    "AWS::WAFv2::WebACLAssociation": "associated in AWS WAF; requests are not inspected",
}

PATCHED: Final[Mapping[str, str]] = {
    "AWS::ElastiCache::ReplicationGroup": "endpoints of the tests' Redis",
    "AWS::RDS::DBCluster": "endpoint, role and database in the tests' PostgreSQL; a managed secret",
    "AWS::RDS::DBInstance": "endpoint, role and database in the tests' PostgreSQL; a managed secret",
}

STUBBED: Final[Mapping[str, str]] = {
    "AWS::Amplify::App": "recorded",
    "AWS::Amplify::Branch": "recorded",
    "AWS::Amplify::Domain": "recorded",
    "AWS::ApplicationAutoScaling::ScalableTarget": "recorded",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "recorded",
    "AWS::Budgets::Budget": "recorded",
    "AWS::CloudTrail::Trail": "recorded",
    "AWS::CloudWatch::CompositeAlarm": "recorded",
    "AWS::CodeDeploy::Application": "recorded",
    "AWS::CodeDeploy::DeploymentGroup": "recorded",
    "AWS::Cognito::ManagedLoginBranding": "recorded",
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": "recorded",
    "AWS::EC2::SubnetNetworkAclAssociation": "recorded",
    "AWS::ElastiCache::ServerlessCache": "endpoints of the tests' Redis, recorded otherwise",
    "AWS::RDS::DBProxy": "endpoint of the tests' PostgreSQL, recorded otherwise",
    "AWS::RDS::DBProxyTargetGroup": "recorded",
    "AWS::WAFv2::LoggingConfiguration": "recorded",
    "AWS::XRay::Group": "recorded",
    "AWS::XRay::SamplingRule": "recorded",
}

ADDED: Final[Mapping[str, str]] = {
    **{name: f"real: {how}" for name, how in REAL.items()},
    **{name: f"patched: {how}" for name, how in PATCHED.items()},
    **{name: f"stub: {how}" for name, how in STUBBED.items()},
}
