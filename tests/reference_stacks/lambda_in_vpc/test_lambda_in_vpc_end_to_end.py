"""The functions inside the VPC at work: IAM at the door, PostgreSQL behind, a secret between."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.servers import PostgresServer, run_sql
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.lambda_in_vpc.conftest import Invoke, Rotate, SignedCall

ORDERS = [
    ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c11", "ada-1", "magic-flute-0412", "B12", 4500, "2026-04-12T18:30:00+00:00"),
    ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c12", "ada-1", "carmen-0413", "A1", 3900, "2026-04-13T09:00:00+00:00"),
    ("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c13", "grace-2", "magic-flute-0412", "B13", 4600, "2026-04-12T23:59:59+00:00"),
]
COLUMNS = ("order_id", "customer_id", "show_id", "seat", "amount_cents", "ordered_at")
FIRST, SECOND, THIRD = (
    {**dict(zip(COLUMNS, order, strict=True)), "ordered_at": str(order[5]).replace("+00:00", "Z")} for order in ORDERS
)


@pytest.fixture(scope="module")
def stocked(
    stack: DeployedStack, invoke: Invoke, rotate: Rotate, postgres: PostgresServer, interpreter: Path
) -> DeployedStack:
    """The stack after its README's deploy section, with orders that some other system has written."""
    rotate()
    assert invoke("SchemaFunction") == {"orders": 0}
    values = ", ".join(f"({', '.join(repr(value) for value in order)})" for order in ORDERS)
    run_sql(interpreter, postgres.of("orders"), f"INSERT INTO orders ({', '.join(COLUMNS)}) VALUES {values}")
    return stack
