"""The review as PDF."""

import builtins
import contextlib
import re
import zlib
from typing import Any

import pytest

from reports.document.page import document_of, page
from reports.document.pdf import plain_rules, with_styled_drawings, writer
from tests.reference_stacks.conftest import unavailable
from tests.reports.document.samples import PLAIN, hostile_review
from tests.validator.lens.runs import finding, reviewed
from validator.lens import LensReviewWriter
from validator.model import UsageError, Verdict

HOSTILE = '</style><script>x</script>"\u202e\ud800'


def test_is_a_review_writer() -> None:
    assert isinstance(writer, LensReviewWriter)
    assert writer.name == "pdf"


def test_paper_has_no_script_no_filter_and_nothing_folded() -> None:
    html = page(document_of(hostile_review("a name"), PLAIN), paper=True)
    assert re.findall(r"<(script|details|form|button|input)\b", html) == []


def test_drawings_bring_their_styles_without_variables() -> None:
    html = with_styled_drawings(page(document_of(hostile_review("a name"), PLAIN), paper=True))
    styles = re.findall(r"<svg[^>]*><style>(.*?)</style>", html, flags=re.DOTALL)
    assert len(styles) == 3
    assert all("var(" not in style and "fill:#" in style for style in styles)
    sizes = re.findall(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', html)
    assert all(float(width) <= 1010 and float(height) <= 860 for width, height in sizes)


def test_rules_of_a_sheet() -> None:
    sheet = (
        ":root{--a:#123;--b:red}\n.x text{fill:var(--a)}\n.y{color:var(--b)}\n"
        ".x b{paint-order:stroke}\n@media{:root{--a:#fff}}"
    )
    assert plain_rules(sheet, ".x ").split("\n")[1:] == [".x text{fill:#123}"]


def test_a_file_with_pages_contents_and_bookmarks() -> None:
    try:
        pdf = writer.write(hostile_review(HOSTILE), PLAIN)
    except UsageError as error:
        unavailable(f"{error.message}: {error.hint}")
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    inside = unpacked(pdf)
    assert b"/Outlines" in inside
    assert b"/StructTreeRoot" in inside
    assert b"JavaScript" not in inside


def unpacked(pdf: bytes) -> bytes:
    """What the compressed streams of a file hold."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found)


def test_without_weasyprint_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.startswith("weasyprint"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError) as caught:
        writer.write(reviewed(finding("AUTH001", "SEC1.a1", Verdict.FAIL)), PLAIN)
    assert caught.value.hint == "pip install 'tierlens[pdf]', or write HTML and print it"
