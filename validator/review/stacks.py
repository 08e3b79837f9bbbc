"""From a template file to an architecture: load, expand, resolve."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from validator.discover import DiscoveredFile, Discovery, discover
from validator.expand import Template, expand
from validator.graph import Architecture
from validator.load import Document, MapNode, load_file
from validator.model import ParameterDeclaration, UsageError
from validator.resolve import Environment, Evaluation, Scope
from validator.resolve.parameters import declaration
from validator.review.assumptions import Assumptions
from validator.review.request import ReviewRequest
from validator.settings import GivenParameters, SamConfig, merge_parameters, project_root, read_samconfig


@dataclass(frozen=True, slots=True)
class LoadedStack:
    """One template as a stack of its own: its expansion and its architecture."""

    template: Template
    architecture: Architecture
    has_samconfig: bool = False
    """Whether a SAM configuration stands beside it and gave the environment that was named."""


def discover_templates(request: ReviewRequest) -> Discovery:
    """The template files of the request without those that the settings exclude.

    Raises UsageError when nothing is found or all of it is excluded.
    """
    discovery = discover(request.paths, request.root)
    exclude = request.settings.exclude
    kept = tuple(file for file in discovery.files if not _excluded(file.display_path, exclude))
    if not kept:
        raise UsageError("every template that was found is excluded", hint=f"exclude is {', '.join(exclude)}")
    return replace(discovery, files=kept)


def _excluded(display_path: str, patterns: Iterable[str]) -> bool:
    parents = [display_path, *(str(parent) for parent in PurePosixPath(display_path).parents)]
    return any(fnmatch(name, pattern.rstrip("/")) for pattern in patterns for name in parents)


def declared_parameters(document: Document) -> Mapping[str, ParameterDeclaration]:
    """The parameters that a document declares; empty when it has no such section."""
    section = document.root.get("Parameters") if isinstance(document.root, MapNode) else None
    if not isinstance(section, MapNode):
        return {}
    return {name: declaration(name, node) for name, node in section.items() if isinstance(node, MapNode)}


def load_stack(file: DiscoveredFile, request: ReviewRequest, assumptions: Assumptions | None = None) -> LoadedStack:
    """Read one template and build its architecture.

    ``assumptions`` are shared by the templates of a run, to tell which were used; by default the request's.
    Raises LoadError or ExpandError when it is no template, SettingsError when a given value is not allowed.
    """
    if assumptions is None:
        assumptions = Assumptions(request.settings.assume, request.today)
    document = load_file(file.path, file.display_path)
    declared = declared_parameters(document)
    samconfig = _samconfig(file.path, request)
    given = _given(declared, samconfig, request, assumptions)
    region = request.settings.region or (samconfig.region if samconfig is not None else None)
    pseudo = _pseudo(region, request.settings.account_id)
    root = _reading_root(file.path, request)
    template = expand(document, root=root, file=file.path, parameters=given.values, region=region)
    evaluation = Evaluation()
    environment = Environment(given.values, given.unknown, pseudo, assumptions.parameters(declared).values)
    scope = Scope(file.display_path, template, environment, evaluation, assumptions.import_of)
    return LoadedStack(template, Architecture([scope], evaluation, assumptions.meanings()), samconfig is not None)


def _reading_root(file: Path, request: ReviewRequest) -> Path:
    """The folder below which the files of a template are read: the run's root, or its own project's outside of it."""
    if request.root_is_given or file.is_relative_to(request.root):
        return request.root
    return project_root(file.parent)


def _samconfig(path: Path, request: ReviewRequest) -> SamConfig | None:
    environment = request.settings.samconfig_environment
    return None if environment is None else read_samconfig(path.parent, environment, _reading_root(path, request))


def _given(
    declared: Mapping[str, ParameterDeclaration],
    samconfig: SamConfig | None,
    request: ReviewRequest,
    assumptions: Assumptions,
) -> GivenParameters:
    deployed = () if samconfig is None else (samconfig.parameters,)
    layers = (assumptions.parameters(declared), *deployed, request.settings.parameters, *request.parameters)
    return merge_parameters(declared, *layers)


def _pseudo(region: str | None, account_id: str | None) -> Mapping[str, str]:
    known = {"AWS::Region": region, "AWS::AccountId": account_id}
    if region is not None:
        known["AWS::Partition"], known["AWS::URLSuffix"] = _partition(region)
    return {name: value for name, value in known.items() if value is not None}


def _partition(region: str) -> tuple[str, str]:
    if region.startswith("cn-"):
        return "aws-cn", "amazonaws.com.cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov", "amazonaws.com"
    return "aws", "amazonaws.com"
