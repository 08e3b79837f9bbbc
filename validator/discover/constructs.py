"""Which construct of a CDK application made a resource, and on which line of its code.

Follows the *AWS CDK cloud assembly schema*: ``aws:cdk:logicalId`` entries of the metadata say which logical ID a
construct path has, their ``trace`` and ``aws:cdk:creationStack`` where the construct was made; ``tree.json`` has the
logical IDs too in newer releases, and in older ones the paths that they are made from.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_NESTED: Final = re.compile(r"(?P<scope>(?:.*/)?)(?P<name>[^/]+)\.NestedStack/(?P=name)\.NestedStackResource")
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_CREATION: Final = "aws:cdk:creationStack"
_TYPE: Final = "aws:cdk:cloudformation:type"
_NO_LETTER: Final = re.compile(r"[^A-Za-z0-9]")
_IN_TREE: Final = "aws:cdk:cloudformation:logicalId"


@dataclass(frozen=True, slots=True)
class ConstructNames:
    """Construct paths and call stacks by logical ID; of a nested stack's resource, by the path of logical IDs from
    the root stack's down (``Tables7FF0/Orders``)."""

    paths: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    frames: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def construct_names(
    metadata: Mapping[str, object], tree: Callable[[], Mapping[str, object]], stack: str
) -> ConstructNames:
    """The names of a stack's resources.

    ``metadata`` is the stack artifact's, by construct path; ``tree`` reads ``tree.json``, which is asked only
    where the metadata says nothing; ``stack`` the construct path of the stack. Raises nothing for wrong content.
    """
    made = {path.strip("/"): _created(entries) for path, entries in metadata.items() if isinstance(entries, list)}
    ids = {path: logical_id for path, (logical_id, _) in made.items() if logical_id}
    if not ids:
        ids = dict(_in_tree(tree(), stack))
    keys = _keys(ids)
    frames = {keys[path]: made[path][1] for path in ids if path in made and made[path][1]}
    return ConstructNames({key: path for path, key in keys.items()}, frames)


def _created(entries: Iterable[object]) -> tuple[str, tuple[str, ...]]:
    """The logical ID that the entries of a construct give, and the call stack of its creation, innermost first."""
    logical_id = ""
    frames: tuple[str, ...] = ()
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        if entry.get("type") == _LOGICAL_ID and isinstance(entry.get("data"), str):
            logical_id = entry["data"]
            frames = frames or _texts(entry.get("trace"))
        elif entry.get("type") == _CREATION:
            frames = _texts(entry.get("data")) or frames
    return logical_id, frames


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _in_tree(tree: Mapping[str, object], stack: str) -> Iterator[tuple[str, str]]:
    """The logical IDs of the resources of a stack, by construct path."""
    pending = [tree.get("tree")]
    resources: list[tuple[str, object]] = []
    paths: set[str] = set()
    while pending:
        node = pending.pop()
        if not isinstance(node, dict):
            continue
        path, attributes, children = node.get("path"), node.get("attributes"), node.get("children")
        if isinstance(path, str) and path.startswith(f"{stack}/"):
            paths.add(path)
            attributes = attributes if isinstance(attributes, dict) else {}
            # Custom resources have no type in the tree: whatever has no children may be one.
            if _TYPE in attributes or not children:
                resources.append((path, attributes.get(_IN_TREE)))
        if isinstance(children, dict):
            pending.extend(children.values())
    scopes = {stack, *(path for path in paths if f"{path}.NestedStack" in paths)}
    for path, logical_id in resources:
        yield path, logical_id if isinstance(logical_id, str) else _logical_id(path, scopes)


def _logical_id(path: str, scopes: Collection[str]) -> str:
    """The logical ID that the CDK makes of a construct path below its stack (aws-cdk-lib, *makeUniqueId*)."""
    parts = path.split("/")
    depth = max(length for length in range(len(parts)) if "/".join(parts[:length]) in scopes)
    named = [part for part in parts[depth:] if part != "Default"]
    if len(named) == 1:
        return _NO_LETTER.sub("", named[0])
    human: list[str] = []
    for part in named:
        if not human or not human[-1].endswith(part):
            human.append(part)
    text = "".join(_NO_LETTER.sub("", part) for part in human if part != "Resource")[:240]
    return text + hashlib.md5("/".join(named).encode(errors="replace"), usedforsecurity=False).hexdigest()[:8].upper()


def _keys(ids: Mapping[str, str]) -> dict[str, str]:
    """The path of logical IDs of each construct path: a nested stack's resources stand below its own logical ID."""
    scopes = {
        f"{found.group('scope')}{found.group('name')}": logical_id
        for path, logical_id in ids.items()
        if (found := _NESTED.fullmatch(path)) is not None
    }

    def key(path: str, logical_id: str) -> str:
        parts = path.split("/")
        above = ("/".join(parts[:length]) for length in range(1, len(parts)))
        return "/".join([*(scopes[scope] for scope in above if scope in scopes), logical_id])

    return {path: key(path, logical_id) for path, logical_id in ids.items()}
