"""Files that a template names: read below the project's root only."""

from pathlib import Path

from validator.files import is_file, read_bytes, status
from validator.load import load_document
from validator.load.nodes import Document, ListNode, MapNode, Node
from validator.model import LoadError

_MAX_BYTES = 5_000_000
_MAX_LEVELS = 60
"""Deeper files are not merged in: together with the template they could exhaust the stack."""


class Unreadable(Exception):
    """A named file that is not read; the text completes "… because"."""


class LocalFiles:
    """Reads the files beside one template, each at most once."""

    def __init__(self, root: Path, file: Path) -> None:
        self._root = root.resolve()
        self._folder = file.resolve().parent
        self._documents: dict[Path, Document] = {}

    @property
    def documents(self) -> tuple[Document, ...]:
        """What was read, in the order of reading."""
        return tuple(self._documents.values())

    def read(self, location: str) -> Document:
        """The document at a path relative to the template's folder.

        Raises Unreadable for anything remote, outside the root, missing, too large or not parseable.
        """
        path = self._local(location)
        if path not in self._documents:
            self._documents[path] = self._load(path, location)
        return self._documents[path]

    def read_text(self, location: str) -> str:
        """The text of a file at a path relative to the template's folder, for what is no YAML or JSON.

        Raises Unreadable as ``read`` does, and for what is not UTF-8.
        """
        try:
            return self._bytes(self._local(location), location).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable(f"{location} is not UTF-8") from error

    def _local(self, location: str) -> Path:
        if "://" in location or location.startswith("arn:"):
            raise Unreadable(f"{location} is not a local file")
        return self._inside(location)

    def _inside(self, location: str) -> Path:
        try:
            path = (self._folder / location).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise Unreadable(f"{location} is no usable path") from error
        if not path.is_relative_to(self._root):
            raise Unreadable(f"{location} lies outside the project's root")
        return path

    @staticmethod
    def _bytes(path: Path, location: str) -> bytes:
        try:
            if not is_file(path):
                raise Unreadable(f"{location} does not exist")
            if status(path).st_size > _MAX_BYTES:
                raise Unreadable(f"{location} is larger than {_MAX_BYTES:,} bytes")
            return read_bytes(path)
        except OSError as error:
            raise Unreadable(f"{location} cannot be read ({error.strerror})") from error

    def _load(self, path: Path, location: str) -> Document:
        data = self._bytes(path, location)
        try:
            document = load_document(data, path.relative_to(self._root).as_posix())
        except LoadError as error:
            raise Unreadable(f"{location} cannot be parsed ({error.message})") from error
        if _levels(document.root) > _MAX_LEVELS:
            raise Unreadable(f"{location} is nested deeper than {_MAX_LEVELS} levels")
        return document


def _levels(node: Node) -> int:
    match node:
        case MapNode():
            return 1 + max((_levels(value) for _, value in node.items()), default=0)
        case ListNode():
            return 1 + max((_levels(item) for item in node.items), default=0)
        case _:
            return 0
