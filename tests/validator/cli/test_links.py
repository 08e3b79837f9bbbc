from pathlib import Path

import pytest

from validator.cli.links import link_base

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_SHA": "abc",
}
GITLAB = {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://gitlab.example/g/p", "CI_COMMIT_SHA": "abc"}


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ({}, ""),
        (GITHUB, "https://github.com/o/r/blob/abc"),
        (GITHUB | {"GITHUB_SHA": ""}, ""),
        (GITHUB | {"GITHUB_SERVER_URL": "javascript:alert(1)"}, ""),
        ({key: value for key, value in GITHUB.items() if key != "GITHUB_ACTIONS"}, ""),
        (GITLAB, "https://gitlab.example/g/p/-/blob/abc"),
        (GITLAB | {"CI_COMMIT_SHA": ""}, ""),
    ],
)
def test_the_pipeline_says_where_files_are(environment: dict[str, str], base: str, tmp_path: Path) -> None:
    assert link_base(environment, tmp_path) == base


def test_a_root_below_the_checkout_is_part_of_the_address(tmp_path: Path) -> None:
    root = tmp_path / "my service"
    root.mkdir()
    inside = GITHUB | {"GITHUB_WORKSPACE": str(tmp_path)}

    assert link_base(inside, root) == "https://github.com/o/r/blob/abc/my%20service"
    assert link_base(GITHUB | {"GITHUB_WORKSPACE": str(root)}, tmp_path) == "https://github.com/o/r/blob/abc"
