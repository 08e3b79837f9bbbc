"""The functions inside the VPC at work: IAM at the door, PostgreSQL behind, a secret between."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.servers import PostgresServer
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.lambda_in_vpc import database
from tests.reference_stacks.lambda_in_vpc.conftest import Invoke, Rotate, SignedCall

COLUMNS = ("order_id", "customer_id", "show_id", "seat", "amount_cents", "ordered_at")
FIRST, SECOND, THIRD = (
    dict(zip(COLUMNS, order, strict=True))
    for order in (
        ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c11", "ada-1", "magic-flute-0412", "B12", 4500, "2026-04-12T18:30:00Z"),
        ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c12", "ada-1", "carmen-0413", "A1", 3900, "2026-04-13T09:00:00Z"),
        ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c13", "grace-2", "magic-flute-0412", "B13", 4600, "2026-04-12T23:59:59Z"),
    )
)


@pytest.fixture(scope="module")
def stocked(
    stack: DeployedStack, invoke: Invoke, rotate: Rotate, postgres: PostgresServer, interpreter: Path
) -> DeployedStack:
    """The stack after its README's deploy section, with orders that some other system has written."""
    rotate()
    assert invoke("SchemaFunction") == {"orders": 0}
    values = ", ".join(str(tuple(order.values())) for order in (FIRST, SECOND, THIRD))
    written = database.run(interpreter, postgres, f"INSERT INTO orders ({', '.join(COLUMNS)}) VALUES {values}")
    assert written == {"rows": None}
    return stack


def secret_of_the_reader(stack: DeployedStack) -> dict[str, str]:
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs["ReaderSecretArn"])
    value: dict[str, str] = json.loads(secret["SecretString"])
    return value


def refused(call: Callable[..., object], **arguments: object) -> str:
    with pytest.raises(ClientError) as denied:
        call(**arguments)
    return str(denied.value.response["Error"]["Code"])


# ------------------------------------------------------------------------------------------------ the door


@pytest.fixture(scope="module")
def workload(stocked: DeployedStack, emulator: Emulator) -> Callable[..., dict[str, str]]:
    """Credentials of a role of another workload, with or without the stack's policy for callers."""
    iam, account = emulator.client("iam"), "arn:aws:iam::000000000000:root"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}],
    }

    def assumed(name: str, *policies: str) -> dict[str, str]:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for policy in policies:
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        answer = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")
        credentials: dict[str, str] = answer["Credentials"]
        return credentials

    return assumed


def test_a_workload_with_the_policy_gets_the_orders_of_a_customer(
    stocked: DeployedStack, workload: Callable[..., dict[str, str]], signed_call: SignedCall
) -> None:
    box_office = workload("box-office", stocked.outputs["OrdersCallerPolicyArn"])

    listed = signed_call("/orders?customer_id=ada-1", box_office)
    one = signed_call(f"/orders/{THIRD['order_id']}", box_office)

    assert (listed.status, listed.json) == (200, [SECOND, FIRST])
    assert (one.status, one.json) == (200, THIRD)


def test_a_workload_without_the_policy_is_refused(
    workload: Callable[..., dict[str, str]], signed_call: SignedCall
) -> None:
    stranger = workload("stranger")

    assert signed_call("/orders?customer_id=ada-1", stranger).status == 403


def test_an_unsigned_request_is_refused(stocked: DeployedStack) -> None:
    answer = stocked.call("GET", "/orders?customer_id=ada-1")

    assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})


def test_a_signature_by_the_wrong_key_is_refused(signed_call: SignedCall) -> None:
    forger = {"AccessKeyId": "AKIA" + "Q" * 16, "SecretAccessKey": "x" * 40}

    assert signed_call("/orders?customer_id=ada-1", forger).status == 403


def test_what_is_not_there_and_what_does_not_validate(stocked: DeployedStack, signed_call: SignedCall) -> None:
    missing = signed_call("/orders/5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c99")
    no_identifier = signed_call("/orders/12")
    bad_limit = signed_call("/orders?customer_id=ada-1&limit=0")

    assert (missing.status, missing.json["message"]) == (
        404,
        "There is no order 5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c99.",
    )
    assert (no_identifier.status, bad_limit.status) == (422, 422)


# -------------------------------------------------------------------------------------- the secret, the database


def test_the_reading_user_may_read_orders_and_nothing_else(
    stocked: DeployedStack, postgres: PostgresServer, interpreter: Path
) -> None:
    reader = secret_of_the_reader(stocked)

    def answer(statement: str) -> Any:
        return database.run(interpreter, postgres, statement, reader)

    assert answer("SELECT count(*) FROM orders") == {"rows": [[3]]}
    assert answer("DELETE FROM orders") == {"refused": "cannot execute DELETE in a read-only transaction"}
    writing = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; SET TRANSACTION READ WRITE; "
    assert answer(writing + "UPDATE orders SET seat = 'Z1'") == {"refused": "permission denied for table orders"}
    assert answer(writing + "CREATE ROLE another") == {"refused": "permission denied to create role"}


