import json
from io import BytesIO, TextIOWrapper

import pytest

from tests.validator.cli.conftest import Project, Tierlens
from validator.load import MAXIMUM_SOURCE_BYTES

BUCKET = "Resources:\n  Up:\n    Type: AWS::S3::Bucket\n"


@pytest.fixture
def piped(monkeypatch):
    """Puts bytes into standard input."""

    def pipe(data: str | bytes) -> None:
        content = data.encode() if isinstance(data, str) else data
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(content)))

    return pipe


def report(tierlens: Tierlens, *arguments: str) -> dict:
    done = tierlens("check", *arguments, "--format", "json", "--exit-zero")
    assert done.status == 0, done.err
    return json.loads(done.out)


@pytest.mark.parametrize("text", [BUCKET, json.dumps({"Resources": {"Up": {"Type": "AWS::S3::Bucket"}}})])
def test_a_template_comes_through_standard_input(project: Project, tierlens: Tierlens, piped, text):
    project()
    piped(text)
    found = report(tierlens, "-")
    assert [template["path"] for template in found["templates"]] == ["<stdin>"]
    assert {finding["location"]["path"] for finding in found["findings"]} == {"<stdin>"}
    assert {finding["resource"] for finding in found["findings"]} == {"Up"}


def test_it_has_the_place_that_is_named_and_reads_the_files_there(project: Project, tierlens: Tierlens, piped):
    root = project(**{"api/part.yaml": "Type: AWS::S3::Bucket\n", "part.yaml": "Type: AWS::SQS::Queue\n"})
    include = "Resources:\n  Up:\n    Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}\n"
    piped(include)
    assert {one["resource_type"] for one in report(tierlens, "-")["findings"]} == {"AWS::SQS::Queue"}
    piped(include)
    found = report(tierlens, "-", "--stdin-path", "api/template.yaml", "--root", str(root))
    assert {one["resource_type"] for one in found["findings"]} == {"AWS::S3::Bucket"}
    assert [template["path"] for template in found["templates"]] == ["api/template.yaml"]


def test_it_stands_for_the_file_of_its_name_and_beside_other_files(project: Project, tierlens: Tierlens, piped):
    project(**{"a.yaml": BUCKET.replace("Up", "Old"), "b.yaml": BUCKET.replace("Up", "Other")})
    piped(BUCKET.replace("Up", "New"))
    found = report(tierlens, ".", "-", "--stdin-path", "a.yaml")
    assert {finding["resource"] for finding in found["findings"]} == {"New", "Other"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "error: <stdin>:1:1: <stdin> is not a template: it is empty"),
        ("a: [\n", "error: <stdin>:2:1: not valid YAML"),
        ("- 1\n", "error: <stdin>:1:1: <stdin> is not a template: it is not a map of sections"),
        (b"\xff\xfeR", "error: <stdin>:1:1: the file is UTF-16, not UTF-8"),
        (b"#" * (MAXIMUM_SOURCE_BYTES + 1), "error: <stdin>:1:1: <stdin> has more than 5 MB"),
        (f"{BUCKET}---\n{BUCKET}", "error: <stdin>:4:1:"),
    ],
)
def test_what_is_no_template_is_an_error_with_its_place(project: Project, tierlens: Tierlens, piped, data, message):
    project()
    piped(data)
    done = tierlens("check", "-")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(message)


def test_a_place_without_standard_input_is_refused(project: Project, tierlens: Tierlens):
    project(**{"a.yaml": BUCKET})
    done = tierlens("check", "a.yaml", "--stdin-path", "b.yaml")
    assert done.status == 2
    assert done.err.startswith("error: --stdin-path is given without -")


def test_a_place_that_is_a_folder_is_refused(project: Project, tierlens: Tierlens, piped):
    project(**{"api/a.yaml": BUCKET})
    piped(BUCKET)
    done = tierlens("check", "-", "--stdin-path", "api")
    assert done.status == 2
    assert done.err.startswith("error: --stdin-path api: this names no file")


def test_a_file_outside_of_the_project_is_not_read_for_it(project: Project, tierlens: Tierlens, piped):
    project()
    piped("Resources:\n  Up:\n    Fn::Transform: {Name: AWS::Include, Parameters: {Location: ../../../etc/passwd}}\n")
    done = tierlens("check", "-", "--format", "json")
    told = [one["message"] for one in json.loads(done.out)["diagnostics"]]
    assert "the include is not read, because ../../../etc/passwd lies outside the project's root" in told


def test_other_commands_take_it_too(project: Project, tierlens: Tierlens, piped):
    project()
    piped(BUCKET)
    done = tierlens("graph", "-", "--format", "json")
    assert (done.status, done.err) == (0, "")
    assert "Up" in done.out
