"""Loads a function's module by its folder, since every function calls its own app.py, and calls its handler."""

import importlib.util
import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MEMBER = "11111111-1111-1111-1111-111111111111"


@dataclass
class Context:
    """What Lambda hands to a handler."""

    function_name: str = "function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No region of the developer's own, no credentials: a call that is not stood in for would fail."""
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "tests",
        "TICKETS_TABLE": "tickets",
        "SHOWS_TABLE": "shows",
        "DATABASE_HOST": "database.example.com",
        "DATABASE_PORT": "5432",
        "DATABASE_NAME": "information",
        "DATABASE_SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Loads ``src/<function>/<module>.py`` anew, with that folder's modules beside it."""

    def loaded(function: str, module: str = "app") -> ModuleType:
        folder = ROOT / "src" / function
        monkeypatch.syspath_prepend(str(folder))
        for path in folder.glob("*.py"):
            monkeypatch.delitem(sys.modules, path.stem, raising=False)
        specification = importlib.util.spec_from_file_location(f"{function}_{module}", folder / f"{module}.py")
        assert specification is not None
        assert specification.loader is not None
        made = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(made)
        return made

    return loaded


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """A sample event of ``events/``, with the parts that a test wants otherwise."""

    def sample(name: str, **changes: Any) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
        return {**content, **changes}

    return sample


@pytest.fixture
def context() -> Context:
    return Context()
