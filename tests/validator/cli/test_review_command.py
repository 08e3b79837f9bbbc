"""``tierlens review`` and ``tierlens wa`` as people run them."""

import csv
import json
from pathlib import Path

import pytest

from tests.validator.cli.conftest import Project, Tierlens

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      InlineCode: "def handler(e, c): pass"
      Events:
        Get: {Type: Api, Properties: {Path: /tickets, Method: get}}
"""
WORKLOAD = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _own_engine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")


def practices(path: Path) -> dict[str, dict[str, object]]:
    data = json.loads(path.read_text(encoding="utf-8"))
    return {p["id"]: p for pillar in data["pillars"] for q in pillar["questions"] for p in q["practices"]}


def test_a_review_is_printed_and_written(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"template.yaml": TEMPLATE})
    done = tierlens("review", "template.yaml", "--title", "Ticket shop", "--date", "2026-11-23")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Serverless Lens review: Ticket shop\nReviewed on 2026-11-23 with tierlens ")
    assert "SEC1.a1 Each operation authenticates its caller" in done.out

    done = tierlens("review", "template.yaml", "-o", "review.json", "-o", "csv=risks.txt")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert practices(folder / "review.json")["SEC1.a1"]["standing"] == "not-shown"
    assert len(list(csv.reader((folder / "risks.txt").read_text(encoding="utf-8").splitlines()))) == 39


def test_the_way_of_an_interview(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"template.yaml": TEMPLATE})
    form = folder / "answers.yaml"
    assert tierlens("review", "template.yaml", "--open-questions", "answers.yaml", "-o", "first.json").status == 0
    text = form.read_text(encoding="utf-8")
    assert "  SEC3.a1:\n" in text
    assert "  SEC1.a1:\n" not in text, "the template contradicts it: nobody is asked"
    filled = text.replace("  SEC3.a1:\n", "  SEC3.a1:\n    answer: yes\n    by: Ada\n    when: 2026-11-01\n", 1)
    start = filled.index("    when: 2026-11-01\n") + len("    when: 2026-11-01\n")
    rest = filled[start:].replace("    answer:\n    by:\n    when:\n    note:\n", "", 1)
    form.write_text(filled[:start] + rest + "  SEC1.a1: {answer: yes, by: Bo, when: 2026-11-01}\n", encoding="utf-8")

    done = tierlens(
        "review", "template.yaml", "--answers", "answers.yaml", "--open-questions", "answers.yaml",
        "--compare", "first.json", "-o", "second.json", "--format", "text",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert "Bo says that SEC1.a1 is followed; findings contradict it." in done.out
    after = practices(folder / "second.json")
    assert (after["SEC3.a1"]["standing"], after["SEC3.a1"]["reason"]) == ("shown", "confirmed")
    assert (after["SEC1.a1"]["standing"], after["SEC1.a1"]["contradiction"]) == ("not-shown", "said-yes")
    kept = form.read_text(encoding="utf-8")
    assert "  SEC3.a1:\n    answer: yes\n    by: Ada\n    when: 2026-11-01\n" in kept
    assert "  SEC1.a1: {answer: yes, by: Bo, when: 2026-11-01}\n" in kept
    comparison = json.loads((folder / "second.json").read_text(encoding="utf-8"))["comparison"]
    assert [q["question"] for q in comparison["questions"] if q["trend"] != "same"] == ["SEC3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--answers", "none.yaml"), "error: none.yaml: there is no such file"),
        (("--answers", "wrong.yaml"), "error: wrong.yaml:2:3: the lens has no practice 'SEC9'"),
        (("--compare", "wrong.yaml"), "error: wrong.yaml cannot be compared with: it is not JSON"),
        (("--compare", "none.json"), "error: none.json cannot be read: No such file or directory"),
        (("--format", "jsn"), "error: no review format is named 'jsn'"),
        (("--lang", "tlh"), "error: there are no texts in the language 'tlh'"),
        (("--open-questions", "wrong.yaml"), "error: wrong.yaml:2:3: the lens has no practice"),
    ],
)
def test_mistakes_show_before_anything_is_written(
    project: Project, tierlens: Tierlens, arguments: tuple[str, ...], message: str
) -> None:
    folder = project(**{"template.yaml": TEMPLATE, "wrong.yaml": "answers:\n  SEC9: {answer: yes}\n"})
    done = tierlens("review", "template.yaml", *arguments, "-o", "review.json")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)
    assert not (folder / "review.json").exists()


def test_what_cannot_be_read_leaves_the_review_incomplete(project: Project, tierlens: Tierlens) -> None:
    project(**{"template.yaml": TEMPLATE, "broken.template": "AWSTemplateFormatVersion: 2010-09-09\nResources: [\n"})
    done = tierlens("review", "template.yaml", "broken.template")
    assert done.status == 2
    assert "Part of the run was not done" in done.out


def test_the_custom_lens_is_written(project: Project, tierlens: Tierlens) -> None:
    folder = project()
    assert tierlens("wa", "lens", "-o", "lens.json").status == 0
    lens = json.loads((folder / "lens.json").read_text(encoding="utf-8"))
    assert lens["schemaVersion"] == "2021-11-01"
    assert json.loads(tierlens("wa", "lens").out) == lens


def test_calls_are_written_and_nothing_is_sent(
    project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    folder = project(**{"template.yaml": TEMPLATE})
    done = tierlens("wa", "answers", "template.yaml", "-o", "calls.json")
    assert done.status == 0
    calls = json.loads((folder / "calls.json").read_text(encoding="utf-8"))
    updates = {choice: change["Status"] for call in calls for choice, change in call["ChoiceUpdates"].items()}
    assert updates["sec_sec_q1_a1"] == "UNSELECTED"
    assert all("WorkloadId" not in call for call in calls)

    done = tierlens("wa", "push", "template.yaml", "--workload-id", WORKLOAD, "--dry-run")
    assert done.status == 0
    assert [{key: call[key] for key in call if key != "WorkloadId"} for call in json.loads(done.out)] == calls


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--workload-id", "shop", "--dry-run"), "error: --workload-id shop is no workload"),
        (("--workload-id", WORKLOAD, "--dry-run", "--milestone", "x"), "error: the name of a milestone has 3 to 100"),
        (("--workload-id", WORKLOAD, "--current", "template.yaml"), "error: --current is for --dry-run"),
        (("--workload-id", WORKLOAD, "--dry-run", "--current", "template.yaml"), "error: template.yaml is not JSON"),
    ],
)
def test_wrong_pushes_are_refused(
    project: Project, tierlens: Tierlens, arguments: tuple[str, ...], message: str
) -> None:
    project(**{"template.yaml": TEMPLATE})
    done = tierlens("wa", "push", "template.yaml", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)


def test_a_review_in_french(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"template.yaml": TEMPLATE})
    command = ("review", "template.yaml", "--title", "Boutique", "--date", "2026-11-23", "--lang", "fr")
    done = tierlens(*command)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(
        "Revue selon la Lentille d’application sans serveur\u00a0: Boutique\nRevue du 2026-11-23 "
    )
    assert "AUTH001 Une méthode peut être appelée sans autorisation\u00a0: 1 endroit" in done.out

    outputs = ("-o", "r.html", "-o", "r.md", "-o", "r.csv", "-o", "r.json", "--open-questions", "reponses.yaml")
    done = tierlens(*command, *outputs)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert '<html lang="fr">' in (folder / "r.html").read_text(encoding="utf-8")
    assert "## Plan d’amélioration" in (folder / "r.md").read_text(encoding="utf-8")
    assert "Chaque opération authentifie son appelant" in (folder / "r.csv").read_text(encoding="utf-8")
    assert practices(folder / "r.json")["SEC1.a1"]["standing"] == "not-shown"

    form = folder / "reponses.yaml"
    filled = form.read_text(encoding="utf-8").replace("    answer:\n    by:\n", "    answer: yes\n    by: Zoé\n")
    form.write_text(filled, encoding="utf-8")
    done = tierlens(*command, "--answers", "reponses.yaml", "--open-questions", "reponses.yaml", "-o", "r.json")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert practices(folder / "r.json")["SEC1.a2"]["reason"] == "confirmed"
    assert form.read_text(encoding="utf-8").count("by: Zoé") == filled.count("by: Zoé")
