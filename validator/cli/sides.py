"""The two sides of a comparison: revisions, files or folders, as places to read from."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from validator.difference.revisions import Repository, Revision
from validator.model import UsageError


@dataclass(frozen=True, slots=True)
class Side:
    """One side: ``place`` is the folder or file that is compared, ``root`` the folder that paths are shown from.

    ``start`` is where the search for a configuration begins. ``tree`` tells a revision, whose files are a copy.
    """

    label: str
    place: Path
    root: Path
    start: Path
    tree: bool = False

    @property
    def folder(self) -> str:
        """The place as shown paths begin with it; empty where they are compared as they are."""
        if self.place == self.root or not self.place.is_relative_to(self.root):
            return ""
        return self.place.relative_to(self.root).as_posix()


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides; what is read for ``head`` is read for ``base`` at the same place below it."""

    base: Side
    head: Side

    def moved(self, path: Path) -> Path:
        """The path of the base for one of the head; paths elsewhere stay."""
        full = Path(os.path.abspath(path))
        for own, other in ((self.head.place, self.base.place), (self.head.root, self.base.root)):
            if full == own or full.is_relative_to(own):
                return other / full.relative_to(own) if full != own else other
        return path


@contextmanager
def working_tree_and(name: str) -> Iterator[Sides]:
    """The files as they are, and the commit from which HEAD parted from a revision. Raises UsageError."""
    repository = Repository(Path.cwd())
    base = repository.merge_base(repository.get(name), repository.get("HEAD"))
    top = repository.top
    if top is None:
        raise UsageError("--diff-base needs the working tree of a git repository", hint="run it in a checkout")
    with repository.tree(base) as tree:
        yield Sides(
            Side(base.label, tree, tree, tree / _below(Path.cwd(), top), tree=True),
            Side("the working tree", top, top, Path.cwd(), tree=True),
        )


@contextmanager
def two_sides(base: str, head: str, from_merge_base: bool) -> Iterator[Sides]:
    """The sides that two arguments name: revisions of the repository around the working folder, files or folders.

    ``from_merge_base`` takes the commit from which the two parted as base (``git diff BASE...HEAD``). Raises
    UsageError for a name that is neither, or both.
    """
    repository = Repository(Path.cwd())
    named = [_path_or_revision(argument, repository) for argument in (base, head)]
    if from_merge_base:
        if not all(isinstance(one, Revision) for one in named):
            raise UsageError("--merge-base needs two revisions", hint="leave it out to compare files or folders")
        old, new = (one for one in named if isinstance(one, Revision))
        named[0] = repository.merge_base(old, new)
    with ExitStack() as stack:
        sides = [_opened(one, other, repository, stack) for one, other in zip(named, reversed(named), strict=True)]
        old_side, new_side = sides
        if old_side.place.is_file() != new_side.place.is_file() and old_side.place.exists():
            raise UsageError(f"{base} and {head} are a file and a folder", hint="compare two files or two folders")
        yield Sides(old_side, new_side)


def _path_or_revision(argument: str, repository: Repository) -> Path | Revision:
    path = Path(argument)
    if argument.startswith("-"):
        raise UsageError(f"'{argument}' is no revision: it looks like an option", hint="name a branch, tag or commit")
    is_written_as_path = argument in (".", "..") or argument.startswith(("./", "../", "/"))
    if is_written_as_path:
        if not path.exists():
            raise UsageError(f"no such file or directory: {argument}", hint="paths start at the working directory")
        return path
    exists = path.exists()
    revision = repository.find(argument) if _has_git(exists) else None
    if exists and revision is not None:
        hint = f"write ./{argument} for the path, refs/heads/{argument} for the branch"
        raise UsageError(f"'{argument}' is a path and a revision", hint=hint)
    if exists:
        return path
    if revision is None:
        try:
            return repository.get(argument)
        except UsageError as error:
            hint = error.hint or "name a revision of this repository, a file or a folder"
            raise UsageError(f"'{argument}' is no file, no folder and no revision here", hint=hint) from error
    return revision


def _has_git(optional: bool) -> bool:
    """Whether revisions can be looked for; two folders are compared without git as well."""
    import shutil

    return not optional or shutil.which("git") is not None


def _opened(one: Path | Revision, other: Path | Revision, repository: Repository, stack: ExitStack) -> Side:
    if isinstance(one, Path):
        return _of_path(one)
    tree = stack.enter_context(repository.tree(one))
    top = repository.top
    if isinstance(other, Revision) or top is None:
        below = Path() if top is None else _below(Path.cwd(), top)
        return Side(one.label, tree, tree, tree / below, tree=True)
    below = _below(other.resolve(), top)
    start = below if (top / below).is_dir() else below.parent
    return Side(one.label, tree / below, tree, tree / start, tree=True)


def _of_path(path: Path) -> Side:
    from validator.settings import project_root

    full = path.resolve()
    folder = full if full.is_dir() else full.parent
    return Side(str(path), full, project_root(folder), folder)


def _below(path: Path, top: Path) -> Path:
    try:
        return path.resolve().relative_to(top)
    except ValueError as error:
        raise UsageError(f"{path} lies outside of the git repository {top}") from error
