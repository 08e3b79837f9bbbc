"""What is provable in one template is provable split: the same verdicts, rule by rule and resource by resource."""

import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workloads.running import run
from tests.workloads.splitting import Whole, by_exports, expanded, nested, parts_of
from validator.model import Review

STACKS = Path(__file__).parents[2] / "reference_stacks"
TEMPLATES = (
    "mobile_backend/template.yaml",
    "single_page_app/template.yaml",
    "web_app/template.yaml",
    "lambda_in_vpc/template.yaml",
    "microservices/tickets/template.yaml",
)
BY_STACKS = {"TIER009", "IAM013", "API018", "EDGE004"}
"""What a border between stacks changes by its nature: TIER009 and IAM013 take a stack for a service, API018 is about
the order within a stack (``DependsOn``), EDGE004 about the Region that a stack is forced into by what it makes."""
TRIO = Path(__file__).with_name("trio.yaml")

Verdicts = Counter[tuple[str, str, str, str]]


@cache
def whole(file: Path) -> Whole:
    return expanded(file)


def defaults(template: Whole) -> list[str]:
    declared = template.sections.get("Parameters", {})
    return [f"{name}={entry['Default']}" for name, entry in declared.items() if "Default" in entry]


def verdicts(result: Review) -> Verdicts:
    assert not [d for d in result.diagnostics if d.level.value == "error"]
    return Counter(
        (finding.rule, finding.resource, finding.target, finding.verdict.value)
        for finding in result.findings
        if finding.rule not in BY_STACKS
    )


@cache
def unsplit(file: Path, folder: Path, given: bool) -> Verdicts:
    template = whole(file)
    return verdicts(run(folder, {"whole.json": template.text}, *(defaults(template) if given else ())))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("split")


def split(file: Path, seed: int, parts: int) -> dict[str, int]:
    chance = random.Random(seed)
    return parts_of(whole(file), lambda _name, least: max(least, chance.randrange(parts)))


@pytest.mark.parametrize("name", TEMPLATES)
def test_reference_stacks_over_exports_and_over_nested_stacks(name: str, workshop: Path, tmp_path: Path) -> None:
    file = STACKS / name
    template = whole(file)
    placed = split(file, 7, 4)
    apart = run(tmp_path / "apart", by_exports(template, placed), *defaults(template))
    assert len({finding.stack for finding in apart.findings}) > 1
    assert verdicts(apart) == unsplit(file, workshop / name / "given", True)
    inside = run(tmp_path / "inside", nested(template, placed))
    assert verdicts(inside) == unsplit(file, workshop / name / "open", False)


@given(seed=st.integers(0, 10_000), parts=st.integers(2, 5))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_network_a_store_and_a_service_however_they_are_divided(
    seed: int, parts: int, workshop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    template = whole(TRIO)
    placed = split(TRIO, seed, parts)
    apart = run(tmp_path_factory.mktemp("apart"), by_exports(template, placed), *defaults(template))
    assert verdicts(apart) == unsplit(TRIO, workshop / "trio" / "given", True)
    inside = run(tmp_path_factory.mktemp("inside"), nested(template, placed))
    assert verdicts(inside) == unsplit(TRIO, workshop / "trio" / "open", False)
