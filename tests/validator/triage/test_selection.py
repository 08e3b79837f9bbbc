import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.model import Category, UsageError
from validator.triage import Selection

RULES = {
    "AUTH001": Category.API_AUTH,
    "AUTH002": Category.API_AUTH,
    "WAF001": Category.WAF_COVERAGE,
    "DATA001": Category.PRIVATE_DATA,
}


@pytest.mark.parametrize(
    ("select", "ignore", "chosen"),
    [
        ((), (), {"AUTH001", "AUTH002", "WAF001", "DATA001"}),
        (("AUTH",), (), {"AUTH001", "AUTH002"}),
        (("AUTH001",), (), {"AUTH001"}),
        (("waf-coverage", "DATA"), (), {"WAF001", "DATA001"}),
        ((), ("api-auth",), {"WAF001", "DATA001"}),
        (("AUTH",), ("AUTH002",), {"AUTH001"}),
        (("api-auth", "WAF"), ("AUTH",), {"WAF001"}),
    ],
)
def test_names_choose_rules(select, ignore, chosen):
    assert Selection(select, ignore).chosen(RULES) == chosen


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(("AUHT001",)), "select: 'AUHT001' matches no rule: did you mean 'AUTH001'?"),
        (Selection(("auth",)), "select: 'auth' matches no rule: did you mean 'AUTH'?"),
        (Selection((), ("waf-coverag",)), "ignore: 'waf-coverag' matches no rule: did you mean 'waf-coverage'?"),
        (Selection(("",)), "select: '' matches no rule"),
        (Selection(("zzz", "yyy")), "select: 'zzz' matches no rule\nselect: 'yyy' matches no rule"),
        (Selection(("AUTH001",), ("AUTH",)), "the selection leaves no rule to run"),
    ],
)
def test_a_selection_that_means_nothing_is_refused(selection, message):
    with pytest.raises(UsageError) as caught:
        selection.chosen(RULES)
    assert caught.value.message == message


NAMES = st.lists(st.sampled_from([*RULES, "AUTH", "WAF", "api-auth", "private-data"])).map(tuple)


@given(NAMES, NAMES)
def test_ignore_only_takes_away(select: tuple[str, ...], ignore: tuple[str, ...]) -> None:
    for rule, category in RULES.items():
        both = Selection(select, ignore).matches(rule, category)
        assert both == (Selection(select).matches(rule, category) and Selection((), ignore).matches(rule, category))
