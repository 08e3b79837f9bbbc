"""Is this a template? Told by the content, cheaply, without parsing YAML.

A template has a section ``Resources`` whose entries have a ``Type`` with ``::``, or a transform in its
place. A file that only looks like one is taken: loading it then says what it is.
"""

import codecs
import json
import re

MAXIMUM_SNIFFED_BYTES = 5_000_000
"""Larger files are no templates; the same bound as the loader's."""

_BLANK = re.compile(rb"[ \t]*(?:#.*|---.*|%.*)?$")
_TOP_LEVEL_KEY = re.compile(rb"(?P<quote>['\"]?)(?P<key>[A-Za-z_$][\w:.$-]*)(?P=quote)[ \t]*:(?=\s|$)")
_RESOURCE_TYPE = re.compile(rb"['\"]?Type['\"]?\s*:\s*['\"]?[A-Za-z0-9]+::")
_TRANSFORM_WITHIN = re.compile(rb"Fn::Transform|!Transform|Fn::ForEach")
_RESOURCES_ANYWHERE = re.compile(rb"['\"]?\bResources['\"]?\s*:")
_PACKAGED_CODE = re.compile(rb"s3://|S3Bucket|s3\.amazonaws\.com")


def why_no_template(data: bytes) -> str:
    """Empty for a template, else why the content is none, as the end of "skipped: …"."""
    data = _as_utf8(data)
    keys = _top_level_keys(data)
    if keys is None:
        found = _RESOURCES_ANYWHERE.search(data) is not None
        keys = {"Resources"} if found else set()
    if "Resources" in keys:
        if _RESOURCE_TYPE.search(data) or _TRANSFORM_WITHIN.search(data):
            return ""
        return "its Resources have no resource type"
    if keys & {"Transform", "Fn::Transform"}:
        return "it has a Transform but no Resources"
    if keys & {"openapi", "swagger"}:
        return "it is an OpenAPI definition"
    if "ParameterKey" in keys or "Parameters" in keys:
        return "it is a parameter file"
    if {"service", "provider"} <= keys:
        return "it is a source of the Serverless Framework: run `serverless package` and check its output"
    return "it has no section Resources"


def claims_to_be_template(data: bytes) -> bool:
    """Whether the content says that it is a template, a broken one too: it has a section that only templates have."""
    keys = _top_level_keys(_as_utf8(data))
    if keys is None:
        return _RESOURCES_ANYWHERE.search(data) is not None
    return not keys.isdisjoint(("Resources", "AWSTemplateFormatVersion"))


def is_packaged(data: bytes) -> bool:
    """Whether the content refers to uploaded code, as the output of ``sam package`` does."""
    return _PACKAGED_CODE.search(data) is not None


def _as_utf8(data: bytes) -> bytes:
    """A template in a wrong encoding is a template all the same: loading it reports the encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _top_level_keys(data: bytes) -> set[str] | None:
    """The keys of the root map; of the first item's for a list; None where only a parser could tell."""
    if data.lstrip()[:1] in (b"{", b"["):
        return _json_keys(data)
    keys: set[str] = set()
    indent: int | None = None
    for line in data.splitlines():
        if _BLANK.match(line):
            continue
        text = line.lstrip(b" ")
        if indent is None:
            if text[:1] in (b"{", b"!", b"&", b"?"):
                return None
            indent = len(line) - len(text)
        if len(line) - len(text) == indent:
            found = _TOP_LEVEL_KEY.match(text)
            if found is not None:
                keys.add(found.group("key").decode("ascii", "replace"))
    return keys


def _json_keys(data: bytes) -> set[str] | None:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(root, list):
        root = root[0] if root else None
        keys = set(root) if isinstance(root, dict) else set()
        return keys & {"ParameterKey"}
    return set(root) if isinstance(root, dict) else set()
