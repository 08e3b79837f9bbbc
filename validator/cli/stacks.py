"""The reference stacks that come with the package: which there are, and how one is copied."""

import importlib.util
import os
import re
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from validator.model import UsageError
from validator.settings import did_you_mean

# What building, testing and editing leave behind in a checkout, and the certificates that a person fetched.
_LEFT_OUT: Final = {"__pycache__", ".aws-sam", ".hypothesis", ".pytest_cache", ".ruff_cache", "node_modules"}
_LEFT_OUT_SUFFIXES: Final = {".pyc", ".pem"}
_SETTINGS: Final = "samconfig.toml"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_STACK_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def patterns() -> dict[str, str]:
    """The patterns by name, each with the first sentence of its README.

    Raises ``UsageError`` when the package was installed without them.
    """
    return {folder.name: _first_sentence(folder / "README.md") for folder in _folders()}


def copy_stack(pattern: str, target: Path, name: str | None = None) -> int:
    """Copies a pattern's folder to ``target`` and gives the number of files.

    ``name`` becomes the stack's name in ``samconfig.toml``; a pattern of several stacks gets it as the beginning of
    each one's. Nothing that exists is overwritten, and a copy that fails leaves nothing behind. Raises ``UsageError``
    for a pattern or a name that cannot be, a target that is not empty, and a file that cannot be written.
    """
    source = _folder_of(pattern)
    if name is not None and not _STACK_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a stack",
            hint="letters, digits and hyphens, a letter first, 128 at most",
        )
    _must_be_free(target)
    staging: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Complete first, then moved into its place in one step.
        staging = Path(tempfile.mkdtemp(prefix=".tierlens-init-", dir=target.parent))
        made = staging / "stack"
        files = [path for path in source.rglob("*") if path.is_file() and not _left_out(path.relative_to(source))]
        for path in files:
            place = made / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            # The content alone: an installed file may be read-only, the copy is there to be changed.
            shutil.copyfile(path, place)
        if name is not None:
            for settings in made.rglob(_SETTINGS):
                _rename(settings, made, name)
        if target.is_dir():
            target.rmdir()
        made.rename(target)
    except OSError as error:
        raise UsageError(
            f"{pattern} cannot be copied to {target}: {error.strerror or error}",
            hint="name a folder that does not exist yet, in one that can be written to",
        ) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
    return len(files)


def _folders() -> list[Path]:
    found = importlib.util.find_spec("reference_stacks")
    for location in (found.submodule_search_locations or ()) if found is not None else ():
        folders = sorted(readme.parent for readme in Path(location).glob("*/README.md"))
        if folders:
            return folders
    raise UsageError("this installation has no reference stacks", hint="install tierlens anew from its wheel")


def _folder_of(pattern: str) -> Path:
    by_name = {folder.name: folder for folder in _folders()}
    # People write the names of stacks with hyphens.
    folder = by_name.get(pattern.replace("-", "_"))
    if folder is None:
        near = did_you_mean(pattern, by_name)
        raise UsageError(f"no pattern is named {pattern}", hint=near or "tierlens init --list describes them")
    return folder


def _must_be_free(target: Path) -> None:
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise UsageError(f"{target} exists and is not a folder", hint="name a folder that does not exist yet")
    if any(target.iterdir()):
        raise UsageError(f"{target} is not empty", hint="nothing is overwritten: name a new or an empty folder")


def _left_out(path: Path) -> bool:
    return bool(_LEFT_OUT & set(path.parts)) or path.suffix in _LEFT_OUT_SUFFIXES


def _first_sentence(readme: Path) -> str:
    paragraphs = readme.read_text(encoding="utf-8").split("\n\n")
    prose = next((text for text in paragraphs if text.strip() and not text.lstrip().startswith(("#", "<", "|"))), "")
    return re.split(r"(?<=\.)\s", " ".join(prose.split()))[0]


def _rename(settings: Path, root: Path, name: str) -> None:
    """Puts ``name`` for the pattern's own name in one settings file: the stack, and what is tagged with it."""
    text = settings.read_text(encoding="utf-8")
    stack_name = str(tomllib.loads(text)["default"]["global"]["parameters"]["stack_name"])
    service = "" if settings.parent == root else f"-{settings.parent.name}"
    own = re.escape(stack_name.removesuffix(service))
    settings.write_text(re.sub(rf"(?<![\w-]){own}(?=(?:{service})?(?![\w-]))", name, text), encoding="utf-8")
