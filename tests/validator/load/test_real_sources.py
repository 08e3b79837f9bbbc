import json
from pathlib import Path

import pytest

from tests.validator.load.test_load_properties import assert_spans_fit
from validator.load import load_file, plain

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "real-templates"


def published():
    manifest = SHARED / "manifest.json"
    if not manifest.is_file():
        pytest.skip("the published templates (shared/real-templates beside the repository) are not here")
    return [SHARED / entry["repo"].replace("/", "__") / entry["path"] for entry in json.loads(manifest.read_text())]


def test_every_published_template_loads_with_fitting_places():
    remarks = {}
    for file in published():
        document = load_file(file, file.name)
        assert_spans_fit(document)
        for remark in document.diagnostics:
            remarks.setdefault((remark.level.value, remark.code), set()).add(file)
    assert {key: len(files) for key, files in remarks.items()} == {
        ("error", "unknown-tag"): 9,
        ("warning", "duplicate-key"): 9,
    }


def test_published_json_is_read_as_the_standard_library_reads_it():
    files = [file for file in published() if file.suffix == ".json"]
    assert len(files) > 40
    for file in files:
        assert plain(load_file(file, file.name).root) == json.loads(file.read_text())
