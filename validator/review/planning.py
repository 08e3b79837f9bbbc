"""From what a run is asked to do to the stacks it has: found files, named stacks, workloads, environments."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from validator.discover import DiscoveredFile, discover
from validator.discover.discovery import display_path
from validator.model import SettingsError, TierlensError, UsageError
from validator.review.request import ReviewRequest
from validator.review.stacks import is_excluded
from validator.review.ways_in import WaysIn
from validator.settings import (
    Deployment,
    GivenParameters,
    Settings,
    Workload,
    WorkloadStack,
    check_names,
    did_you_mean,
    read_parameter_file,
)
from validator.workload import StackPlan


def plan_stacks(request: ReviewRequest, files: Sequence[DiscoveredFile]) -> tuple[StackPlan, ...]:
    """The stacks of a run, in the order of the files that were found, once for each environment that deploys them.

    A workload of the settings is taken whole when one of its templates was found: what it proves is proven over all
    of them. Raises UsageError for an environment that is not configured, SettingsError for a workload whose paths
    hold no template or for two that share one.
    """
    own = {plan.file.path.resolve() for plan in request.stacks}
    ways = WaysIn(request)
    plans = ways.planned(StackPlan(file) for file in files if file.path.resolve() not in own)
    plans += ways.planned(request.stacks)
    for workload in request.settings.workloads:
        plans = _with_workload(plans, workload, request, ways)
    names = _environments(request)
    return tuple(told_apart(made for plan in plans for made in _deployments(plan, names, request.settings)))


def _with_workload(
    plans: list[StackPlan], workload: Workload, request: ReviewRequest, ways: WaysIn
) -> list[StackPlan]:
    """The plans with those of the workload in the place of the first that is in it; unchanged when none is."""
    members = ways.planned(_members(workload, request))
    files = {plan.file.path.resolve() for plan in members}
    found = [plan for plan in plans if plan.file.path.resolve() in files]
    if not found:
        return plans
    for plan in found:
        same = [member for member in members if member.file.path.resolve() == plan.file.path.resolve()]
        if plan.workload and not (plan.named and all(member.named for member in same)):
            what = f"{plan.file.display_path} is in the workloads '{plan.workload}' and '{workload.name}'"
            hint = "a template that both deploy is a stack with a name in each: stacks = { NAME = PATH }"
            raise SettingsError(f"{workload.span}: {what}", span=workload.span, hint=hint)
    given = {plan.file.path.resolve() for plan in found if plan.named and not plan.workload}
    members = [member for member in members if member.named or member.file.path.resolve() not in given]
    members += [replace(plan, workload=workload.name) for plan in found if plan.named and not plan.workload]
    place = plans.index(found[0])
    kept = [plan for plan in plans if plan not in found or plan.workload]
    return [*kept[:place], *members, *kept[place:]]


def _members(workload: Workload, request: ReviewRequest) -> list[StackPlan]:
    named = [_named(stack, workload, request) for stack in workload.stacks]
    files = {plan.file.path.resolve() for plan in named}
    plans: list[StackPlan] = []
    try:
        found = discover(workload.paths, request.root).files if workload.paths else ()
    except TierlensError as error:
        what = f"workload '{workload.name}': {error.message}"
        raise SettingsError(f"{workload.span}: {what}", span=workload.span, hint=error.hint) from error
    for file in found:
        excluded = is_excluded(file.display_path, request.settings.exclude)
        if file.path.resolve() not in files and not excluded:
            plans.append(StackPlan(file, workload=workload.name))
    return [*plans, *named]


def _named(stack: WorkloadStack, workload: Workload, request: ReviewRequest) -> StackPlan:
    file = DiscoveredFile(stack.path.absolute(), display_path(stack.path.absolute(), request.root))
    plan = StackPlan(file, stack.name, workload.name, named=True)
    return deployed(plan, stack.deployment)


def deployed(plan: StackPlan, deployment: Deployment) -> StackPlan:
    """The plan with what a deployment says of it; what it leaves open stays as it is.

    Raises SettingsError for a parameter file that cannot be read.
    """
    files = tuple(read_parameter_file(path) for path in deployment.parameter_files)
    return replace(
        plan,
        parameters=(*plan.parameters, *files, deployment.parameters),
        region=deployment.region or plan.region,
        account_id=deployment.account_id or plan.account_id,
        samconfig_environment=deployment.samconfig_environment or plan.samconfig_environment,
    )


def _environments(request: ReviewRequest) -> tuple[str, ...]:
    settings = request.settings
    tables = [settings.environments, *(workload.environments for workload in settings.workloads)]
    known = tuple(dict.fromkeys(name for table in tables for name in table))
    for name in request.environments:
        if name not in known:
            near = did_you_mean(name, known) or (f"known are {', '.join(known)}" if known else "none is configured")
            hint = "add [environment.NAME] to the configuration, or name one that is there"
            raise UsageError(f"--environment {name}: there is no such environment: {near}", hint=hint)
    return tuple(dict.fromkeys(request.environments)) or known


def _deployments(plan: StackPlan, names: Sequence[str], settings: Settings) -> Iterator[StackPlan]:
    """The plan as each environment deploys it; once as it is where none of them says anything of it."""
    of_workload = next((one.environments for one in settings.workloads if one.name == plan.workload), {})
    tables = (settings.environments, of_workload)
    known = [name for name in names if any(name in table for table in tables)]
    if not known:
        yield plan
    for name in known:
        # What is said of one stack beats what is said of an environment of many.
        wide = replace(
            plan, environment=name, parameters=(), region=None, account_id=None, samconfig_environment=None
        )
        for deployment in (table[name] for table in tables if name in table):
            wide = deployed(wide, deployment)
        yield replace(
            wide,
            parameters=(*wide.parameters, *plan.parameters),
            region=plan.region or wide.region,
            account_id=plan.account_id or wide.account_id,
            samconfig_environment=plan.samconfig_environment or wide.samconfig_environment,
        )


def check_plans(plans: Sequence[StackPlan], declared: Mapping[str, frozenset[str]]) -> None:
    """Refuse parameter names of stacks and environments that no template they are given to declares.

    ``declared`` has the names of each template by its shown path. Raises UsageError.
    """
    layers: dict[int, tuple[GivenParameters, dict[str, frozenset[str]]]] = {}
    for plan in plans:
        names = declared.get(plan.file.display_path)
        for layer in plan.parameters:
            _, templates = layers.setdefault(id(layer.spans), (layer, {}))
            if names is not None:
                templates[plan.file.display_path] = names
    for layer, templates in layers.values():
        if templates:
            check_names((layer,), templates)


def told_apart(plans: Iterable[StackPlan]) -> list[StackPlan]:
    """The plans with labels that are unique in their environment."""
    plans = list(plans)
    labels = Counter((plan.environment, plan.label) for plan in plans)
    seen: Counter[tuple[str, str]] = Counter()
    done: list[StackPlan] = []
    for plan in plans:
        if labels[plan.environment, plan.label] > 1:
            shown = f"{plan.name} ({plan.file.display_path})" if plan.name else plan.file.display_path
            seen[plan.environment, shown] += 1
            number = seen[plan.environment, shown]
            plan = replace(plan, shown=shown if number == 1 else f"{shown} #{number}")
        done.append(plan)
    return done
