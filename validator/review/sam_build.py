"""From a template that ``sam build`` wrote back to its source: what people wrote is what findings point to.

Follows the AWS SAM CLI: the build copies the template, writes paths of built code and of files beside the template
anew, and marks resources with ``SamResourceId``. The source is taken only when nothing else differs.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from validator import files
from validator.discover import DiscoveredFile
from validator.discover.directories import SAM_BUILD, is_sam_build
from validator.discover.discovery import display_path
from validator.discover.walk import TEMPLATE_SUFFIXES
from validator.load import ListNode, MapNode, Node, ScalarNode, load_file
from validator.model import Diagnostic, DiagnosticLevel, Span, TierlensError
from validator.workload import StackPlan

_PATHS: Final = frozenset(
    (
        *("CodeUri", "ContentUri", "DefinitionUri", "SchemaUri", "Location", "TemplateURL", "Code", "Content"),
        *("DefinitionS3Location", "BodyS3Location", "CodeS3Location", "SourceBundle", "ScriptLocation"),
        *("RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location", "ModulePackage"),
        *("LicenseUrl", "ReadmeUrl", "DockerContext"),
    )
)
"""Keys whose local paths the build writes anew."""
_NESTING: Final = ("Location", "TemplateURL")
_MARKS: Final = ("SamResourceId", "SamNormalized")
_MOST_CANDIDATES: Final = 50


def source_of(plan: StackPlan, root: Path, shown_below: Path) -> StackPlan:
    """The plan with the source template in the place of a built one, and a remark that says so.

    A template that no build wrote stays as it is; so does a built one that differs from every template of its
    project, with a remark. Files outside of ``root`` are not looked at; paths are shown against ``shown_below``.
    Raises nothing.
    """
    found = _build_folder(plan.file.path, root)
    if found is None:
        return plan
    build, nested = found
    for candidate in _candidates(build, root):
        source = _same_source(build, nested, candidate, root)
        if source is not None:
            file = DiscoveredFile(source, display_path(source, shown_below))
            message = f"{plan.file.display_path} is judged as its source {file.display_path}, which it was built from"
            return replace(plan, file=file, remarks=(*plan.remarks, _remark(plan, message, "")))
    message = f"{plan.file.display_path} is judged as it was built: no template of the project has the same content"
    hint = "run `sam build` again, or check the source itself"
    return replace(plan, remarks=(*plan.remarks, _remark(plan, message, hint)))


def _remark(plan: StackPlan, message: str, hint: str) -> Diagnostic:
    span = Span(plan.file.display_path, 1, 1, 1, 1)
    return Diagnostic(DiagnosticLevel.NOTICE, "sam-build", message, span, hint)


def _build_folder(file: Path, root: Path) -> tuple[Path, tuple[str, ...]] | None:
    """The folder of the build that a template lies in, and the logical IDs of nested applications down to it."""
    if file.stem != "template":
        return None
    limit = Path(files.real(root))
    for folder in file.parents:
        if is_sam_build(folder):
            return folder, file.parent.relative_to(folder).parts
        if folder.name == SAM_BUILD or Path(files.real(folder)) == limit:
            break
    return None


def _candidates(build: Path, root: Path) -> Iterator[Path]:
    """Templates that may be the source: what the settings of SAM name, then those beside the build, nearest first."""
    limit = Path(files.real(root))
    seen: set[Path] = set()
    for folder in build.parents:
        if folder.name == SAM_BUILD:
            continue
        if not Path(files.real(folder)).is_relative_to(limit):
            return
        for path in (*_configured(folder, limit), *_beside(folder, limit)):
            real = Path(files.real(path))
            if real not in seen and real.is_relative_to(limit):
                seen.add(real)
                yield path
            if len(seen) >= _MOST_CANDIDATES:
                return


def _configured(folder: Path, limit: Path) -> Iterator[Path]:
    if not Path(files.real(folder / "samconfig.toml")).is_relative_to(limit):
        return
    try:
        settings = tomllib.loads(files.read_text(folder / "samconfig.toml"))
    except (OSError, ValueError, RecursionError):
        return
    for environment in settings.values():
        commands = environment.values() if isinstance(environment, dict) else ()
        for command in commands:
            parameters = command.get("parameters") if isinstance(command, dict) else None
            for key in ("template_file", "template"):
                named = parameters.get(key) if isinstance(parameters, dict) else None
                if isinstance(named, str) and "\0" not in named and _is_file(folder / named):
                    yield folder / named


def _beside(folder: Path, limit: Path) -> Iterator[Path]:
    try:
        entries = files.entries(folder, TEMPLATE_SUFFIXES)
    except OSError:
        return
    paths = [folder / entry.name for entry in entries if Path(entry.name).suffix.lower() in TEMPLATE_SUFFIXES]
    yield from sorted(
        (path for path in paths if _is_file(path) and Path(files.real(path)).is_relative_to(limit)),
        key=lambda path: path.stem != "template",
    )


def _is_file(path: Path) -> bool:
    try:
        return files.is_file(path)
    except OSError:
        return False


def _same_source(build: Path, nested: tuple[str, ...], source: Path, root: Path) -> Path | None:
    """The source of a built template, where that of the whole application is ``source``; None if it is not."""
    limit = Path(files.real(root))
    built = next((path for path in _beside(build, limit) if path.stem == "template"), None)
    if built is None or not _Comparison(built, source, build).holds():
        return None
    for logical_id in nested:
        below = _nested_source(source, logical_id)
        built = next((path for path in _beside(built.parent / logical_id, limit) if path.stem == "template"), None)
        if below is None or built is None or not Path(files.real(below)).is_relative_to(limit):
            return None
        if not _is_file(below) or not _Comparison(built, below, build).holds():
            return None
        source = below
    return source


def _nested_source(source: Path, logical_id: str) -> Path | None:
    root = _root_of(source)
    for key in ("Resources", logical_id, "Properties"):
        root = root.get(key) if isinstance(root, MapNode) else None
    for key in _NESTING:
        named = root.get(key) if isinstance(root, MapNode) else None
        if isinstance(named, ScalarNode) and named.text and "://" not in named.text and "\0" not in named.text:
            return source.parent / named.text
    return None


def _root_of(path: Path) -> Node | None:
    try:
        return load_file(path, path.name).root
    except TierlensError:
        return None


class _Comparison:
    """Whether a built template says what a source says, but for paths that the build writes anew."""

    def __init__(self, built: Path, source: Path, build: Path) -> None:
        self._built = built
        self._source = source
        self._build = Path(files.real(build))

    def holds(self) -> bool:
        """Whether nothing else differs."""
        built, source = _root_of(self._built), _root_of(self._source)
        return built is not None and source is not None and self._same(built, source, "")

    def _same(self, built: Node, source: Node, key: str) -> bool:
        if isinstance(built, ScalarNode) and isinstance(source, ScalarNode):
            return built.text == source.text or (key in _PATHS and self._same_place(built.text, source.text))
        if isinstance(built, ListNode) and isinstance(source, ListNode):
            pairs = zip(built.items, source.items, strict=False)
            return len(built.items) == len(source.items) and all(self._same(one, two, key) for one, two in pairs)
        if isinstance(built, MapNode) and isinstance(source, MapNode):
            return self._same_map(built, source)
        # What the loader leaves open says nothing about what it is: the built file is kept.
        return False

    def _same_map(self, built: MapNode, source: MapNode) -> bool:
        ours = dict(built.items())
        for key, value in source.items():
            if key not in ours or not self._same(ours.pop(key), value, key):
                return False
        return all(self._is_added(key, value, built) for key, value in ours.items())

    def _is_added(self, key: str, value: Node, built: MapNode) -> bool:
        """Whether the build adds the entry: its marks, the place of code that ``Globals`` name, a built image."""
        if key in _MARKS:
            return isinstance(value, ScalarNode)
        if key == "Metadata":
            return isinstance(value, MapNode) and all(name in _MARKS for name, _ in value.items())
        if not isinstance(value, ScalarNode):
            return False
        if key in _PATHS:
            return self._is_built(value.text)
        package = built.get("PackageType")
        return key == "ImageUri" and isinstance(package, ScalarNode) and package.text == "Image"

    def _same_place(self, built: str, source: str) -> bool:
        if "://" in built or "://" in source:
            return False
        if self._is_built(built):
            return True
        try:
            return files.real(self._built.parent / built) == files.real(self._source.parent / source)
        except (OSError, ValueError):
            return False

    def _is_built(self, text: str) -> bool:
        """Whether the path leads to something that the build made."""
        try:
            place = Path(files.real(self._built.parent / text))
        except (OSError, ValueError):
            return False
        return place != self._build and place.is_relative_to(self._build) and _exists(place)


def _exists(path: Path) -> bool:
    try:
        return files.exists(path)
    except OSError:
        return False
