"""The architecture picture: lanes, frames, guards and broken paths, as SVG for pages, paper and files."""

from reports.picture.drawing import listing, sheet, svg
from reports.picture.sizes import party_name
from reports.picture.style import PICTURE_CSS
from reports.picture.texts import ENGLISH, FRENCH, PictureTexts, picture_texts
from reports.picture.writer import SvgWriter, writer

__all__ = [
    "ENGLISH",
    "FRENCH",
    "PICTURE_CSS",
    "PictureTexts",
    "SvgWriter",
    "listing",
    "party_name",
    "picture_texts",
    "sheet",
    "svg",
    "writer",
]
