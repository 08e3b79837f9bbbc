"""checkov without what it does not need says the same as the whole of it."""

import os
from pathlib import Path

import pytest

from tests.validator.engines.running import engine_input, process
from validator.engines.checkov import CheckovTemplate
from validator.engines.process import EngineProcess

ROOT = Path(__file__).resolve().parents[3]
STACKS = sorted(ROOT.glob("reference_stacks/*/template.yaml"))[:1]
REAL = ROOT.parent / "shared" / "real-templates" / "widdix__aws-cf-templates"


def _templates() -> list[Path]:
    if not REAL.is_dir():
        if os.environ.get("TIERLENS_TESTS_MUST_RUN"):
            pytest.fail(f"{REAL.name} is not beside the repository")
        return STACKS
    return [*STACKS, *sorted(REAL.rglob("*.yaml"))[:2]]


def test_the_records_are_the_same() -> None:
    whole = EngineProcess("checkov", {"whole": True})
    try:
        assert "error" not in whole.started()
        compared = 0
        for path in _templates():
            for request in CheckovTemplate(engine_input(path.read_text(encoding="utf-8"))).requests():
                records = whole.ask(request)["records"]
                assert process("checkov").ask(request)["records"] == records
                compared += len(records) if isinstance(records, list) else 0
        assert compared > 100
    finally:
        whole.kill()
