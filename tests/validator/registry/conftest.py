"""Installed packages made of files, without an installer."""

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from validator.registry import entry_points

Install = Callable[[str, str, dict[str, str]], None]

RULE_PACK = """\
from validator.model import Category, Severity
from validator.rulekit import Rule, RuleMeta

class Silent(Rule):
    def __init__(self, rule_id):
        self.meta = RuleMeta(rule_id, "title", Category.API_AUTH, Severity.LOW, "why", ())

    def judge(self, subject, graph):
        return iter(())

def pack():
    return tuple(map(Silent, {ids!r}))
"""

WRITER = """\
class Writer:
    name = {name!r}

    def write(self, review, options):
        return "report\\n"

writer = Writer()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Adds a package to the only ones that exist: distribution, entry_points.txt, files by module name."""

    def of_group(group: str) -> tuple[EntryPoint, ...]:
        found = (point for distribution in distributions(path=[str(tmp_path)]) for point in distribution.entry_points)
        return tuple(point for point in found if point.group == group)

    def add(distribution: str, declared: str, modules: dict[str, str]) -> None:
        folder = tmp_path / f"{distribution.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(declared)
        for module, text in modules.items():
            (tmp_path / f"{module}.py").write_text(text)
            monkeypatch.delitem(sys.modules, module, raising=False)

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(entry_points, "entry_points", of_group)
    return add
