"""checkov finds nothing in the web application's template, and what is skipped has a reason."""

from tests.reference_stacks.checks import checkov
from tests.reference_stacks.web_app.conftest import STACK


def test_checkov_says_nothing_and_what_is_skipped_has_a_reason() -> None:
    assert checkov(STACK / "template.yaml") == ([], [])
