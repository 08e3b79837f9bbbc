"""Every published template is checked or refused with a place; nothing crashes."""

import json
from pathlib import Path

import pytest

from validator.model import Diagnostic, DiagnosticLevel
from validator.review import ReviewRequest, review

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real-templates"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the published templates do not lie beside this checkout")


def test_every_published_template_gets_a_verdict_or_a_positioned_error() -> None:
    result = review(ReviewRequest((str(REAL),), REAL))

    assert not [d for d in result.diagnostics if d.code in ("internal-error", "rule-failed")]
    read = {template.path for template in result.templates}
    listed = {f"{entry['repo'].replace('/', '__')}/{entry['path']}" for entry in _manifest()}
    skipped = tuple(d.message.partition(" is skipped")[0] for d in result.diagnostics if d.code == "skipped")
    unread = [path for path in listed - read if not path.startswith(skipped)]
    assert unread == []
    unreadable = {template.path for template in result.templates if not template.readable}
    assert unreadable <= {_file(d) for d in result.diagnostics if d.level is DiagnosticLevel.ERROR}


def _manifest() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads((REAL / "manifest.json").read_text())
    return entries


def _file(diagnostic: Diagnostic) -> str:
    return diagnostic.span.path if diagnostic.span is not None else diagnostic.message.partition(": ")[0]
