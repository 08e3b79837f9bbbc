"""Which construct of a CDK application made a resource, and on which line of its code.

Follows the *AWS CDK cloud assembly schema*: ``aws:cdk:logicalId`` entries of the metadata say which logical ID a
construct path has, their ``trace`` and ``aws:cdk:creationStack`` where the construct was made; ``tree.json`` has the
logical IDs too in newer releases.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_NESTED: Final = re.compile(r"(?P<scope>(?:.*/)?)(?P<name>[^/]+)\.NestedStack/(?P=name)\.NestedStackResource")
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_CREATION: Final = "aws:cdk:creationStack"
_IN_TREE: Final = "aws:cdk:cloudformation:logicalId"


@dataclass(frozen=True, slots=True)
class ConstructNames:
    """Construct paths and call stacks by logical ID; of a nested stack's resource, by the path of logical IDs from
    the root stack's down (``Tables7FF0/Orders``)."""

    paths: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    frames: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def construct_names(metadata: Mapping[str, object], tree: Mapping[str, object], stack: str) -> ConstructNames:
    """The names of a stack's resources.

    ``metadata`` is the stack artifact's, by construct path; ``tree`` the content of ``tree.json``, which is asked
    only where the metadata says nothing; ``stack`` the construct path of the stack. Raises nothing for wrong content.
    """
    made = {path.strip("/"): _created(entries) for path, entries in metadata.items() if isinstance(entries, list)}
    ids = {path: logical_id for path, (logical_id, _) in made.items() if logical_id}
    if not ids:
        ids = {path: name for path, name in _in_tree(tree) if path == stack or path.startswith(f"{stack}/")}
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


def _in_tree(tree: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    pending = [tree.get("tree")]
    while pending:
        node = pending.pop()
        if not isinstance(node, dict):
            continue
        attributes, children = node.get("attributes"), node.get("children")
        path = node.get("path")
        logical_id = attributes.get(_IN_TREE) if isinstance(attributes, dict) else None
        if isinstance(path, str) and isinstance(logical_id, str):
            yield path, logical_id
        if isinstance(children, dict):
            pending.extend(children.values())


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
