"""What a writer of lens reviews is: the contract behind the entry points of ``tierlens.reviews``."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from validator.lens.review import LensReview
from validator.model import ReportOptions


@dataclass(frozen=True, slots=True)
class LensReviewOptions:
    """How a review is written. Options never change what it says."""

    language: str = "en"
    """A language of the text catalogue."""
    report: ReportOptions = field(default_factory=ReportOptions)
    """Colour and width, for what is printed on a terminal."""


@runtime_checkable
class LensReviewWriter(Protocol):
    """Turns a lens review into one format. Stateless: one instance serves every run."""

    @property
    def name(self) -> str:
        """The format as it is asked for: ``--format NAME``."""
        ...

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str | bytes:
        """The whole document: text, or bytes where the format is no text (PDF). Touches nothing outside."""
        ...
