"""From a planned stack to an architecture: load, expand, resolve."""

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
from validator.workload import LinkTable, Stack, StackLinks, StackPlan


@dataclass(frozen=True, slots=True)
class LoadedStack:
    """One template as a stack of its own: its expansion and its architecture."""

    template: Template
    architecture: Architecture
    has_samconfig: bool = False
    """Whether a SAM configuration stands beside it and gave the environment that was named."""


def discover_templates(request: ReviewRequest) -> Discovery:
    """The template files of the request's paths without those that the settings exclude.

    Raises UsageError when nothing is found or all of it is excluded; planned stacks may do without paths.
    """
    if request.stacks and not request.paths:
        return Discovery((), ())
    discovery = discover(request.paths, request.root)
    exclude = request.settings.exclude
    kept = tuple(file for file in discovery.files if not is_excluded(file.display_path, exclude))
    if not kept:
        raise UsageError("every template that was found is excluded", hint=f"exclude is {', '.join(exclude)}")
    return replace(discovery, files=kept)


def is_excluded(display_path: str, patterns: Iterable[str]) -> bool:
    """Whether one of the globs matches the path or a folder that it lies in."""
    parents = [display_path, *(str(parent) for parent in PurePosixPath(display_path).parents)]
    return any(fnmatch(name, pattern.rstrip("/")) for pattern in patterns for name in parents)


def declared_parameters(document: Document) -> Mapping[str, ParameterDeclaration]:
    """The parameters that a document declares; empty when it has no such section."""
    section = document.root.get("Parameters") if isinstance(document.root, MapNode) else None
    if not isinstance(section, MapNode):
        return {}
    return {name: declaration(name, node) for name, node in section.items() if isinstance(node, MapNode)}


def load_stack(file: DiscoveredFile, request: ReviewRequest, assumptions: Assumptions | None = None) -> LoadedStack:
    """Read one template and build its architecture, without the stacks that it nests or imports from.

    ``assumptions`` are shared by the templates of a run, to tell which were used; by default the request's.
    Raises LoadError or ExpandError when it is no template, SettingsError when a given value is not allowed.
    """
    if assumptions is None:
        assumptions = Assumptions(request.settings.assume, request.today)
    return alone(load_root(StackPlan(file), request, assumptions), assumptions)


def alone(stack: Stack, assumptions: Assumptions, table: LinkTable | None = None) -> LoadedStack:
    """The architecture of a stack that nothing links with another.

    The run's ``table`` tells what it could be linked with, if more was known.
    """
    evaluation = Evaluation()
    scope = Scope(stack.file.display_path, stack.template, stack.environment, evaluation, assumptions.import_of)
    if table is not None:
        scope.links = StackLinks(table)
    return LoadedStack(stack.template, Architecture([scope], evaluation, assumptions.meanings()), stack.has_samconfig)


def load_root(plan: StackPlan, request: ReviewRequest, assumptions: Assumptions) -> Stack:
    """Read the template of a planned stack with the values that it is deployed with.

    Raises LoadError or ExpandError when it is no template, SettingsError when a given value is not allowed.
    """
    file = plan.file
    document = plan.document or load_file(file.path, file.display_path)
    declared = declared_parameters(document)
    root = reading_root(plan, request)
    samconfig = _samconfig(plan, request, root)
    given = _given(declared, samconfig, plan, request, assumptions)
    region = plan.region or request.settings.region or (samconfig.region if samconfig is not None else None)
    stack_name = plan.name or (samconfig.stack_name if samconfig is not None else None)
    pseudo = _pseudo(region, plan.account_id or request.settings.account_id, stack_name)
    template = expand(document, root=root, file=file.path, parameters=given.values, region=region)
    environment = Environment(given.values, given.unknown, pseudo, assumptions.parameters(declared).values)
    return Stack(plan, file, template, environment, has_samconfig=samconfig is not None)


def reading_root(plan: StackPlan, request: ReviewRequest) -> Path:
    """The folder below which the files of a template are read: the run's root, or its own project's outside of it."""
    if plan.root is not None:
        return plan.root
    if request.root_is_given or plan.file.path.is_relative_to(request.root):
        return request.root
    return project_root(plan.file.path.parent)


def _samconfig(plan: StackPlan, request: ReviewRequest, root: Path) -> SamConfig | None:
    environment = plan.samconfig_environment or request.settings.samconfig_environment
    return None if environment is None else read_samconfig(plan.file.path.parent, environment, root)


def _given(
    declared: Mapping[str, ParameterDeclaration],
    samconfig: SamConfig | None,
    plan: StackPlan,
    request: ReviewRequest,
    assumptions: Assumptions,
) -> GivenParameters:
    deployed = () if samconfig is None else (samconfig.parameters,)
    layers = (*deployed, request.settings.parameters, *plan.parameters, *request.parameters)
    return merge_parameters(declared, assumptions.parameters(declared), *layers)


def _pseudo(region: str | None, account_id: str | None, stack_name: str | None) -> Mapping[str, str]:
    known = {"AWS::Region": region, "AWS::AccountId": account_id, "AWS::StackName": stack_name}
    if region is not None:
        known["AWS::Partition"], known["AWS::URLSuffix"] = _partition(region)
    return {name: value for name, value in known.items() if value is not None}


def _partition(region: str) -> tuple[str, str]:
    if region.startswith("cn-"):
        return "aws-cn", "amazonaws.com.cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov", "amazonaws.com"
    return "aws", "amazonaws.com"
