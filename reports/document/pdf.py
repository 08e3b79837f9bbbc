"""The review as PDF: the same document on paper, with contents, page numbers and bookmarks."""

import re

from reports.document.drawings import is_wide
from reports.document.page import document_of, page, static
from validator.lens import LensReview, LensReviewOptions
from validator.model import UsageError

_VARIABLE = re.compile(r"(--[\w-]+):([^;}]+)")
_USE = re.compile(r"var\((--[\w-]+)\)")
_FONTS = '"Liberation Sans",Arial,Helvetica,sans-serif'
_DRAWING = re.compile(r'<svg\b[^>]*\bclass="(tlp|chart)"[^>]*>')
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')

# The room of a page within its margins, in CSS pixels: see paper.css.
_UPRIGHT = (650.0, 860.0)
_SIDEWAYS = (1010.0, 560.0)


class PdfReviewWriter:
    """Writes the review as PDF through WeasyPrint, which the extra ``tierlens[pdf]`` installs."""

    name = "pdf"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> bytes:
        """The file. Raises UsageError when WeasyPrint, or the Pango library that it needs, is not installed."""
        return _printed(with_styled_drawings(page(document_of(lens_review, options), paper=True)))


writer = PdfReviewWriter()


def with_styled_drawings(html: str) -> str:
    """The page with the styles of each drawing inside of it.

    WeasyPrint draws an SVG apart from the page: it sees neither the page's styles nor variables.
    """
    from reports.picture import PICTURE_CSS

    sheets = {"tlp": plain_rules(PICTURE_CSS, ".tlp "), "chart": plain_rules(static("page.css"), ".chart ")}
    return _DRAWING.sub(lambda match: f"{_SIZE.sub(_fitted, match[0])}<style>{sheets[match[1]]}</style>", html)


def _fitted(size: re.Match[str]) -> str:
    """The attributes of a drawing, so that it stands on one page."""
    width, height = float(size[1]), float(size[2])
    most_wide, most_high = _SIDEWAYS if is_wide(width) else _UPRIGHT
    scale = min(1.0, most_wide / width, most_high / height)
    return f' width="{width * scale:.1f}" height="{height * scale:.1f}"'


def plain_rules(sheet: str, beginning: str) -> str:
    """The lines of a style sheet that begin so, each variable replaced by its first value in the sheet."""
    values: dict[str, str] = {}
    for name, value in _VARIABLE.findall(sheet):
        values.setdefault(name, value)
    # WeasyPrint knows no paint-order: it would draw the halo of a text over the text.
    lines = [f"text{{font-family:{_FONTS}}}"]
    lines += (line for line in sheet.split("\n") if line.startswith(beginning) and "paint-order" not in line)
    return _USE.sub(lambda match: values[match[1]], "\n".join(lines))


def _printed(html: str) -> bytes:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise UsageError(
            "a PDF needs WeasyPrint, which is not installed",
            hint="pip install 'tierlens[pdf]', or write HTML and print it",
        ) from error
    except OSError as error:
        raise UsageError(
            "a PDF needs the library Pango, which is not installed",
            hint="Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0; macOS: brew install pango",
        ) from error
    # Nothing is fetched: the page holds all it shows.
    fetcher = URLFetcher(allowed_protocols=("data",))
    document: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    return document
