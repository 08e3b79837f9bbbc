"""``tierlens scan`` as people call it."""

from tests.validator.cli.conftest import Project, Tierlens

QUEUE = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"


def test_a_list_of_repositories_beside_its_list(project: Project, tierlens: Tierlens) -> None:
    place = project(**{"lists/repos.txt": "# ours\n../a\n\n../gone\n", "a/template.yaml": QUEUE})

    done = tierlens("scan", "--from", "lists/repos.txt", "--engine", "tierlens", "--jobs", "1", "-o", "out.jsonl")

    assert done.status == 2
    assert done.out.startswith("2 repositories: 1 error, 1 ok; ")
    assert "lists/../gone: error: no such folder: " in done.err
    assert len((place / "out.repositories.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_findings_do_not_make_it_fail(project: Project, tierlens: Tierlens) -> None:
    project(**{"a/template.yaml": QUEUE})

    done = tierlens("scan", "a", "--engine", "tierlens", "-o", "out.jsonl")

    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("written: out.jsonl, out.repositories.jsonl\n")


def test_nothing_to_scan_is_an_error(project: Project, tierlens: Tierlens) -> None:
    project()

    done = tierlens("scan", "-o", "out.jsonl")

    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[0] == "error: there is nothing to scan"
