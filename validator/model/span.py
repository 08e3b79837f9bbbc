"""Places in the files that people wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one source file.

    Lines and columns count from 1, in characters; the end is exclusive (``end_column`` is the column after
    the last character). ``path`` is the file as it is shown to people: relative to the project root with
    forward slashes where the file lies below it.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a person wrote what became a resource.

    ``logical_id`` and ``resource_type`` are those of the source file: for a role that SAM generates, the
    function's. ``note`` says how it came about where that is not plain ("generated for event Get",
    "for Name = Users"), else it is empty.
    """

    span: Span
    logical_id: str
    resource_type: str
    note: str = ""
