"""The architecture pictures of the document, as SVG that follows the page's colours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.document.texts import DocumentTexts
from validator.model import Finding, Picture

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.picture import PictureTexts

_WIDE = 900
"""Units from which a picture gets a landscape page on paper."""
_LEAST_SCALE = 0.8
"""A picture shrinks to this at most, to stay readable; what is wider then scrolls."""
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """One architecture picture and its text alternative."""

    number: int
    title: str
    svg: "Markup"
    listing: tuple[str, ...]
    width: float
    height: float

    @property
    def is_wide(self) -> bool:
        """Whether it wants a landscape page."""
        return is_wide(self.width)


def is_wide(width: float) -> bool:
    """Whether a drawing of that width wants a landscape page."""
    return width > _WIDE


def drawn_pictures(
    pictures: Sequence[Picture], failures: Sequence[Finding], texts: DocumentTexts
) -> tuple[DrawnPicture, ...]:
    """The pictures, with the failures' numbers in them."""
    from reports.picture import picture_texts

    words = picture_texts(texts.language)
    return tuple(_drawn(number, picture, failures, words) for number, picture in enumerate(pictures, 1))


def picture_rules(pictures: Sequence[DrawnPicture]) -> str:
    """The style rules of single pictures: how far each may shrink and grow. They hold numbers only."""
    return "".join(
        f"#picture-{p.number}{{min-width:{p.width * _LEAST_SCALE:.0f}px;max-width:{p.width:.0f}px}}\n"
        f".actual-size #picture-{p.number}{{min-width:{p.width:.0f}px}}\n"
        for p in pictures
    )


def _drawn(number: int, picture: Picture, failures: Sequence[Finding], words: "PictureTexts") -> DrawnPicture:
    from markupsafe import Markup

    from reports.picture import listing, svg

    # The picture's writer escapes all that comes from a template.
    drawn = svg(picture, failures, id_prefix=f"picture-{number}", texts=words)
    match = _VIEW_BOX.search(drawn)
    width, height = (0.0, 0.0) if match is None else (float(match[1]), float(match[2]))
    lines = listing(picture, failures, texts=words).split("\n")
    return DrawnPicture(number, picture.title, Markup(drawn), tuple(filter(None, lines)), width, height)
