"""The progress bar: only for many templates, and only where somebody watches."""

import io
import sys

import pytest

from validator.cli.progress import WORTH_SHOWING, progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None, total: int, *, wanted: bool = True) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar(wanted) as advance:
        for done in range(total + 1):
            advance(done, total)
    return "" if stream is None else stream.getvalue()


def test_many_templates_on_a_terminal_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Terminal(), WORTH_SHOWING)

    assert "checking templates" in text
    assert f"{WORTH_SHOWING}/{WORTH_SHOWING}" in text


@pytest.mark.parametrize(
    ("stream", "total", "wanted"),
    [
        (io.StringIO(), WORTH_SHOWING, True),
        (Terminal(), WORTH_SHOWING - 1, True),
        (Terminal(), WORTH_SHOWING, False),
        (None, WORTH_SHOWING, True),
    ],
    ids=["no terminal", "few", "quiet", "closed"],
)
def test_otherwise_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None, total: int, wanted: bool
) -> None:
    assert shown(monkeypatch, stream, total, wanted=wanted) == ""
