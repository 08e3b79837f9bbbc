"""What is committed belongs to everybody: no path of one machine, no package registry, no leftovers."""

import re
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, checked_out_files

# Written in pieces, so that this file does not hold what it looks for.
PERSONAL_FOLDERS = re.compile(
    r"(?<![\w.~$}/-])/(?:" + "|".join(("home", "Users", "root", "wo" + "rk")) + r")/[\w.-]+"
)
REGISTRIES = re.compile(
    "|".join(
        (
            r"py" + r"pi\.org",
            r"pythonhosted" + r"\.org",
            r"registry\." + r"npmjs",
            r"--(?:extra-)?index" + r"-url",
            r"PIP_(?:EXTRA_)?INDEX" + r"_URL",
            r"file://" + r"/opt/",
        )
    )
)
LEFTOVERS = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text)]


def texts() -> dict[str, str]:
    contents = {path: (ROOT / path).read_bytes() for path in checked_out_files()}
    return {path: content.decode("utf-8", errors="replace") for path, content in contents.items()}


@pytest.mark.parametrize("pattern", [PERSONAL_FOLDERS, REGISTRIES, LEFTOVERS], ids=["folders", "registries", "merge"])
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    assert {path: found(pattern, text) for path, text in texts().items() if pattern.search(text)} == {}


def test_no_file_holds_the_place_of_this_checkout_or_interpreter() -> None:
    places = [str(place) for place in (ROOT, Path(sys.prefix)) if len(place.parts) > 2]
    assert {path: place for path, text in texts().items() for place in places if f"{place}/" in text} == {}


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (PERSONAL_FOLDERS, "see /home/" + "ada/notes.md", ["/home/" + "ada"]),
        (PERSONAL_FOLDERS, "open('/Users/" + "ada/x')", ["/Users/" + "ada"]),
        (PERSONAL_FOLDERS, "arn:aws:iam::123456789012:root, site/home/page, https://example.com/home/page", []),
        (REGISTRIES, "pip install --index" + "-url X", ["--index" + "-url"]),
        (REGISTRIES, "an index of types", []),
        (LEFTOVERS, "a\n<<<<<<" + "< HEAD\n", ["<<<<<<" + "< "]),
    ],
)
def test_the_patterns_tell_apart(pattern: re.Pattern[str], text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


def test_nothing_built_is_checked_in() -> None:
    built = re.compile(r"(^|/)(__pycache__|\.aws-sam|[^/]+\.egg-info)/|^(build|dist)/|\.(pyc|whl)$")
    assert [path for path in checked_out_files() if built.search(path)] == []


def test_every_package_of_tests_has_a_unique_place() -> None:
    """Two test files of one name in folders without `__init__.py` would hide each other."""
    folders = {Path(path).parent for path in checked_out_files() if re.match(r"tests/.*test_[^/]+\.py$", path)}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []
