"""Which stacks are judged together: those of one workload, and those that nesting, exports or SSM parameters link."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from validator.graph import Architecture
from validator.model import Diagnostic, DiagnosticLevel, LoadError, TierlensError
from validator.resolve import Scope
from validator.review.assumptions import Assumptions
from validator.review.planning import plan_stacks
from validator.review.request import ReviewRequest
from validator.review.stacks import alone, discover_templates, load_root, reading_root
from validator.settings import read_parameter_file
from validator.workload import Linked, LinkTable, Nesting, Signs, Stack, StackPlan, link, scopes_of, signs_of


@dataclass(frozen=True, slots=True)
class LoadedUnit:
    """Stacks in one architecture."""

    stacks: tuple[Stack, ...]
    architecture: Architecture


@dataclass(frozen=True, slots=True)
class Failure:
    """A template that could not be read, with the error."""

    plan: StackPlan
    error: Exception


@dataclass(slots=True)
class Units:
    """The units of a run in the order of their first template. Loading one that nothing links waits for its turn."""

    plans: tuple[StackPlan, ...]
    request: ReviewRequest
    assumptions: Assumptions
    diagnostics: list[Diagnostic] = field(default_factory=list)
    """What is wrong with the links; complete after ``__iter__`` was begun."""
    nested: set[Path] = field(default_factory=set)
    """The files that are nested stacks' templates and not judged once more as roots."""

    def __iter__(self) -> Iterator[tuple[Sequence[StackPlan], "LoadedUnit | Failure"]]:
        """Each unit with its plans, loaded; a template that cannot be read is a failure of its own."""
        groups = self._groups()
        for plans, made in groups:
            yield plans, self._loaded(plans[0]) if made is None else made

    def _loaded(self, plan: StackPlan) -> "LoadedUnit | Failure":
        try:
            stack = load_root(plan, self.request, self.assumptions)
            return unit_of([stack], LinkTable(), self.assumptions)
        except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
            return Failure(plan, error)

    def _groups(self) -> list[tuple[list[StackPlan], "LoadedUnit | Failure | None"]]:
        partitions: dict[tuple[str, str, str], list[StackPlan]] = {}
        for plan in self.plans:
            partitions.setdefault((plan.environment, plan.workload, plan.partition), []).append(plan)
        made: dict[int, tuple[list[StackPlan], LoadedUnit | Failure | None]] = {}
        for plans in partitions.values():
            for group in _Partition(plans, self).groups():
                made[id(group[0][0])] = group
        return [made[id(plan)] for plan in self.plans if id(plan) in made]


def unit_of(stacks: Sequence[Stack], table: LinkTable, assumptions: Assumptions) -> LoadedUnit:
    """The architecture of stacks that are judged together."""
    plan = stacks[0].plan
    if len(stacks) == 1 and not (plan.named or plan.workload or plan.construct):
        return LoadedUnit((stacks[0],), alone(stacks[0], assumptions, table).architecture)
    scopes = scopes_of(stacks, assumptions.import_of, table)
    return LoadedUnit(tuple(stacks), Architecture(scopes, scopes[0].evaluation, assumptions.meanings()))


