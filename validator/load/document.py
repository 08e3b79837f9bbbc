"""One file to one document: the entrance of the loading step."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from validator.files import read_bytes
from validator.load.builder import Builder
from validator.load.comments import MARKER, find_comments
from validator.load.events import FAST_LOADER, yaml_events
from validator.load.json_events import is_json, json_events, starts_as_json, yaml_reads_otherwise
from validator.load.limits import MAXIMUM_SOURCE_BYTES
from validator.load.nodes import Document, MapNode, Node, ScalarNode
from validator.load.source import Source, decode
from validator.load.syntax_errors import syntax_error
from validator.model import Diagnostic, DiagnosticLevel, LoadError, Span


def load_file(file: Path, display_path: str) -> Document:
    """Read a template file.

    ``display_path`` is how the file is shown to people; every span carries it. Raises LoadError for a file
    that cannot be read, and as ``load_document`` does.
    """
    try:
        data = read_bytes(file, MAXIMUM_SOURCE_BYTES + 1)
    except OSError as error:
        raise LoadError(
            f"{display_path} cannot be read: {error.strerror or error}",
            span=Span(display_path, 1, 1, 1, 1),
            hint="check the path and the permissions of the file",
            code="file-unreadable",
        ) from None
    return load_document(data, display_path)


def load_document(data: bytes, path: str) -> Document:
    """Read a template, YAML 1.1 or JSON, into nodes with places.

    Takes the bytes of a file and the path to show. Short forms come out in their long form, aliases and
    merge keys written out, of duplicate keys the last; each of these leaves a diagnostic where it is one.
    Raises LoadError, with the place, for a wrong encoding, wrong syntax, a key that is no text, a limit that
    is passed, several documents, and a root that is no map. Follows the user guide's page on template
    formats (YAML 1.1, ECMA-404).
    """
    source = decode(data, path)
    starts_json = starts_as_json(source.text)
    keep = MARKER in source.text
    if starts_json and yaml_reads_otherwise(source.text) and is_json(source.text):
        builder = Builder(source, json=True, keep_stretches=keep)
        root = builder.build(json_events(source))
    else:
        builder = Builder(source, json=starts_json, keep_stretches=keep)
        try:
            root = builder.build(yaml_events(source.text))
        except yaml.YAMLError as error:
            if not (starts_json and is_json(source.text)):
                raise syntax_error(error, source) from None
            builder = Builder(source, json=True, keep_stretches=keep)
            root = builder.build(json_events(source))
    if not isinstance(root, MapNode):
        raise _not_a_template(root, path)
    comments = {} if builder.scalar_stretches is None else find_comments(source, builder.scalar_stretches)
    diagnostics = (*_setup_remarks(), *_json_remarks(source, starts_json), *builder.diagnostics)
    return Document(path, root, source.text, diagnostics, comments)


def _not_a_template(root: Node | None, path: str) -> LoadError:
    if root is None or (isinstance(root, ScalarNode) and root.value is None):
        found = "it is empty"
    elif isinstance(root, ScalarNode):
        found = "it is a single text"
    else:
        found = "it is not a map of sections"
    return LoadError(
        f"{path} is not a template: {found}",
        span=Span(path, 1, 1, 1, 1) if root is None else root.span,
        hint="a template is a map with the section Resources",
        code="not-a-template",
    )


def _json_remarks(source: Source, starts_json: bool) -> Iterable[Diagnostic]:
    if starts_json and source.path.lower().endswith(".json") and not is_json(source.text):
        yield Diagnostic(
            DiagnosticLevel.NOTICE,
            "json-syntax",
            "the file is read as YAML: it is not strict JSON (a trailing comma, a comment, single quotes)",
            Span(source.path, 1, 1, 1, 1),
            "CloudFormation follows ECMA-404; remove what JSON does not have",
        )


@cache
def _setup_remarks() -> tuple[Diagnostic, ...]:
    if FAST_LOADER is not None:
        return ()
    return (
        Diagnostic(
            DiagnosticLevel.NOTICE,
            "slow-yaml",
            "PyYAML was built without libyaml: loading is slow, and JSON indented with tabs is refused",
            None,
            "install PyYAML from a wheel",
        ),
    )
