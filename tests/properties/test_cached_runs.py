"""Whatever is edited between two runs, a run with the cache says what a run without it says."""

import io
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.cli.main import run

TEMPLATE = """\
Transform: [AWS::Serverless-2016-10-31]
Parameters: {{Name: {{Type: String, Default: a}}, Encrypt: {{Type: String, Default: "{default}"}}}}
Conditions: {{IsEncrypted: !Equals [!Ref Encrypt, "true"]}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody: {{Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: parts/api.yaml}}}}}}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {{PubliclyAccessible: {public}, StorageEncrypted: !If [IsEncrypted, true, false]}}
  Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: nested/child.yaml}}}}
  Reader:
    Type: AWS::Lambda::Function
    Properties: {{Role: !ImportValue SharedRole, Handler: a.b, Runtime: python3.12, Code: {{S3Bucket: a, S3Key: b}}}}
"""
API = "openapi: 3.0.1\npaths: {{/a: {{get: {{security: {security}}}}}}}\n"
BUCKET = "Resources: {{Files: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}}}\n"
ROLE = "Resources: {R: {Type: AWS::IAM::Role}}\nOutputs: {O: {Value: !GetAtt R.Arn, Export: {Name: SharedRole}}}\n"
SAMCONFIG = '[{environment}.deploy.parameters]\nparameter_overrides = "Encrypt={value}"\n'
PARAMETERS = '[{{"ParameterKey": "Encrypt", "ParameterValue": "{value}"}}]'

FIXED_CODE = ("validator.cache.runs.running_code", lambda: "always the same")
"""The code that runs does not change here; asking for it would take most of the time."""

Edit = Callable[[Path], None]


def written(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return edit


def removed(name: str) -> Edit:
    return lambda folder: (folder / name).unlink(missing_ok=True)


def linked(name: str, target: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(folder / target)

    return edit


def same_times(name: str, old: str, new: str) -> Edit:
    """An edit that size and times do not show."""

    def edit(folder: Path) -> None:
        path = folder / name
        if path.is_file():
            before = path.stat()
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return edit


EDITS: tuple[Edit, ...] = (
    *(
        written("template.yaml", TEMPLATE.format(default=d, public=p))
        for d in ("true", "false")
        for p in ("true", "false")
    ),
    same_times("template.yaml", "StageName: v1", "StageName: v2"),
    same_times("template.yaml", "Handler: a.b", "Handler: b.a"),
    written("template.yaml", "Resources: ["),
    removed("template.yaml"),
    *(written("parts/api.yaml", API.format(security=s)) for s in ("[]", "[{Key: []}]")),
    removed("parts/api.yaml"),
    linked("parts/api.yaml", "other/api.yaml"),
    written("other/api.yaml", API.format(security="[{Other: []}]")),
    *(written("nested/child.yaml", BUCKET.format(name=n)) for n in ("first", "second")),
    removed("nested/child.yaml"),
    written("tierlens.toml", 'samconfig-environment = "prod"\n'),
    written("tierlens.toml", 'parameter-files = ["values/prod.json"]\n'),
    written("tierlens.toml", 'severity = { DATA002 = "low" }\nexclude = ["extra/*"]\n'),
    written("tierlens.toml", "[parameters]\nEncrypt = true\n"),
    written("tierlens.toml", "wrong = 1\n"),
    removed("tierlens.toml"),
    *(
        written("samconfig.toml", SAMCONFIG.format(environment=e, value=v))
        for e in ("prod", "dev")
        for v in ("true", "false")
    ),
    removed("samconfig.toml"),
    *(written("values/prod.json", PARAMETERS.format(value=v)) for v in ("true", "false")),
    removed("values/prod.json"),
    written("shared/role.yaml", ROLE),
    removed("shared/role.yaml"),
    written("extra/bucket.yml", BUCKET.format(name="third")),
    written("extra/notes.json", '{"no": "template"}'),
    written("extra/pyvenv.cfg", "home = /usr\n"),
    removed("extra/pyvenv.cfg"),
    written("extra/readme.txt", "text"),
    removed("extra/bucket.yml"),
    linked("extra/bucket.yml", "nested/child.yaml"),
    linked("extra/bucket.yml", "nowhere.yaml"),
    written(".git/HEAD", "ref: refs/heads/main\n"),
)


def checked(*options: str) -> tuple[int, bytes, str]:
    out, err = io.BytesIO(), io.StringIO()
    with io.TextIOWrapper(out, encoding="utf-8", write_through=True) as stream:
        with redirect_stdout(stream), redirect_stderr(err):
            status = run(["check", ".", "--format", "json", *options])
        return status, out.getvalue(), err.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
@settings(max_examples=30, deadline=None)
@given(
    first=st.lists(st.sampled_from(EDITS), min_size=6, max_size=14),
    later=st.lists(st.sampled_from(EDITS), max_size=4),
)
def test_a_cached_run_says_what_an_uncached_one_says(first: list[Edit], later: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        folder.mkdir()
        for edit in (EDITS[0], *first):
            edit(folder)
        environment = {"TIERLENS_CACHE_DIR": str(Path(name, "cache")), "TIERLENS_NO_CACHE": ""}
        with chdir(folder), mock.patch.dict(os.environ, environment), mock.patch(*FIXED_CODE):
            assert checked() == checked("--no-cache")
            for edit in later:
                edit(folder)
                assert checked() == checked("--no-cache")
            assert checked() == checked("--no-cache")