def test_a_rotation_changes_the_password_and_callers_notice_nothing(
    stocked: DeployedStack, rotate: Rotate, signed_call: SignedCall, postgres: PostgresServer, interpreter: Path
) -> None:
    assert signed_call("/orders?customer_id=grace-2").status == 200
    before = secret_of_the_reader(stocked)

    version = rotate()

    stages = stocked.client("secretsmanager").describe_secret(SecretId=stocked.outputs["ReaderSecretArn"])
    assert "AWSCURRENT" in stages["VersionIdsToStages"][version]
    assert secret_of_the_reader(stocked)["password"] != before["password"]
    old = database.run(interpreter, postgres, "SELECT 1", before)
    assert old == {"refused": 'password authentication failed for user "orders_reader"'}
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'orders_reader'"
    database.run(interpreter, postgres, ended)
    assert signed_call("/orders?customer_id=grace-2").json == [THIRD]


def test_the_schema_may_be_applied_again(stocked: DeployedStack, invoke: Invoke) -> None:
    assert invoke("SchemaFunction") == {"orders": 3}


# ----------------------------------------------------------------------------------------------- the report


def test_the_bucket_refuses_what_comes_without_tls_and_takes_the_report_otherwise(
    stocked: DeployedStack, invoke: Invoke
) -> None:
    """The emulator speaks HTTP, so the bucket's own policy refuses its functions; without it the report arrives."""
    night = {"time": "2026-04-13T03:00:00Z"}
    bucket, s3 = stocked.outputs["ReportBucketName"], stocked.client("s3")
    with pytest.raises(AssertionError, match=r"PutObject.*explicit deny in a resource-based policy"):
        invoke("ReportFunction", night)
    s3.delete_bucket_policy(Bucket=bucket)

    answer = invoke("ReportFunction", night)

    assert answer == {"key": "daily/2026-04-12.csv", "shows": 1}
    report = s3.get_object(Bucket=bucket, Key="daily/2026-04-12.csv")["Body"].read().decode()
    assert report == "show_id,orders,amount_cents\nmagic-flute-0412,2,9100\n"


# ---------------------------------------------------------------- what each role must not do, with IAM enforced


@pytest.fixture(scope="module")
def called(stocked: DeployedStack, invoke: Invoke, signed_call: SignedCall) -> DeployedStack:
    """Every function has run once: a function's credentials live from its first call on."""
    assert signed_call("/orders?customer_id=ada-1").status == 200
    stocked.client("s3").delete_bucket_policy(Bucket=stocked.outputs["ReportBucketName"])
    invoke("ReportFunction", {"time": "2026-04-13T03:00:00Z"})
    return stocked


def secret_of_the_owner(stack: DeployedStack) -> str:
    function = stack.client("lambda").get_function_configuration(FunctionName=stack.physical_id("SchemaFunction"))
    return str(function["Environment"]["Variables"]["DATABASE_SECRET_ARN"])


@pytest.mark.parametrize("function", ["OrdersFunction", "ReportFunction"])
def test_the_reading_functions_may_not_have_the_owner_s_secret(called: DeployedStack, function: str) -> None:
    secrets = called.client("secretsmanager", function=function)
    own = called.outputs["ReaderSecretArn"]

    assert "SecretString" in secrets.get_secret_value(SecretId=own)
    assert refused(secrets.get_secret_value, SecretId=secret_of_the_owner(called)) == "AccessDeniedException"
    assert refused(secrets.put_secret_value, SecretId=own, SecretString="x") == "AccessDeniedException"


def test_the_report_function_may_write_reports_and_read_none(called: DeployedStack) -> None:
    s3, bucket = called.client("s3", function="ReportFunction"), called.outputs["ReportBucketName"]

    s3.put_object(Bucket=bucket, Key="daily/2026-01-01.csv", Body=b"")
    assert refused(s3.put_object, Bucket=bucket, Key="elsewhere.csv", Body=b"") == "AccessDenied"
    assert refused(s3.get_object, Bucket=bucket, Key="daily/2026-01-01.csv") == "AccessDenied"


def test_the_rotation_function_may_not_change_the_owner_s_secret(called: DeployedStack) -> None:
    secrets, owner = called.client("secretsmanager", function="RotationFunction"), secret_of_the_owner(called)

    assert "SecretString" in secrets.get_secret_value(SecretId=owner)
    assert refused(secrets.put_secret_value, SecretId=owner, SecretString="x") == "AccessDeniedException"
    assert refused(secrets.delete_secret, SecretId=called.outputs["ReaderSecretArn"]) == "AccessDeniedException"


def test_the_schema_function_may_not_have_the_reader_s_secret(called: DeployedStack) -> None:
    secrets = called.client("secretsmanager", function="SchemaFunction")

    assert refused(secrets.get_secret_value, SecretId=called.outputs["ReaderSecretArn"]) == "AccessDeniedException"
