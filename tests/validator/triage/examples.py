"""What the tests of this folder share."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from validator.expand import Template, expand
from validator.load import load_document
from validator.model import Category, Finding, Severity, Span, Verdict

FINDING = Finding(
    rule="AUTH001",
    category=Category.API_AUTH,
    verdict=Verdict.FAIL,
    severity=Severity.HIGH,
    resource="Api",
    resource_type="AWS::ApiGateway::RestApi",
    message="m",
    why="w",
    fix="f",
    span=Span("template.yaml", 1, 1, 1, 2),
)


def template(text: str, path: str = "template.yaml") -> Template:
    nowhere = Path("no-such-folder")
    document = load_document(dedent(text).encode(), path)
    return expand(document, root=nowhere, file=nowhere / path, parameters={}, region=None)


def finding(resource: str = "Api", line: int = 1, **changes: object) -> Finding:
    path = str(changes.pop("path", "template.yaml"))
    span = changes.pop("span", Span(path, line, 3, line, 9))
    return replace(FINDING, resource=resource, span=span, **changes)
