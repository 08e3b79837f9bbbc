"""The checkers find nothing in the template."""

from tests.reference_stacks.checks import cfn_lint, checkov, undecided_and_failed
from tests.reference_stacks.emulator.environment import STACKS

STACK = STACKS / "single_page_app"


def test_tierlens_proves_everything() -> None:
    assert undecided_and_failed(STACK) == []


def test_cfn_lint_says_nothing() -> None:
    assert cfn_lint(STACK / "template.yaml") == []


def test_checkov_says_nothing_and_what_is_skipped_has_a_reason() -> None:
    assert checkov(STACK / "template.yaml") == ([], [])
