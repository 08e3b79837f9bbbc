"""At least 97 % of the exact cases agree, both ways; ``docs/agreement.md`` explains each that does not."""

import pytest

from tests.agreement.labelled_cases import CASES, agrees, labels

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the labelled cases do not lie beside this checkout")

BAR = 0.97


@pytest.mark.parametrize("verdict", ["fail", "pass"])
def test_exact_cases_agree(verdict: str) -> None:
    wanted = [label for label in labels() if label.verdict == verdict]
    missed = [f"{label.id} {label.resources}" for label in wanted if not agrees(label)]
    assert len(wanted) > 50
    assert 1 - len(missed) / len(wanted) >= BAR, missed
