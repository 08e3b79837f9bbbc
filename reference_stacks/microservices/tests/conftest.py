"""The functions of all services as modules, and their events. Nothing calls AWS.

Run with ``pytest`` in this folder's parent, where `aws-lambda-powertools[parser,tracer]` and `boto3` are installed.
"""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

SERVICES = Path(__file__).resolve().parents[1]
SETTINGS = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "unit-tests",
    "SHOWS_TABLE": "shows",
    "TICKETS_TABLE": "tickets",
    "SHOWS_ON_SALE_TABLE": "shows-on-sale",
    "PAYMENTS_TABLE": "payments",
    "EVENT_BUS": "showtime-events",
    "EVENT_SOURCE": "showtime.unit-tests",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], ModuleType]:
    """The module ``app`` of a service's function; each call executes it anew."""

    def loaded(service: str, function: str) -> ModuleType:
        for name, value in SETTINGS.items():
            monkeypatch.setenv(name, value)
        path = SERVICES / service / "src" / function / "app.py"
        specification = importlib.util.spec_from_file_location(f"{service}_{function}", path)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """An event of a service's ``events/``, with other keys in place of its own."""

    def changed(service: str, name: str, **keys: object) -> dict[str, Any]:
        return json.loads((SERVICES / service / "events" / f"{name}.json").read_text(encoding="utf-8")) | keys

    return changed


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(
        function_name="unit-tests",
        function_version="1",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:unit-tests",
        aws_request_id="00000000-0000-0000-0000-000000000000",
        get_remaining_time_in_millis=lambda: 10_000,
    )
