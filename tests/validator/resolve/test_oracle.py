"""The resolver against an independent one: AWS's ``cloudformation-validate``, over the published templates.

Compared on templates without transforms, since that tool does not expand them: which resource mentions
which, and every value that it calls concrete. Its choices over allowed values and conditions are followed
branch by branch.
"""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from validator.expand import expand
from validator.graph.references import mentioned
from validator.load import load_file
from validator.model import TierlensError
from validator.resolve import (
    Environment,
    Evaluation,
    ListValue,
    MapValue,
    Pseudo,
    Scope,
    Text,
    Undecided,
    Unknown,
    Value,
)

oracle = pytest.importorskip("cloudformation_validate", reason="the oracle is a development dependency")

REAL = Path(__file__).resolve().parents[3].parent / "shared" / "real-templates"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the published templates do not lie beside this checkout")


MADE_UP = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/teststack/"
    "51af3dc0-da77-11e4-872e-1234567db123",
    "AWS::StackName": "teststack",
    "AWS::URLSuffix": "amazonaws.com",
}
"""What the oracle takes pseudo parameters to be; here they are symbolic unless the run gives them."""


def modelled() -> Iterator[tuple[Path, Scope, Any]]:
    """Each plain template with the oracle's model of it; templates that the oracle refuses are left out."""
    for path, stack in plain_stacks():
        try:
            yield path, stack, oracle.TemplateModel(str(path))
        except oracle.ValidationError:
            continue


def plain_stacks() -> Iterator[tuple[Path, Scope]]:
    for path in sorted(REAL.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".json", ".template") or path.parent == REAL:
            continue
        try:
            document = load_file(path, str(path))
            template = expand(document, root=REAL, file=path, parameters={})
        except TierlensError:
            continue
        if "Transform" in document.text or template.dialect != "cloudformation":
            continue
        yield path, Scope(str(path), template, Environment({}, pseudo=MADE_UP), Evaluation())


def differences(theirs: Any, ours: Value, path: str) -> Iterator[str]:
    """Places where a value that the oracle calls concrete is another one here; unknown here is no match."""
    kinds = oracle.ResolvedValue
    if isinstance(theirs, kinds.MAP):
        if isinstance(ours, MapValue):
            for entry in theirs.entries:
                yield from _below(entry.value, ours, entry.key, path)
        elif not isinstance(ours, Unknown):
            yield f"{path}: a map there, {type(ours).__name__} here"
    elif isinstance(theirs, kinds.LIST_VALUE):
        items = ours.items() if isinstance(ours, ListValue) else ()
        for number, (their, our) in enumerate(zip(theirs.items, items, strict=False)):
            yield from differences(their, our, f"{path}.{number}")
    elif isinstance(theirs, kinds.CONCRETE):
        expected = _text(theirs.value)
        if expected is not None and ours.literal not in (expected, _decoded(expected)) and not _left_open(ours):
            yield f"{path}: {expected!r} there, {ours.literal!r} here"


def _decoded(text: str) -> str:
    """The oracle encodes ``Fn::Base64``; here the text inside is kept, since its references matter."""
    try:
        return b64decode(text, validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        return text


def _left_open(value: Value) -> bool:
    """SSM-typed parameters and zones: the oracle takes a name, or makes up a zone; here both are unknown."""
    if isinstance(value, Unknown):
        return value.cause.what.endswith("holds only the name of an SSM parameter")
    return isinstance(value, Text) and any(isinstance(p, Pseudo) and p.name.startswith("zones:") for p in value.parts)


def _below(theirs: Any, ours: MapValue, key: str, path: str) -> Iterator[str]:
    try:
        yield from differences(theirs, ours.get(key), f"{path}.{key}")
    except Undecided:
        return


def _text(value: Any) -> str | None:
    kinds = oracle.JsonValueEnum if hasattr(oracle, "JsonValueEnum") else None
    scalar = getattr(value, "value", value)
    if kinds is not None and not isinstance(scalar, str | bool | int | float):
        return None
    if isinstance(scalar, bool):
        return str(scalar).lower()
    return scalar if isinstance(scalar, str) else None


def test_the_same_resources_mention_each_other() -> None:
    compared = 0
    wrong: list[str] = []
    for path, stack, model in modelled():
        edges = model.to_diagnostic_model().edges
        names = stack.template.resources.keys()
        # DependsOn orders creation and says nothing of what a resource uses, so it is no mention here.
        theirs = {(e.source, e.target) for e in edges if {e.source, e.target} <= names and e.kind != "DependsOn"}
        ours = {(n, m) for n, r in stack.template.resources.items() for m in mentioned(r.body) if m in names}
        compared += len(theirs)
        wrong += [f"{path.name}: {edge}" for edge in theirs ^ ours]
    assert wrong == []
    assert compared > 1000


def test_what_is_concrete_there_is_the_same_here() -> None:
    wrong: list[str] = []
    compared = 0
    for path, stack, model in modelled():
        for name, resource in model.resources().items():
            declared = stack.template.resources.get(name)
            if declared is None:
                wrong.append(f"{path.name}: {name} is missing here")
                continue
            body = stack.resolve(declared.body)
            for key, theirs in resource.properties.items():
                compared += 1
                try:
                    ours = body.get("Properties", key)
                    wrong += [f"{path.name}: {d}" for d in differences(theirs, ours, f"{name}.{key}")]
                except Undecided:
                    continue
    assert wrong == []
    assert compared > 1000
