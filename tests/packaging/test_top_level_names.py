"""The import names are generic: nothing we depend on may provide one of them."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.checkout import ROOT

OURS = frozenset({"validator", "rules", "reports", "reference_stacks"})


def requirements_of_the_project() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(text) for texts in (project["dependencies"], *extras) for text in texts]


def closure(requirements: Iterable[Requirement]) -> dict[str, Distribution]:
    """The installed distributions that the requirements lead to, by name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) in seen or not _wanted(requirement, ""):
                continue
            seen.add((name, extra))
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            further = map(Requirement, found[name].requires or ())
            waiting.extend(_unmarked(r) for r in further if _wanted(r, extra))
    return found


def _wanted(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _unmarked(requirement: Requirement) -> Requirement:
    requirement.marker = None
    return requirement


def top_level_names(provider: Distribution) -> frozenset[str]:
    """What the distribution makes importable: its packages and modules, whatever its metadata says."""
    return frozenset(_names(provider))


def _names(provider: Distribution) -> Iterator[str]:
    for path in provider.files or ():
        first = path.parts[0]
        if first in ("..", "/") or first.endswith((".dist-info", ".egg-info", ".data")):
            continue
        if len(path.parts) > 1:
            yield first
        elif path.suffix in (".py", ".so", ".pyd"):
            yield first.split(".")[0]


def test_no_dependency_provides_one_of_our_names() -> None:
    providers = closure(requirements_of_the_project())
    # Without these the closure was not walked: the test would pass for want of anything to look at.
    assert {"click", "cfn-lint", "checkov", "networkx", "botocore", "pluggy"} <= set(providers)

    clashes = {name: sorted(top_level_names(dist) & OURS) for name, dist in providers.items() if name != "tierlens"}

    assert {name: names for name, names in clashes.items() if names} == {}


def test_a_distribution_with_our_names_is_seen(tmp_path: Path) -> None:
    metadata = tmp_path / "fake-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: fake\nVersion: 1.0\n")
    (metadata / "RECORD").write_text(
        "rules/__init__.py,,\nreports.py,,\nfake/validator/__init__.py,,\n../../bin/reference_stacks,,\n"
        "fake-1.0.dist-info/METADATA,,\n"
    )

    names = top_level_names(Distribution.at(metadata))

    assert names == {"rules", "reports", "fake"}
    assert names & OURS == {"rules", "reports"}


def test_the_names_are_those_of_the_folders() -> None:
    find = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert {pattern.removesuffix("*") for pattern in find["find"]["include"]} == OURS
    assert {name for name in OURS if (ROOT / name).is_dir()} == OURS
