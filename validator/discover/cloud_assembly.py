"""The cloud assembly that ``cdk synth`` writes: its stacks, nested assemblies (stages) and assets.

Follows the *AWS CDK cloud assembly schema* (``manifest.json``, ``*.assets.json``). An assembly is input like any
other: what it names is read below its own folder only, and whatever is wrong in it becomes a fault.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from validator import files
from validator.discover.constructs import ConstructNames, construct_names

MANIFEST: Final = "manifest.json"
MAXIMUM_RECORD_BYTES: Final = 64_000_000
"""Larger manifests and trees are not read: an application of 500 stacks writes some 20 MB."""

_STACK: Final = "aws:cloudformation:stack"
_ASSEMBLY: Final = "cdk:cloud-assembly"
_ASSETS: Final = "cdk:asset-manifest"
_TREE: Final = "cdk:tree"
_ENVIRONMENT: Final = re.compile(r"aws://(?P<account>[^/]*)/(?P<region>[^/]*)")
_ACCOUNT: Final = re.compile(r"\d{12}")
_REGION: Final = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")


class _Wrong(Exception):
    """Something in an assembly that cannot be used; the text says what."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that an assembly names and that cannot be used, so that it is not checked."""

    file: Path
    message: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class AssemblyStack:
    """One stack of an assembly."""

    template: Path
    name: str
    construct: str
    """Its construct path (``Prod/Network``)."""
    region: str | None = None
    account_id: str | None = None
    assets: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    """Files by the last part of the key that they are uploaded under: templates of nested stacks are found here."""
    names: ConstructNames = field(default_factory=ConstructNames)


