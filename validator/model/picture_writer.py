"""What a picture writer is: the contract behind the entry points of ``tierlens.pictures``."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from validator.model.finding import Finding
from validator.model.picture import Picture


@runtime_checkable
class PictureWriter(Protocol):
    """Turns pictures into the text of one format. Stateless: one instance serves every run."""

    @property
    def name(self) -> str:
        """The format as it is asked for: ``--format NAME``."""
        ...

    def write(self, pictures: Sequence[Picture], findings: Sequence[Finding]) -> str:
        """The whole file, ending in a line break; failing findings are marked, numbered by their position from 1."""
        ...
