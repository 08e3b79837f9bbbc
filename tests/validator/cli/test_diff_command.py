"""Scripted pull requests in git repositories that the tests make."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from validator.cli.main import run

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersApi:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth:
        DefaultAuthorizer: AWS_IAM
  GetOrders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      InlineCode: "def handler(event, context): return {}"
      Policies:
        - DynamoDBReadPolicy:
            TableName: !Ref OrdersTable
      Events:
        List:
          Type: Api
          Properties:
            RestApiId: !Ref OrdersApi
            Path: /orders
            Method: get
  OrdersTable:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - AttributeName: id
          KeyType: HASH
"""
OPEN = TEMPLATE.replace(
    "            Method: get\n", "            Method: get\n            Auth:\n              Authorizer: NONE\n"
)


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "test@example.com")
        self.git("config", "user.name", "Test")
        (folder / "tierlens.toml").write_text('ignore = ["api-operations", "function-operations"]\n')
        self.write("infra/template.yaml", TEMPLATE)
        self.commit()
        self.git("checkout", "-q", "-b", "change")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "state")

    def state(self) -> str:
        return self.git("status", "--porcelain") + self.git("rev-parse", "HEAD") + self.git("ls-files", "-s")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")
    monkeypatch.setenv("TIERLENS_NO_CACHE", "1")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    capsys.readouterr()
    status = run(["diff", *arguments, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_removed_authorizer_is_one_finding_and_one_line(repository: Repository, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 1
    (finding,) = found["findings"]["new"]
    assert (finding["rule"], finding["target"], finding["location"]["path"]) == (
        "AUTH001",
        "GET /orders",
        "infra/template.yaml",
    )
    (line,) = found["architecture"]
    assert (line["kind"], line["danger"]) == ("authorizer-lost", "dangerous")
    assert line["sentence"] == (
        "GET /orders of OrdersApi lost its authorizer: it demanded IAM and now demands nothing"
    )
    assert line["parts"] == ["behind it: OrdersTable"]
    assert found["findings"]["fixed"] == []


def test_moved_code_a_renamed_file_and_other_keys_are_no_change(repository: Repository, capsys):
    head, table = TEMPLATE.split("  OrdersTable:\n")
    start, resources = head.split("Resources:\n")
    moved = f"# moved\n{start}\nResources:\n  OrdersTable:\n{table}{resources}"
    repository.git("mv", "infra/template.yaml", "infra/orders.yaml")
    repository.write(
        "infra/orders.yaml",
        moved.replace(
            "      Runtime: python3.13\n      Handler: app.handler\n",
            "      Handler: app.handler\n      Runtime: python3.13\n",
        ),
    )
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 0
    assert (found["findings"]["new"], found["findings"]["fixed"]) == ([], [])
    assert (found["architecture"], found["nodes"], found["edges"]) == ([], [], [])
    assert run(["check", ".", "--diff-base", "main", "-q"]) == 0


def test_neither_side_nor_index_is_touched(repository: Repository, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.commit()
    repository.write("untracked.txt", "mine")
    before = repository.state()

    assert run(["diff", "main", "HEAD"]) == 1
    assert run(["check", ".", "--diff-base", "main"]) == 1

    assert repository.state() == before


def test_the_gate_speaks_of_what_is_new_only(repository: Repository, capsys):
    repository.git("checkout", "-q", "main")
    repository.write("infra/template.yaml", OPEN)
    repository.commit()
    repository.git("checkout", "-q", "-B", "change")
    repository.write("infra/template.yaml", f"# a comment above\n{OPEN}")

    assert run(["check", "infra"]) == 1
    assert run(["check", "infra", "--diff-base", "main"]) == 0


def test_a_fix_is_fixed_and_a_stricter_base_does_not_count_against_it(repository: Repository, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.commit()
    capsys.readouterr()

    status, found = document(capsys, "HEAD", "main")

    assert status == 0
    assert [(one["rule"], one["target"]) for one in found["findings"]["fixed"]] == [("AUTH001", "GET /orders")]
    assert [(one["kind"], one["danger"]) for one in found["architecture"]] == [("authorizer-gained", "safer")]


def test_diff_base_is_where_the_branches_parted(repository: Repository, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write("infra/template.yaml", OPEN)
    repository.write("README.md", "main went on")
    repository.commit()
    repository.git("checkout", "-q", "change")

    assert run(["check", ".", "--diff-base", "main"]) == 1
    assert run(["diff", "main", "HEAD"]) == 0
    assert run(["diff", "main", "HEAD", "--merge-base"]) == 1


def test_a_suppression_that_goes_is_new(repository: Repository, capsys):
    accepted = OPEN.replace("  OrdersApi:\n", '  OrdersApi: # tierlens: ignore[AUTH001] reason="public catalogue"\n')
    repository.git("checkout", "-q", "main")
    repository.write("infra/template.yaml", accepted)
    repository.commit()
    capsys.readouterr()
    if run(["check", ".", "--select", "AUTH001"]) != 0:
        pytest.fail(f"the suppression does not hold: {capsys.readouterr().out}")
    repository.git("checkout", "-q", "-B", "change")
    repository.write("infra/template.yaml", OPEN)
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 1
    assert [one["rule"] for one in found["findings"]["new"]] == ["AUTH001"]


def test_what_cannot_be_read_now_is_2_and_what_could_not_be_read_then_is_told(repository: Repository, capsys):
    repository.write("infra/template.yaml", "Resources: [")
    repository.commit()
    assert run(["diff", "main", "HEAD", "infra/template.yaml"]) == 2

    capsys.readouterr()
    status, found = document(capsys, "HEAD", "main", "infra/template.yaml")
    assert status in (0, 1)
    assert [one["code"] for one in found["diagnostics"] if one["code"].startswith("base-")] == ["base-unreadable"]
    assert {one["status"] for one in found["findings"]["new"]} <= {"fail", "unknown"}


def test_a_folder_that_is_new_is_all_new(repository: Repository, capsys):
    repository.write("more/other.yaml", OPEN)
    repository.commit()
    (repository.folder / "more").joinpath("x").mkdir()
    os.chdir(repository.folder / "more")

    status, found = document(capsys, "main", "HEAD")

    assert status == 1
    assert "AUTH001" in {one["rule"] for one in found["findings"]["new"]}
    assert {one["location"]["path"] for one in found["findings"]["new"]} == {"more/other.yaml"}


def test_files_and_folders_are_compared_without_git(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")
    monkeypatch.chdir(tmp_path)
    for name, text in (("before", TEMPLATE), ("after", OPEN)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(text)

    by_folder = document(capsys, "before", "after")
    by_file = document(capsys, "before/template.yaml", "after/template.yaml")

    for status, found in (by_folder, by_file):
        assert status == 1
        assert [one["kind"] for one in found["architecture"]] == ["authorizer-lost"]
        assert [one["rule"] for one in found["findings"]["new"]] == ["AUTH001"]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("nowhere", "is no file, no folder and no revision here"),
        ("./nowhere", "no such file or directory"),
        ("main:infra", "is no file, no folder and no revision here"),
    ],
)
def test_a_name_that_stands_for_nothing_is_told(repository: Repository, capsys, base: str, said: str):
    assert run(["diff", base, "HEAD"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_revision_like_an_option_is_refused(repository: Repository, capsys):
    assert run(["check", ".", "--diff-base=--upload-pack=touch x"]) == 2
    assert "it looks like an option" in capsys.readouterr().err


def test_a_name_that_is_both_is_refused(repository: Repository, capsys):
    repository.git("branch", "infra")

    assert run(["diff", "infra", "HEAD"]) == 2
    assert "is a path and a revision" in capsys.readouterr().err
    assert run(["diff", "refs/heads/infra", "HEAD"]) == 0


def test_a_shallow_clone_says_so(repository: Repository, tmp_path_factory, monkeypatch, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.commit()
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone)],
        check=True,
        capture_output=True,
    )
    monkeypatch.chdir(clone)

    assert run(["check", ".", "--diff-base", "HEAD~1"]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_files_beside_a_template_come_from_its_revision(repository: Repository, capsys):
    definition = {
        "openapi": "3.0.1",
        "paths": {
            "/orders": {
                "get": {
                    "security": [{"sigv4": []}],
                    "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "https://a.b"},
                }
            }
        },
        "components": {
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey", "name": "Authorization", "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                }
            }
        },
    }  # fmt: skip
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DefinitionBody:
        Fn::Transform:
          Name: AWS::Include
          Parameters:
            Location: openapi.json
"""
    repository.git("checkout", "-q", "main")
    repository.write("infra/template.yaml", template)
    repository.write("infra/openapi.json", json.dumps(definition))
    repository.commit()
    repository.git("checkout", "-q", "-B", "change")
    definition["paths"]["/orders"]["get"]["security"] = []
    repository.write("infra/openapi.json", json.dumps(definition))
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 1
    assert [one["kind"] for one in found["architecture"]] == ["authorizer-lost"]


def test_the_configuration_is_that_of_the_new_state(repository: Repository, capsys):
    repository.write("infra/template.yaml", OPEN)
    repository.write("tierlens.toml", 'ignore = ["AUTH001"]\n')
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 0
    assert found["findings"]["new"] == []
    assert [one["kind"] for one in found["architecture"]] == ["authorizer-lost"]


def test_a_template_that_cannot_be_read_now_is_not_told_to_be_safer(repository: Repository, capsys):
    repository.write("infra/template.yaml", "Resources: [")
    repository.write("infra/other.yaml", "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n")
    repository.commit()

    status, found = document(capsys, "main", "HEAD")

    assert status == 2
    assert [one["sentence"] for one in found["architecture"]] == ["Queue (AWS::SQS::Queue) is added"]
    assert found["findings"]["fixed"] == []
