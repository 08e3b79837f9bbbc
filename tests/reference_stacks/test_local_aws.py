"""The local AWS itself: what it is given, where it listens, whom it believes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.conftest import Deploy, unavailable
from tests.reference_stacks.emulator import environment, servers
from tests.reference_stacks.emulator.environment import ROOT
from tests.reference_stacks.emulator.launcher.added_types import ADDED, PATCHED, REAL, STUBBED
from tests.reference_stacks.emulator.process import Emulator, listening_addresses
from tests.reference_stacks.emulator.servers import Certificates, RedisServer
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


# ------------------------------------------------------------------------------------ what a machine may lack

SOMEWHERE = Path("somewhere")
CERTIFICATES = Certificates(SOMEWHERE, SOMEWHERE, SOMEWHERE)


def test_without_redis_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers.shutil, "which", lambda _: None)

    with pytest.raises(servers.ServerMissingError, match="apt-get install redis-server"):
        servers.start_redis(SOMEWHERE, CERTIFICATES)


def test_without_postgresql_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(servers.shutil, "which", lambda _: None)
    monkeypatch.setattr(servers, "DEBIAN_S_PLACE", tmp_path)

    with pytest.raises(servers.ServerMissingError, match="apt-get install postgresql"):
        servers.start_postgres(SOMEWHERE, CERTIFICATES)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("ERROR: No matching distribution found for ministack", environment.EnvironmentUnavailableError),
        ("ERROR: Cannot install a and b because these package versions have conflicts", RuntimeError),
    ],
)
def test_no_package_index_is_told_from_packages_that_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, error: type[Exception]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(
        environment.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1, stdout=f"{said}\n")
    )

    with pytest.raises(error, match=said.removeprefix("ERROR: ")):
        environment.interpreter()


def test_where_everything_is_there_a_lack_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIERLENS_TESTS_MUST_RUN", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no server"):
        unavailable("no server")

    monkeypatch.setenv("TIERLENS_TESTS_MUST_RUN", "1")
    with pytest.raises(pytest.fail.Exception, match="no server"):
        unavailable("no server")


def test_a_server_ends_when_the_tests_are_killed(
    redis: RedisServer, certificates: Certificates, tmp_path: Path
) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends a process with its parent (prctl)")
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.reference_stacks.emulator.servers import Certificates, start_redis\n"
        "server, process = start_redis(Path(sys.argv[1]), Certificates(*map(Path, sys.argv[2:])))\n"
        "print(process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    files = [str(certificates.authority), str(certificates.server), str(certificates.key)]
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), *files],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    server = Path("/proc") / killed.stdout.strip()

    for _ in range(100):
        if not server.exists() or " Z " in (server / "stat").read_text():
            return
        time.sleep(0.05)
    os.kill(int(server.name), 9)
    pytest.fail("Redis outlived the process that started it")
