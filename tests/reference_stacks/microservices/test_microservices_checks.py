"""The checkers find nothing in the templates of the microservices, each taken by itself."""

from pathlib import Path

import pytest

from tests.reference_stacks.checks import checkov, templates, undecided_and_failed
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.microservices.conftest import ORDER

STACK = STACKS / "microservices"
TEMPLATES = [pytest.param(template, id=template.parent.name) for template in templates(STACK)]


def test_each_service_is_a_template_of_its_own() -> None:
    assert {template.parent.name for template in templates(STACK)} == set(ORDER)


@pytest.mark.parametrize("template", TEMPLATES)
def test_tierlens_proves_everything_of_each_alone(template: Path) -> None:
    """The README says that no verdict hangs on what comes from a sibling."""
    assert undecided_and_failed(template) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_checkov_says_nothing_and_what_is_skipped_has_a_reason(template: Path) -> None:
    assert checkov(template) == ([], [])
