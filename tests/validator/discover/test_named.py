from pathlib import Path

import pytest

from validator.discover import templates_among

TEMPLATE = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        "Resources: [\n",
        "Resources:\n  Topic: {}\n",
        "AWSTemplateFormatVersion: 2010-09-09\n",
        '{"Resources": {',
        "Transform: AWS::Serverless-2016-10-31\nResources:\n",
    ],
)
def test_templates_stay_also_broken_ones(tmp_path: Path, text: str):
    file = tmp_path / "a.yaml"
    file.write_text(text)
    assert templates_among([str(file)]) == (str(file),)


@pytest.mark.parametrize(
    "text", ["a: 1\n", "{}", "kind: Kustomization\nresources: [a.yaml]\n", "openapi: 3.0.1\n", ""]
)
def test_other_files_are_left_out(tmp_path: Path, text: str):
    file = tmp_path / "a.yaml"
    file.write_text(text)
    assert templates_among([str(file)]) == ()


def test_folders_globs_and_what_is_missing_stay(tmp_path: Path):
    arguments = (str(tmp_path), str(tmp_path / "*.yaml"), str(tmp_path / "missing.yaml"))
    assert templates_among(arguments) == arguments
