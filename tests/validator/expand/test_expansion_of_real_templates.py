"""The published templates: everything expands, and only what SAM itself refuses is refused."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from validator.expand import Template, expand
from validator.load import load_document
from validator.model import DiagnosticLevel, TierlensError

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "real-templates"
REFUSED_BY_SAM = frozenset({"apigw-rest-api-lambda-ecr/cdk/code/src/AWSLamdaDemo/serverless.template"})
"""Beside the translator's own bad examples (``error_*``): an image function with an empty ImageUri."""


def templates() -> Iterator[tuple[str, Template]]:
    for item in json.loads((SHARED / "manifest.json").read_text()):
        project = SHARED / item["repo"].replace("/", "__")
        file = project / item["path"]
        with suppress(TierlensError):
            document = load_document(file.read_bytes(), item["path"])
            yield item["path"], expand(document, root=project, file=file, parameters={})


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared real templates are not beside the repository")
def test_all_real_templates_expand_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    refused, with_sam, untranslated = set(), 0, []
    for path, template in templates():
        with_sam += bool(template.sam_resources)
        if any(d.level is DiagnosticLevel.ERROR for d in template.diagnostics):
            refused.add(path)
        for logical_id, resource in template.resources.items():
            assert resource.logical_id == logical_id
            if resource.type.startswith("AWS::Serverless::") and not resource.refused:
                untranslated.append((path, logical_id))
        assert set(template.sam_resources) <= {r.origin.logical_id for r in template.resources.values()}

    assert {path for path in refused if not Path(path).name.startswith("error_")} == REFUSED_BY_SAM
    assert untranslated == []
    assert with_sam > 300
