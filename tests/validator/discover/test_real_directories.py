import json
from pathlib import Path

import pytest

from validator.discover import discover

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "real-templates"


def test_exactly_the_published_templates_with_resources_are_found():
    manifest = SHARED / "manifest.json"
    if not manifest.is_file():
        pytest.skip("the published templates (shared/real-templates beside the repository) are not here")
    listed = {f"{e['repo'].replace('/', '__')}/{e['path']}" for e in json.loads(manifest.read_text())}
    found = {file.display_path for file in discover([str(SHARED)], SHARED).files}
    patterns = "aws-samples__serverless-patterns"
    assert listed - found == {
        f"{patterns}/_pattern-model/template.yaml",
        f"{patterns}/kinesis-lambda-ddb-cdk-java/template.yaml",
        f"{patterns}/s3-lambda-bedrock-cdk-python/package.json",
        f"{patterns}/s3-lambda-sns-python-cdk/package.json",
        f"{patterns}/sfn-dynamodb/.aws-composer/20221206T025957326/template.yaml",
    }
    assert all("aws__serverless-application-model/tests/translator/input/" in name for name in found - listed)
