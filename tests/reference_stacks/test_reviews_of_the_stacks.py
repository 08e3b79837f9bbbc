"""What the reviews say about each reference stack, and whether its README still tells the truth."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs
from cfnlint.decode.cfn_yaml import loads

from tests.reference_stacks.emulator.environment import ROOT, STACKS
from tools import stack_pictures
from validator.cli.main import run

PATTERNS = ["lambda_in_vpc", "microservices", "mobile_backend", "single_page_app", "web_app"]
TEMPLATES = sorted(path.relative_to(STACKS).as_posix() for path in STACKS.rglob("template.yaml"))
TIERS = {"presentation", "logic", "data"}
HEADINGS = {"What it shows", "What costs money", "Deploy", "Take down"}


def test_every_pattern_of_the_white_paper_has_its_stack() -> None:
    assert sorted(path.parent.name for path in STACKS.glob("*/README.md")) == PATTERNS


@pytest.mark.parametrize("stack", PATTERNS)
def test_tierlens_finds_nothing_that_fails_or_is_undecided(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["check", str(STACKS / stack), "--root", str(ROOT), "--format", "json", "--fail-on", "low"])
    captured = capsys.readouterr()
    assert captured.out, captured.err
    findings = json.loads(captured.out)["findings"]

    open_ones = [each for each in findings if each["status"] in ("fail", "unknown")]
    assert [(each["rule"], each["resource"], each["message"]) for each in open_ones] == []
    assert status == 0
    # A run that judges nothing finds nothing either.
    assert Counter(each["status"] for each in findings)["pass"] > 30


@pytest.mark.parametrize("template", TEMPLATES)
def test_cfn_lint_says_nothing(template: str) -> None:
    matches = lint_file(STACKS / template, config=ManualArgs(regions=["us-east-1"]))

    assert [str(match) for match in matches] == []


def resources(stack: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((STACKS / stack).rglob("template.yaml")):
        found |= loads(path.read_text(encoding="utf-8"))["Resources"]
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_checkov_is_not_to_say_has_a_reason(template: str) -> None:
    content = loads((STACKS / template).read_text(encoding="utf-8"))["Resources"]
    skipped = [
        (name, skip["id"], skip.get("comment", ""))
        for name, resource in content.items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]

    assert [entry for entry in skipped if len(entry[2].split()) < 5] == []


@pytest.mark.parametrize("stack", PATTERNS)
def test_the_table_of_the_readme_names_what_is_in_the_template(stack: str) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (STACKS / stack / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(tuple(f"| {tier} |" for tier in TIERS))
    ]
    known = set(resources(stack))
    made_by_sam = {f"{name}Role" for name in known}
    named = {word for row in rows for word in re.findall(r"`([A-Z][A-Za-z0-9]+)`", row[-1])}

    assert {row[0] for row in rows} == TIERS
    assert named & known
    authorizers = {name for resource in resources(stack).values() for name in _authorizers(resource)}
    assert sorted(named - known - made_by_sam - authorizers - {"MasterUserSecret"}) == []


def _authorizers(resource: dict[str, Any]) -> set[str]:
    auth = (resource.get("Properties") or {}).get("Auth")
    return set(auth.get("Authorizers", {})) if isinstance(auth, dict) else set()


@pytest.mark.parametrize("stack", PATTERNS)
def test_the_readme_tells_how_to_deploy_and_take_down(stack: str) -> None:
    text = (STACKS / stack / "README.md").read_text(encoding="utf-8")

    assert HEADINGS - set(re.findall(r"^## (.+)$", text, re.MULTILINE)) == set()
    assert "sam deploy --guided" in text


def test_every_picture_is_what_tierlens_graph_prints() -> None:
    wanted = stack_pictures.generated()
    stale = [str(path) for path, text in wanted.items() if (ROOT / path).read_text(encoding="utf-8") != text]

    assert sorted(path.parent.name for path in wanted) == PATTERNS
    assert stale == [], "python -m tools.stack_pictures renews them"


def test_a_picture_that_is_not_fresh_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = tmp_path / "reference_stacks" / "small"
    stack.mkdir(parents=True)
    (stack / "template.yaml").write_text("Resources: {Table: {Type: AWS::DynamoDB::Table}}\n", encoding="utf-8")
    readme = stack / "README.md"
    readme.write_text(f"# Small\n\n{stack_pictures.BEGIN}\n\nThe end.\n", encoding="utf-8")
    monkeypatch.setattr(stack_pictures, "ROOT", tmp_path)

    before = stack_pictures.stale()
    stack_pictures.main()
    written = readme.read_text(encoding="utf-8")

    assert before == (Path("reference_stacks/small/README.md"),)
    assert stack_pictures.stale() == ()
    assert "```mermaid\nflowchart" in written
    assert "Table<br/>AWS::DynamoDB::Table" in written
    assert written.endswith(f"```\n{stack_pictures.END}\n\nThe end.\n")
    readme.write_text(written.replace("Table<br/>", "Stool<br/>"), encoding="utf-8")
    assert stack_pictures.stale() == before
