"""The functions as modules, one for each folder of ``src``, and the events of this stack. Nothing calls AWS.

Run with ``pytest`` in this folder's parent, where `aws-lambda-powertools[parser,tracer]` and `boto3` are installed.
"""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

STACK = Path(__file__).resolve().parents[1]
SETTINGS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "unit-tests",
    "SITE_ORIGIN": "https://tickets.example.com",
    "SHOWS_TABLE": "shows",
    "TICKETS_TABLE": "tickets",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """The module ``app`` of a function; each call executes it anew."""

    def loaded(folder: str) -> ModuleType:
        for name, value in SETTINGS.items():
            monkeypatch.setenv(name, value)
        specification = importlib.util.spec_from_file_location(f"web_app_{folder}", STACK / "src" / folder / "app.py")
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """An event of ``events/``, with other keys in place of its own."""

    def changed(name: str, **keys: object) -> dict[str, Any]:
        return json.loads((STACK / "events" / f"{name}.json").read_text(encoding="utf-8")) | keys

    return changed


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(
        function_name="unit-tests",
        function_version="1",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:unit-tests",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    )