class _Partition:
    """The plans that may be linked: of one environment, and of one workload or of none."""

    def __init__(self, plans: Sequence[StackPlan], units: Units) -> None:
        self._plans = plans
        self._units = units
        self._failed: dict[int, Failure] = {}
        self._trees: dict[int, list[Stack]] = {}
        self._remarks: dict[int, tuple[Diagnostic, ...]] = {}

    def groups(self) -> Iterator[tuple[list[StackPlan], LoadedUnit | Failure | None]]:
        candidates = self._candidates()
        if not candidates:
            yield from (([plan], None) for plan in self._plans)
            return
        self._grow(candidates)
        self._leave_nested_out()
        roots = [plan for plan in candidates if id(plan) in self._trees]
        for plan in roots:
            self._units.diagnostics.extend(self._remarks[id(plan)])
        linked, groups = self._linked(roots)
        first = {id(plans[0]): plans for plans in groups}
        together = {id(plan) for plans in groups for plan in plans}
        for plan in self._plans:
            if id(plan) in self._failed:
                yield [plan], self._failed[id(plan)]
            elif id(plan) in first:
                plans = first[id(plan)]
                yield plans, self._unit(plans, linked)
            elif id(plan) not in together and plan.file.path.resolve() not in self._units.nested:
                yield [plan], None

    def _unit(self, plans: Sequence[StackPlan], linked: Linked) -> LoadedUnit | Failure:
        stacks = [stack for plan in plans for stack in self._trees[id(plan)]]
        try:
            return unit_of(stacks, linked.table, self._units.assumptions)
        except Exception as error:  # noqa: BLE001 - one unit's trouble must not end the run
            return Failure(plans[0], error)

    def _candidates(self) -> list[StackPlan]:
        """The plans that are read to see whether they are linked."""
        if any(plan.workload for plan in self._plans):
            return list(self._plans)
        signs = {id(plan): signs_of(plan) for plan in self._plans}
        imports = any(sign.imports for sign in signs.values())
        reads = any(sign.reads_parameters for sign in signs.values())
        writes = any(sign.writes_parameters for sign in signs.values())

        def is_candidate(sign: Signs) -> bool:
            by_export = imports and (sign.imports or sign.exports)
            by_parameter = reads and writes and (sign.reads_parameters or sign.writes_parameters)
            return sign.nests or by_export or by_parameter

        found = [plan for plan in self._plans if is_candidate(signs[id(plan)])]
        nests = any(signs[id(plan)].nests for plan in found)
        return found if len(found) > 1 or nests or _imports_own(signs, found) else []

    def _grow(self, candidates: Iterable[StackPlan]) -> None:
        units = self._units
        nesting = Nesting(units.request.root, lambda declared: units.assumptions.parameters(declared).values)
        for plan in candidates:
            try:
                root = load_root(plan, units.request, units.assumptions)
                tree = nesting.tree(root, reading_root(plan, units.request))
            except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
                self._failed[id(plan)] = Failure(plan, error)
                continue
            self._trees[id(plan)] = list(tree.stacks)
            self._remarks[id(plan)] = tree.diagnostics

    def _leave_nested_out(self) -> None:
        """Templates that others nest are judged as their instances; of a circle, the first remains."""
        files = {key: {stack.file.path.resolve() for stack in stacks[1:]} for key, stacks in self._trees.items()}
        own = {id(plan): plan.file.path.resolve() for plan in self._plans}
        order = [id(plan) for plan in self._plans]
        for plan in self._plans:
            place = own[id(plan)]
            nesters = [key for key, nested in files.items() if place in nested and key != id(plan)]
            circle = files.get(id(plan), set())
            later = [key for key in nesters if own[key] in circle and order.index(key) > order.index(id(plan))]
            if plan.named or not nesters or len(later) == len(nesters):
                continue
            self._units.nested.add(place)
            self._trees.pop(id(plan), None)
            self._failed.pop(id(plan), None)

    def _linked(self, roots: Sequence[StackPlan]) -> tuple[Linked, list[list[StackPlan]]]:
        scopes: list[Scope] = []
        plan_of: dict[str, StackPlan] = {}
        for plan in roots:
            for scope in scopes_of(self._trees[id(plan)], self._units.assumptions.import_of):
                scopes.append(scope)
                plan_of[scope.name] = plan
        linked = link(scopes)
        self._units.diagnostics.extend(linked.diagnostics)
        if any(plan.workload for plan in roots):
            return linked, [list(roots)] if roots else []
        leader = {id(plan): plan for plan in roots}

        def head(plan: StackPlan) -> StackPlan:
            while leader[id(plan)] is not plan:
                leader[id(plan)] = leader[id(leader[id(plan)])]
                plan = leader[id(plan)]
            return plan

        for reader, giver in linked.pairs:
            leader[id(head(plan_of[reader]))] = head(plan_of[giver])
        groups: dict[int, list[StackPlan]] = {}
        for plan in roots:
            groups.setdefault(id(head(plan)), []).append(plan)
        return linked, list(groups.values())


def _imports_own(signs: dict[int, Signs], found: Sequence[StackPlan]) -> bool:
    return any(signs[id(plan)].imports and signs[id(plan)].exports for plan in found)


def unreadable(failure: Failure) -> Diagnostic:
    """What is said of a template that could not be read or judged."""
    error, shown = failure.error, failure.plan.file.display_path
    if not isinstance(error, TierlensError):
        return Diagnostic(
            DiagnosticLevel.ERROR,
            "internal-error",
            f"{shown}: tierlens failed on this template: {type(error).__name__}: {error}",
            hint="this is a fault of tierlens: report it with the template; the other templates were checked",
        )
    # Settings errors repeat the place in each line of the message; the remark shows it once.
    place = f"{shown}: {error.message}" if error.span is None else error.message.removeprefix(f"{error.span}: ")
    return Diagnostic(DiagnosticLevel.ERROR, error.code or "not-checked", place, error.span, error.hint)


def architectures_of(request: ReviewRequest) -> list[Architecture]:
    """The architectures of a request: linked stacks, and those of one workload, make one.

    Raises UsageError or SettingsError when the request makes no sense, LoadError or ExpandError for a template that
    cannot be read.
    """
    in_settings = tuple(read_parameter_file(path) for path in request.settings.parameter_files)
    request = replace(request, parameters=(*in_settings, *request.parameters))
    discovery = discover_templates(request)
    for fault in discovery.faults:
        raise LoadError(fault.message, span=fault.span, hint=fault.hint, code=fault.code)
    plans = plan_stacks(request, discovery.files)
    found: list[Architecture] = []
    for _, unit in Units(plans, request, Assumptions(request.settings.assume, request.today)):
        if isinstance(unit, Failure):
            raise unit.error
        found.append(unit.architecture)
    return found
