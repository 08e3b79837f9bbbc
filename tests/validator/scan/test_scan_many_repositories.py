"""A scan of many repositories: rows, statuses, going on from before, and what must not stop the rest."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from validator.model import UsageError
from validator.scan import ScanRequest, isolated, scan
from validator.scan.executors import run
from validator.scan.isolated import outcome_of
from validator.scan.parts import key_of
from validator.scan.repository import Job
from validator.scan.rows import FINDINGS, REPOSITORIES, Status

TABLE = """\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
DOOMED = "import os,signal;os.kill(os.getpid(), signal.SIGKILL)"


def repository(folder: Path, name: str, **files: str) -> Path:
    (folder / name).mkdir()
    for file, text in files.items():
        (folder / name / file.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder / name


def request(folder: Path, *repositories: Path, resume: bool = False, name: str = "out.jsonl") -> ScanRequest:
    return ScanRequest(
        repositories, folder / name, engines=("tierlens",), select=("PROT005",), resume=resume, workers=2
    )


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_repository_has_a_row_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    good = repository(tmp_path, "good", template__yaml=TABLE)
    bad = repository(tmp_path, "bad", template__yaml=TABLE, tierlens__toml="nonsense = 1\n")
    broken = repository(
        tmp_path, "broken", template__yaml=TABLE, second__yaml="Resources: {A: {Type: AWS::SQS::Queue"
    )
    empty = repository(tmp_path, "empty", readme__md="nothing")
    asked = request(tmp_path, bad, good, broken, empty, tmp_path / "gone")

    summary = scan(asked)

    found = {str(row["repository"]): row for row in rows(asked.repositories_output)}
    assert [Path(name).name for name in found] == ["bad", "good", "broken", "empty", "gone"]
    assert [row["status"] for row in found.values()] == ["error", "ok", "incomplete", "empty", "error"]
    assert "unknown key 'nonsense'" in str(found[str(bad)]["message"])
    assert found[str(good)]["failed"] == 1
    assert list(found[str(good)]) == list(REPOSITORIES)
    findings = rows(asked.output)
    assert [row["repository"] for row in findings] == [str(good), str(broken)]
    assert {(row["rule"], row["verdict"], row["resource"], row["line"]) for row in findings} == {
        ("PROT005", "fail", "Table", 2)
    }
    assert list(findings[0]) == list(FINDINGS)
    assert [Path(name).name for name, _, _ in summary.troubles] == ["bad", "broken", "gone"]


def test_settings_above_the_repository_do_not_reach_it(tmp_path: Path) -> None:
    (tmp_path / "tierlens.toml").write_text("nonsense = 1\n", encoding="utf-8")
    own = repository(tmp_path, "own", template__yaml=TABLE, tierlens__toml='ignore = ["PROT005"]\n')
    none = repository(tmp_path, "none", template__yaml=TABLE, pyproject__toml="[tool.tierlens]\n")

    asked = request(tmp_path, own, none)
    scan(asked)

    assert [row["repository"] for row in rows(asked.output)] == [str(none)]


def test_a_second_scan_takes_only_what_did_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = repository(tmp_path, "same", template__yaml=TABLE)
    changed = repository(tmp_path, "changed", template__yaml=TABLE)
    scan(request(tmp_path, same, changed))
    before = rows(request(tmp_path).output)
    (changed / "template.yaml").write_text(TABLE.replace("Table:\n", "Other:\n", 1), encoding="utf-8")

    summary = scan(request(tmp_path, same, changed, resume=True))

    after = rows(request(tmp_path).output)
    assert summary.resumed == 1
    assert after[0]["scanned_at"] == before[0]["scanned_at"]
    assert [row["resource"] for row in after] == ["Table", "Other"]

    monkeypatch.setattr(isolated, "_BOOTSTRAP", DOOMED)
    assert scan(request(tmp_path, same, changed, resume=True)).resumed == 2
    anew = scan(request(tmp_path, same, changed))
    assert anew.resumed == 0
    assert anew.statuses == {Status.CRASHED: 2}


def test_an_interrupted_scan_keeps_what_is_finished_and_the_output_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (repository(tmp_path, name, template__yaml=TABLE) for name in ("first", "second"))
    asked = request(tmp_path, first, second)
    asked.output.write_text("as it was\n", encoding="utf-8")

    def interrupted(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(ScanRequest(asked.repositories, asked.output, workers=1, engines=asked.engines, progress=interrupted))
    assert asked.output.read_text(encoding="utf-8") == "as it was\n"
    parts = asked.output.with_name("out.jsonl.parts")
    assert len(list(parts.iterdir())) == 1
    (parts / "half.json.partial").write_text('{"key": "', encoding="utf-8")

    again = ScanRequest(asked.repositories, asked.output, workers=1, engines=asked.engines, resume=True)
    assert scan(again).resumed == 1
    assert {row["repository"] for row in rows(asked.output)} == {str(first), str(second)}


def test_a_part_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    asked = request(tmp_path, repository(tmp_path, "one", template__yaml=TABLE), resume=True)
    scan(asked)
    (part,) = asked.output.with_name("out.jsonl.parts").iterdir()
    part.write_bytes(part.read_bytes()[:50])

    assert scan(asked).resumed == 0
    assert len(rows(asked.output)) == 1


def job(path: Path, timeout: float = 60.0) -> Job:
    return {
        "name": path.name,
        "path": str(path),
        "engines": ["tierlens"],
        "select": ["PROT005"],
        "ignore": [],
        "today": "2026-11-23",
        "timeout": timeout,
    }


def test_what_takes_too_long_is_ended_and_said(tmp_path: Path) -> None:
    outcome = outcome_of(job(repository(tmp_path, "slow", template__yaml=TABLE), timeout=0.01))

    assert (outcome["status"]["status"], outcome["status"]["message"]) == ("timeout", "not done after 0.01 seconds")


def test_a_process_that_is_killed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_BOOTSTRAP", DOOMED)

    outcome = outcome_of(job(tmp_path))

    assert (outcome["status"]["status"], outcome["status"]["message"]) == (
        "crashed",
        "the process ended with signal 9",
    )


def test_a_package_in_the_repository_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = repository(tmp_path, "hostile", template__yaml=TABLE, validator__py="raise SystemExit(7)")
    monkeypatch.chdir(hostile)
    monkeypatch.syspath_prepend(str(hostile))

    assert outcome_of(job(hostile))["status"]["status"] == "ok"


def test_the_key_knows_every_file_and_option_but_not_the_name(tmp_path: Path) -> None:
    place = repository(tmp_path, "one", template__yaml=TABLE)
    first = key_of(job(place))
    (place / ".git").mkdir()
    (place / ".git" / "index").write_text("changes with every status", encoding="utf-8")
    assert key_of({**job(place), "name": "other", "timeout": 5.0}) == first
    assert key_of({**job(place), "select": []}) != first
    assert key_of({**job(place), "today": "2026-11-24"}) != first
    (place / "schema.graphql").write_text("type Query", encoding="utf-8")
    assert key_of(job(place)) != first


@pytest.mark.parametrize(
    ("name", "executor", "said"),
    [
        ("out.csv", "local", "the ending says no format"),
        ("out.jsonl", "spark://there:1", "there is no executor 'spark://there:1'"),
        ("out.jsonl", "dask://there", "there is no executor 'dask://there'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_scanned(
    tmp_path: Path, name: str, executor: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        scan(ScanRequest((tmp_path,), tmp_path / name, executor))


def test_parquet_has_the_same_rows_with_stable_types(tmp_path: Path) -> None:
    parquet = _needed("pyarrow.parquet")
    good = repository(tmp_path, "good", template__yaml=TABLE)
    empty = repository(tmp_path, "empty")
    asked = request(tmp_path, good, name="out.parquet")
    scan(asked)
    full = parquet.read_table(asked.output)
    nothing = request(tmp_path, empty, name="none.parquet")
    scan(nothing)

    assert [row["resource"] for row in full.to_pylist()] == ["Table"]
    assert parquet.read_schema(nothing.output) == full.schema
    assert str(full.schema.field("scanned_at").type) == "timestamp[us, tz=UTC]"
    assert str(full.schema.field("suppression_until").type) == "date32[day]"
    assert parquet.read_table(nothing.repositories_output).to_pylist()[0]["status"] == "empty"


def _needed(module: str):  # type: ignore[no-untyped-def]  # a module without types
    if os.environ.get("TIERLENS_TESTS_MUST_RUN"):
        return __import__(module, fromlist=["_"])
    return pytest.importorskip(module, reason=f"{module} is not installed: pip install 'tierlens[dask]'")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    distributed = _needed("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made.scheduler_address.replace("tcp://", "dask://")


def test_a_cluster_gives_the_same_findings_as_this_machine(tmp_path: Path, cluster: str) -> None:
    repositories = [repository(tmp_path, f"r{number}", template__yaml=TABLE) for number in range(3)]
    repositories.append(repository(tmp_path, "bad", template__yaml=TABLE, tierlens__toml="nonsense = 1\n"))
    here = request(tmp_path, *repositories)
    scan(here)
    there = ScanRequest(
        here.repositories, tmp_path / "there.jsonl", cluster, engines=here.engines, select=here.select
    )
    scan(there)

    changing = ("scan_id", "scanned_at", "scan_date", "duration_seconds")

    def lasting(path: Path) -> list[dict[str, object]]:
        return [{name: value for name, value in row.items() if name not in changing} for row in rows(path)]

    assert lasting(there.output) == lasting(here.output)
    assert lasting(there.repositories_output) == lasting(here.repositories_output)


def test_a_cluster_ends_what_takes_too_long(tmp_path: Path, cluster: str) -> None:
    jobs = [job(repository(tmp_path, "slow", template__yaml=TABLE), timeout=0.01)]

    assert [outcome["status"]["status"] for _, outcome in run(jobs, cluster, None)] == ["timeout"]
