"""``check`` with the cache on: when it is used, when it is not, what people are told."""

import os
from pathlib import Path

import pytest

from tests.validator.cli.conftest import Project, Tierlens
from validator.model import Review
from validator.review import ReviewRequest, pipeline
from validator.review.pipeline import review

OPEN = "Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: true}}}\n"
CLOSED = OPEN.replace("true", "false")


class Calls:
    """Counts the reviews that were really made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, request: ReviewRequest) -> Review:
        self.made += 1
        return review(request)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    counted = Calls()
    monkeypatch.setattr(pipeline, "review", counted)
    return counted


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path_factory.mktemp("cache")
    place.chmod(0o700)
    monkeypatch.setenv("TIERLENS_CACHE_DIR", str(place))
    monkeypatch.delenv("TIERLENS_NO_CACHE")
    monkeypatch.setattr("validator.cache.runs.running_code", lambda: "always the same")
    return place


def test_the_second_run_makes_no_review_and_says_the_same(project: Project, tierlens: Tierlens, calls: Calls) -> None:
    project(**{"template.yaml": OPEN})

    first, second = tierlens("check", "."), tierlens("check", ".")

    assert first == second
    assert (first.status, first.err) == (1, "")
    assert "Db" in first.out
    assert calls.made == 1


def test_another_format_needs_no_new_review(project: Project, tierlens: Tierlens, calls: Calls) -> None:
    project(**{"template.yaml": OPEN})
    uncached = tierlens("check", ".", "--format", "json", "--no-cache")
    tierlens("check", ".")

    assert tierlens("check", ".", "--format", "json") == uncached
    assert calls.made == 2


def test_reports_to_files_are_written_by_a_kept_run_too(project: Project, tierlens: Tierlens, calls: Calls) -> None:
    root = project(**{"template.yaml": OPEN})
    tierlens("check", "template.yaml", "-o", "out.sarif")
    written = (root / "out.sarif").read_bytes()
    (root / "out.sarif").unlink()
    tierlens("check", "template.yaml", "-o", "out.sarif")

    assert (root / "out.sarif").read_bytes() == written
    assert calls.made == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--select", "DATA"),
        ("--region", "eu-west-1"),
        ("--parameter", "A=b"),
        ("--no-suppressions",),
        ("--root", "."),
    ],
)
def test_another_request_is_another_run(
    project: Project, tierlens: Tierlens, calls: Calls, options: tuple[str, ...]
) -> None:
    project(**{"template.yaml": "Parameters: {A: {Type: String}}\n" + OPEN})
    tierlens("check", ".")
    tierlens("check", ".", *options)

    assert calls.made == 2


def test_a_threshold_is_applied_to_a_kept_review(project: Project, tierlens: Tierlens, calls: Calls) -> None:
    project(**{"template.yaml": OPEN})

    assert tierlens("check", ".").status == 1
    assert (
        tierlens("check", ".", "--fail-on", "critical").status
        == tierlens("check", ".", "--fail-on", "critical", "--no-cache").status
    )
    assert tierlens("check", ".", "--exit-zero").status == 0
    assert calls.made == 2


def test_an_edit_that_times_do_not_show_is_seen(project: Project, tierlens: Tierlens) -> None:
    root = project(**{"template.yaml": OPEN.replace("true", "true ")})
    before = (root / "template.yaml").stat()
    tierlens("check", ".")
    (root / "template.yaml").write_text(CLOSED)
    os.utime(root / "template.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))

    assert tierlens("check", ".", "--select", "DATA002") == tierlens(
        "check", ".", "--select", "DATA002", "--no-cache"
    )
    assert tierlens("check", ".") == tierlens("check", ".", "--no-cache")


def test_code_that_changed_is_asked_anew(
    project: Project, tierlens: Tierlens, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(**{"template.yaml": OPEN})
    tierlens("check", ".")
    monkeypatch.setattr("validator.cache.runs.running_code", lambda: "something newer")
    tierlens("check", ".")

    assert calls.made == 2


@pytest.mark.parametrize("switch", ["option", "variable"])
def test_without_the_cache_nothing_is_kept(
    project: Project, tierlens: Tierlens, cache: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    project(**{"template.yaml": OPEN})
    if switch == "variable":
        monkeypatch.setenv("TIERLENS_NO_CACHE", "1")
    tierlens("check", ".", *(["--no-cache"] if switch == "option" else []))

    assert list(cache.iterdir()) == []


def test_damaged_entries_are_told_and_made_anew(
    project: Project, tierlens: Tierlens, cache: Path, calls: Calls
) -> None:
    project(**{"template.yaml": OPEN})
    first = tierlens("check", ".")
    for path in cache.rglob("*.entry"):
        path.write_bytes(b"damaged")
    second, third = tierlens("check", "."), tierlens("check", ".")

    assert (second.status, second.out) == (first.status, first.out)
    assert second.err.startswith("note: a damaged entry of the cache is ignored and made anew: ")
    assert third == first
    assert calls.made == 2


def test_a_fault_of_ours_is_not_kept(
    project: Project, tierlens: Tierlens, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("too many open files")

    project(**{"template.yaml": OPEN})
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "run_rules", fails)
        assert tierlens("check", ".").status == 2

    assert tierlens("check", ".").status == 1
    assert calls.made == 2


def test_info_and_clear(project: Project, tierlens: Tierlens, cache: Path) -> None:
    project(**{"template.yaml": OPEN})
    tierlens("check", ".")
    entries = list(cache.rglob("*.entry"))
    size = f"{sum(path.stat().st_size for path in entries) / 1_048_576:.1f} MB"

    assert tierlens("cache", "info").out == f"{cache}\n{len(entries)} entries, {size} of 256.0 MB at most\n"
    assert tierlens("cache", "clear").out == f"removed {len(entries)} entries, {size}\n"
    assert tierlens("cache", "info").out == f"{cache}\n0 entries, 0.0 MB of 256.0 MB at most\n"
