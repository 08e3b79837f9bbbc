"""The picture writer behind ``tierlens graph --format svg``."""

from collections.abc import Sequence

from reports.picture.drawing import sheet
from validator.model import Finding, Picture


class SvgWriter:
    """Writes pictures as one SVG file, one below the other."""

    name = "svg"

    def write(self, pictures: Sequence[Picture], findings: Sequence[Finding]) -> str:
        """The file, ending in a line break. A finding's number is its position in ``findings``, from 1."""
        return sheet(pictures, findings)


writer = SvgWriter()
