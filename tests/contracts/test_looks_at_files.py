"""Everything that looks at a project's files does so through ``validator.files``, or the cache would not know it."""

import ast
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.packaging.checkout import ROOT

STEPS = ("discover", "settings", "load", "expand", "resolve", "workload", "triage", "review", "rulekit", "graph")
OF_FILES_ONLY = ("discover", "settings", "load", "expand")
"""Steps that know no resource of a graph, which has an ``exists`` of its own."""
LOOKS = {
    "read_bytes", "read_text", "is_file", "is_dir", "is_symlink", "stat", "lstat", "iterdir", "glob", "rglob",
    "scandir", "listdir", "walk", "isfile", "isdir", "islink", "lexists", "getsize", "getmtime", "open", "samefile",
}  # fmt: skip
DOORS = {"files", "project_files"}
EXCUSED = {
    # What an entry of a folder says of itself was noted when the folder was looked at.
    ("validator/discover/walk.py", "is_dir"),
    ("validator/discover/walk.py", "is_symlink"),
    ("validator/review/settling.py", "is_dir"),
    ("validator/review/settling.py", "is_file"),
    # The texts that a rule pack brings are part of its code.
    ("validator/rulekit/wordings.py", "is_dir"),
    ("validator/rulekit/wordings.py", "iterdir"),
}


def looks_past_the_door(source: str, path: str, looks: Collection[str] = LOOKS) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            yield f"{path}:{node.lineno}: open"
        if isinstance(node.func, ast.Attribute) and node.func.attr in looks:
            owner = node.func.value
            through_the_door = isinstance(owner, ast.Name) and owner.id in DOORS
            if not through_the_door and not is_own_data(owner) and (path, node.func.attr) not in EXCUSED:
                yield f"{path}:{node.lineno}: {node.func.attr}"


def is_own_data(owner: ast.expr) -> bool:
    """Whether the path begins with ``importlib.resources.files(…)``: data of the package, part of its code."""
    calls = (node.func for node in ast.walk(owner) if isinstance(node, ast.Call))
    return any(isinstance(function, ast.Name) and function.id == "files" for function in calls)


def test_no_step_looks_past_the_door() -> None:
    found: list[str] = []
    for step in STEPS:
        for file in sorted((ROOT / "validator" / step).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            looks = LOOKS | {"exists"} if step in OF_FILES_ONLY else LOOKS
            found += looks_past_the_door(file.read_text(encoding="utf-8"), path, looks)

    assert found == []


def test_a_look_past_the_door_is_seen() -> None:
    source = "Path('a').is_file()\nfiles.is_file('b')\nfiles('p').joinpath('t').read_text()\nopen('c')\n"

    assert list(looks_past_the_door(source, "x.py")) == ["x.py:1: is_file", "x.py:4: open"]


PROBE = """
import os, sys
from pathlib import Path
root = os.path.realpath(sys.argv[1])
os.chdir(root)
from validator import files
from validator.review import ReviewRequest, review
from validator.settings import find_settings
opened = set()
def note(event, arguments):
    if event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], (str, os.PathLike)):
        path = os.path.abspath(os.fspath(arguments[0]))
        if path.startswith(root):
            opened.add(path)
plain_stat = os.stat
def stat(path, *rest, **more):
    if not rest and not more and isinstance(path, (str, os.PathLike)):
        full = os.path.abspath(os.fspath(path))
        if full.startswith(root):
            opened.add(full)
    return plain_stat(path, *rest, **more)
sys.addaudithook(note)
os.stat = stat
with files.traced() as trace:
    settings = find_settings(Path(root))
    review(ReviewRequest((".",), Path(root), settings))
os.stat = plain_stat
for path in sorted(opened - {path for _, path in trace.looks}):
    if os.path.basename(path).startswith("__editable__"):
        continue
    print(os.path.relpath(path, root))
print("looks", len(trace.looks) > 10)
"""


def test_a_run_opens_nothing_that_its_trace_lacks(tmp_path: Path) -> None:
    write_project(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert done.stderr == ""
    assert done.stdout == "looks True\n"


def write_project(folder: Path) -> None:
    texts = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "tierlens.toml": 'parameter-files = ["prod.json"]\nsamconfig-environment = "prod"\n',
        "prod.json": '[{"ParameterKey": "Name", "ParameterValue": "orders"}]',
        "samconfig.toml": '[prod.deploy.parameters]\nparameter_overrides = "Name=sam"\n',
        "template.yaml": """\
Transform: [AWS::Serverless-2016-10-31]
Parameters: {Name: {Type: String}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}
  Lost: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone/child.yaml}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !ImportValue S}}
""",
        "api.yaml": "openapi: 3.0.1\npaths: {/a: {get: {}}}\n",
        "child.yaml": "Resources: {Topic: {Type: AWS::SNS::Topic}}\n",
        "build/shared.yaml": "Resources: {T: {Type: A::B::C}}\nOutputs: {O: {Value: a, Export: {Name: S}}}\n",
        "other/notes.json": "{}",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
