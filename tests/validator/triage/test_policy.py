"""Which names and which paths a policy speaks of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validator.triage.examples import finding
from validator.model import Category, Severity, Span
from validator.settings import PathPolicy, Settings
from validator.triage.policy import Policy, path_matches, policy_of, rating_of

SPAN = Span("tierlens.toml", 1, 1, 1, 1)
LOW, HIGH, CRITICAL = Severity.LOW, Severity.HIGH, Severity.CRITICAL


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("legacy/**", "legacy/a.yaml", True),
        ("legacy/**", "legacy/deep/er/a.yaml", True),
        ("legacy/**", "legacy", False),
        ("legacy/**", "legacy2/a.yaml", False),
        ("legacy/**", "src/legacy/a.yaml", False),
        ("legacy", "legacy/deep/a.yaml", True),
        ("legacy/", "legacy/a.yaml", True),
        ("./legacy", "legacy/a.yaml", True),
        ("legacy", "legacy.yaml", False),
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "b/a.yaml", False),
        ("**/*.yaml", "a.yaml", True),
        ("**/*.yaml", "c/b/a.yaml", True),
        ("**/old/**", "old/a.yaml", True),
        ("**/old/**", "x/old/y/a.yaml", True),
        ("**/old/**", "x/older/a.yaml", False),
        ("a/*/c.yaml", "a/b/c.yaml", True),
        ("a/*/c.yaml", "a/b/b/c.yaml", False),
        ("a/**/c.yaml", "a/c.yaml", True),
        ("a?.yaml", "ab.yaml", True),
        ("a?.yaml", "a/.yaml", False),
        ("a[1].yaml", "a[1].yaml", True),
        ("a.yaml", "axyaml", False),
        ("**", "a/b.yaml", True),
    ],
)
def test_globs(pattern: str, path: str, matches: bool) -> None:
    assert path_matches(pattern, path) is matches


NAME = st.text("abc.+(", min_size=1, max_size=4).filter(lambda name: name != ".")
PARTS = st.lists(NAME, min_size=1, max_size=4)


@given(PARTS)
def test_a_path_without_marks_matches_itself_and_what_lies_below(parts: list[str]) -> None:
    path = "/".join(parts)
    assert path_matches(path, path)
    assert path_matches(path, f"{path}/below")
    assert not path_matches(path, f"{path}x")
    assert path_matches(f"**/{parts[-1]}", path)


@pytest.mark.parametrize(
    ("severity", "rated"),
    [
        ({"AUTH001": LOW, "AUTH": HIGH, "api-auth": CRITICAL, "tierlens": CRITICAL}, LOW),
        ({"AUTH00": LOW, "AUTH": HIGH}, LOW),
        ({"AUTH": LOW, "api-auth": HIGH}, LOW),
        ({"tierlens": HIGH, "api-auth": LOW}, LOW),
        ({"tierlens": LOW}, LOW),
        ({"AUTH001": None, "api-auth": LOW}, None),
    ],
)
def test_the_most_exact_name_counts_in_any_order(
    severity: dict[str, Severity | None], rated: Severity | None
) -> None:
    for given_ in (severity, dict(reversed(severity.items()))):
        rating = rating_of(given_, "AUTH001", Category.API_AUTH, "tierlens")
        assert rating is not None
        assert rating.severity is rated


def test_no_name_is_no_rating() -> None:
    names: dict[str, Severity | None] = {"AUTH002": LOW, "WAF": LOW, "checkov": LOW, "private-data": None}
    assert rating_of(names, "AUTH001", Category.API_AUTH, "tierlens") is None


def path_policy(pattern: str, *ignore: str, **severity: Severity | None) -> PathPolicy:
    return PathPolicy(pattern, SPAN, ignore, severity)


def policy(*paths: PathPolicy, folder: str = "/p", root: str = "/p", **severity: Severity | None) -> Policy:
    return Policy(severity, paths, folder, root)


def severities(policy_: Policy, *templates: str) -> list[Severity | str]:
    """What becomes of one high failure of AUTH001 in each template; ``off`` where it is dropped."""
    found = [policy_.without_off([finding(template=template)])[0] for template in templates]
    return [policy_.rated(one[0]).severity if one else "off" for one in found]


def test_the_last_path_that_speaks_of_the_rule_counts() -> None:
    rules = policy(
        path_policy("old/**", "api-auth"),
        path_policy("old/new/**", AUTH=LOW),
        path_policy("**", WAF=None),
        AUTH=CRITICAL,
    )
    assert severities(rules, "a.yaml", "old/a.yaml", "old/new/a.yaml") == [CRITICAL, "off", LOW]


def test_a_path_may_have_what_is_off_elsewhere() -> None:
    rules = policy(path_policy("prod/**", AUTH001=HIGH), AUTH=None)
    assert severities(rules, "a.yaml", "prod/a.yaml") == ["off", HIGH]
    assert [rules.off_everywhere(one, Category.API_AUTH) for one in ("AUTH001", "AUTH002")] == [False, True]


@pytest.mark.parametrize(
    ("folder", "root", "off"),
    [
        ("/p", "/p", "old/a.yaml"),
        ("/p/team", "/p", "team/old/a.yaml"),
        ("/p", "/", "p/old/a.yaml"),
    ],
)
def test_globs_are_relative_to_the_folder_of_the_settings(folder: str, root: str, off: str) -> None:
    rules = policy(path_policy("old/**", "AUTH"), folder=folder, root=root)
    assert severities(rules, off, "other/a.yaml", "/elsewhere/old/a.yaml") == ["off", HIGH, HIGH]


def test_a_root_below_the_settings_is_seen_from_the_settings() -> None:
    rules = policy(path_policy("old/**", "AUTH"), folder="/p", root="/p/old")
    assert severities(rules, "a.yaml", "/p/new/a.yaml", "/p/old/b.yaml") == ["off", HIGH, "off"]


def test_what_a_path_leaves_out_is_told() -> None:
    kept, (notice,) = policy(path_policy("old/**", "AUTH")).without_off(
        [finding(template="old/a.yaml"), finding(template="b.yaml")]
    )
    assert [one.template for one in kept] == ["b.yaml"]
    assert notice.message == "paths.'old/**' switches off AUTH001 there: 1 verdict (1 fail)"
    assert notice.span == SPAN


def test_the_policy_of_settings_takes_their_folder(tmp_path: Path) -> None:
    settings = Settings(source=tmp_path / "team" / "tierlens.toml", paths=(path_policy("old/**", "AUTH"),))
    assert severities(policy_of(settings, tmp_path), "team/old/a.yaml", "old/a.yaml") == ["off", HIGH]