@dataclass(frozen=True, slots=True)
class CloudAssembly:
    """The content of one assembly's folder; nested assemblies are read by themselves."""

    folder: Path
    stacks: tuple[AssemblyStack, ...] = ()
    nested: tuple[Path, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def templates(self) -> tuple[Path, ...]:
        """The templates of the stacks, and of the stacks that they nest."""
        named = [stack.template for stack in self.stacks]
        named += (path for stack in self.stacks for path in stack.assets.values() if _is_template_name(path.name))
        return tuple(dict.fromkeys(named))


def is_cloud_assembly(folder: Path) -> bool:
    """Whether a folder is output of ``cdk synth``: its manifest, or the CDK's own mark beside it, says so."""
    try:
        # The mark first: a manifest may be large.
        manifest = folder / MANIFEST
        if not files.is_file(manifest) or not Path(files.real(manifest)).is_relative_to(files.real(folder)):
            return False
        return _is_marked(folder) or _is_manifest(_record(manifest))
    except (_Wrong, OSError):
        return False


def read_assembly(folder: Path) -> CloudAssembly | None:
    """The assembly in a folder; None where there is none. Raises nothing: what is wrong becomes a fault."""
    if not is_cloud_assembly(folder):
        return None
    manifest = folder / MANIFEST
    try:
        content = _record(manifest)
        if not _is_manifest(content):
            raise _Wrong("it has no map of artifacts")
    except (_Wrong, OSError) as error:
        return CloudAssembly(folder, faults=(Fault(manifest, f"the manifest cannot be read: {error}"),))
    return _Reader(folder, _map(content)).read()


def outermost(folder: Path) -> Path:
    """The folder of the assembly that holds a nested one; the folder itself where nothing holds it."""
    while folder.parent != folder and is_cloud_assembly(folder.parent):
        folder = folder.parent
    return folder


class _Reader:
    """Reads one manifest."""

    def __init__(self, folder: Path, content: Mapping[str, object]) -> None:
        self._folder = folder
        self._top = outermost(folder)
        self._artifacts = _map(content.get("artifacts"))
        self._faults: list[Fault] = []
        self._text: str | None = None

    def read(self) -> CloudAssembly:
        stacks: list[AssemblyStack] = []
        nested: list[Path] = []
        for name, artifact in self._artifacts.items():
            kind = _map(artifact).get("type")
            try:
                if kind == _STACK:
                    stacks.append(self._stack(name, _map(artifact)))
                elif kind == _ASSEMBLY:
                    nested.append(self._nested(name, _map(artifact)))
            except _Wrong as wrong:
                line, column = self._place(name)
                self._faults.append(Fault(self._folder / MANIFEST, str(wrong), line, column))
        return CloudAssembly(self._folder, tuple(stacks), tuple(dict.fromkeys(nested)), tuple(self._faults))

    def _stack(self, artifact_id: str, artifact: Mapping[str, object]) -> AssemblyStack:
        properties = _map(artifact.get("properties"))
        what = f"stack {artifact_id}: its template"
        template = _inside(self._folder, self._folder, properties.get("templateFile"), what)
        if not files.is_file(template):
            raise _Wrong(f"{what} {template.name} does not exist: run `cdk synth` again")
        construct = _text(artifact.get("displayName")) or artifact_id
        account, region = _environment(artifact.get("environment"))
        return AssemblyStack(
            template,
            _text(properties.get("stackName")) or artifact_id,
            construct,
            region,
            account,
            dict(self._assets(artifact)),
            self._names(artifact, construct),
        )

    def _nested(self, artifact_id: str, artifact: Mapping[str, object]) -> Path:
        what = f"nested assembly {artifact_id}: its folder"
        folder = _inside(self._folder, self._folder, _map(artifact.get("properties")).get("directoryName"), what)
        if not files.is_folder(folder):
            raise _Wrong(f"{what} {folder.name} does not exist: run `cdk synth` again")
        if not is_cloud_assembly(folder):
            raise _Wrong(f"{what} {folder.name} has no {MANIFEST}: run `cdk synth` again")
        return folder

    def _assets(self, artifact: Mapping[str, object]) -> Iterator[tuple[str, Path]]:
        """The file assets of the asset manifests that the stack depends on."""
        for dependency in _list(artifact.get("dependencies")):
            other = _map(self._artifacts.get(_text(dependency)))
            if other.get("type") != _ASSETS:
                continue
            try:
                what = f"asset manifest {dependency}: its file"
                file = _inside(self._folder, self._folder, _map(other.get("properties")).get("file"), what)
                content = _map(_record(file))
            except (_Wrong, OSError):
                # What it would lead to stays a nested stack that is not in the run, and is named so.
                continue
            yield from self._uploaded(content)

    def _uploaded(self, content: Mapping[str, object]) -> Iterator[tuple[str, Path]]:
        for asset_id, asset in _map(content.get("files")).items():
            source = _map(_map(asset).get("source"))
            if source.get("packaging", "file") != "file" or "path" not in source:
                continue
            try:
                path = _inside(self._folder, self._top, source.get("path"), f"asset {asset_id}: its file")
            except _Wrong:
                continue
            for destination in _map(_map(asset).get("destinations")).values():
                key = _text(_map(destination).get("objectKey"))
                if key:
                    yield key.rpartition("/")[2], path

    def _names(self, artifact: Mapping[str, object], construct: str) -> ConstructNames:
        """Construct paths: of the manifest or the file beside it; else of the tree."""
        metadata = dict(_map(artifact.get("metadata")))
        file = artifact.get("additionalMetadataFile")
        if file is not None:
            metadata |= self._record_beside(file)

        def tree() -> Mapping[str, object]:
            found = next((one for one in self._artifacts.values() if _map(one).get("type") == _TREE), None)
            return self._record_beside(_map(_map(found).get("properties")).get("file"))

        return construct_names(metadata, tree, construct)

    def _record_beside(self, name: object) -> Mapping[str, object]:
        try:
            return _map(_record(_inside(self._folder, self._folder, name, "the record")))
        except (_Wrong, OSError):
            return {}

    def _place(self, artifact_id: str) -> tuple[int, int]:
        """Line and column of an artifact's name in the manifest."""
        if self._text is None:
            self._text = files.read_text(self._folder / MANIFEST)
        found = re.search(re.escape(json.dumps(artifact_id)) + r"\s*:\s*\{", self._text)
        if found is None:
            return 1, 1
        before = self._text[: found.start()]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _environment(value: object) -> tuple[str | None, str | None]:
    """Account and region of ``aws://account/region``; None for ``unknown-…``, which leaves them to deployment."""
    found = _ENVIRONMENT.fullmatch(_text(value))
    if found is None:
        return None, None
    account, region = found.group("account"), found.group("region")
    return (
        account if _ACCOUNT.fullmatch(account) else None,
        region if _REGION.fullmatch(region) else None,
    )


def _inside(folder: Path, boundary: Path, name: object, what: str) -> Path:
    """A path that an assembly names, relative to ``folder``. Raises _Wrong for one that is not below ``boundary``."""
    if not isinstance(name, str) or not name:
        raise _Wrong(f"{what} is not named by a text")
    try:
        path = Path(folder, name)
        real, limit = Path(files.real(path)), Path(files.real(boundary))
    except (OSError, ValueError) as error:
        raise _Wrong(f"{what} {name!r} is no usable path") from error
    if Path(name).is_absolute() or real == limit or not real.is_relative_to(limit):
        raise _Wrong(f"{what} {name!r} lies outside of the assembly, so it is not read")
    return Path(folder, *Path(name).parts) if ".." not in Path(name).parts else real


def _record(path: Path) -> object:
    """A JSON file. Raises _Wrong for what is none, OSError for what cannot be read."""
    if files.status(path).st_size > MAXIMUM_RECORD_BYTES:
        raise _Wrong(f"{path.name} has more than {MAXIMUM_RECORD_BYTES // 1_000_000} MB")
    try:
        content: object = json.loads(files.read_bytes(path))
    except RecursionError as error:
        raise _Wrong(f"{path.name} is nested too deep") from error
    except ValueError as error:
        raise _Wrong(f"{path.name} is not JSON: {error}") from error
    return content


def _is_manifest(content: object) -> bool:
    return isinstance(content, dict) and "version" in content and isinstance(content.get("artifacts"), dict)


def _is_marked(folder: Path) -> bool:
    """Whether the file stands there that the CDK leaves in each of its output folders."""
    try:
        return files.is_file(folder / "cdk.out") and "version" in _map(_record(folder / "cdk.out"))
    except (_Wrong, OSError):
        return False


def _is_template_name(name: str) -> bool:
    return name.endswith(".template.json")


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
