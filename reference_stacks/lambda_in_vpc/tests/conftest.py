"""What the functions find when they run: settings, their folder on the path, and an event of this stack."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

STACK = Path(__file__).resolve().parents[1]

sys.path.insert(0, str(STACK / "src"))
os.environ.update(
    AWS_DEFAULT_REGION="eu-central-1",
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
    POWERTOOLS_TRACE_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="tests",
    DATABASE_HOST="database.example.com",
    DATABASE_PORT="5432",
    DATABASE_NAME="orders",
    DATABASE_SECRET_ARN="arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-AbCdEf",
    REPORT_BUCKET="reports",
)


@pytest.fixture
def event() -> Callable[[str], dict[str, Any]]:
    """One of the sample events."""
    return lambda name: json.loads((STACK / "events" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(
        function_name="tests",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:tests",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    )
