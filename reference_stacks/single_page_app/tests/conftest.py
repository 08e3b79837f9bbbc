"""What the functions find when they run: settings, an event of this stack, and the function itself.

Each function has a module `app` of its own, so they are loaded by path; what they import beside it has other names.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

STACK = Path(__file__).resolve().parents[1]
ISSUER, AUDIENCE = "https://issuer.example.com/", "https://tickets.example.com/api"

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
    POWERTOOLS_TRACE_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="tests",
    TOKEN_ISSUER=ISSUER,
    TOKEN_AUDIENCE=AUDIENCE,
    JWKS_URL="https://issuer.example.com/.well-known/jwks.json",
    SHOWS_TABLE="shows",
    TICKETS_TABLE="tickets",
    INFO_BUCKET="articles",
    CACHE_HOST="cache.example.com",
    CACHE_PORT="6379",
    CACHE_SECRET_ARN="arn:aws:secretsmanager:us-east-1:123456789012:secret:cache-AbCdEf",
    CACHE_SECONDS="60",
)
for beside in ("authorizer", "shows"):
    sys.path.insert(0, str(STACK / "src" / beside))


def loaded(function: str) -> ModuleType:
    """The module `app` of one function."""
    spec = importlib.util.spec_from_file_location(f"{function}_app", STACK / "src" / function / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def authorizer() -> ModuleType:
    return loaded("authorizer")


@pytest.fixture(scope="session")
def shows() -> ModuleType:
    return loaded("shows")


@pytest.fixture(scope="session")
def tickets() -> ModuleType:
    return loaded("tickets")


@pytest.fixture(scope="session")
def info() -> ModuleType:
    return loaded("info")


@pytest.fixture
def event() -> Callable[[str], dict[str, Any]]:
    """One of the sample events."""
    return lambda name: json.loads((STACK / "events" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(
        function_name="tests",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:tests",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    )
