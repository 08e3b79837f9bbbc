"""Both states of a comparison, reviewed with the settings of the new one."""

import glob
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from validator.cli.options import Input
from validator.cli.sides import Side, Sides
from validator.difference.comparison import Reviewed
from validator.difference.facts import Snapshot, joined
from validator.difference.reading import outline_of, snapshot_of
from validator.discover import DiscoveredFile
from validator.model import Diagnostic, DiagnosticLevel, Review, TemplateSummary, UsageError
from validator.version import VERSION

if TYPE_CHECKING:
    from validator.graph import Architecture
    from validator.review import ReviewRequest
    from validator.settings import Deployment, GivenParameters, Settings, Workload


@dataclass(slots=True)
class _Watcher:
    """Takes the architectures of a run and keeps what is compared of them."""

    whole: bool
    snapshots: list[Snapshot] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)

    def __call__(self, architecture: "Architecture") -> None:
        try:
            self.snapshots.append(snapshot_of(architecture) if self.whole else outline_of(architecture))
        except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
            names = ", ".join(scope.template.path for scope in architecture.scopes)
            self.faults.append(
                Diagnostic(
                    DiagnosticLevel.ERROR,
                    "architecture-not-compared",
                    f"{names}: tierlens failed to compare the architecture: {type(error).__name__}: {error}",
                    hint="this is a fault of tierlens: report it with the template",
                )
            )


def reviewed(request: "ReviewRequest", side: Side, whole: bool) -> Reviewed:
    """One state: its review with its architectures, whole or as far as findings need them."""
    from validator.review import review

    watcher = _Watcher(whole)
    result = review(replace(request, observe=watcher))
    result = replace(result, diagnostics=(*result.diagnostics, *watcher.faults))
    return Reviewed(result, joined(watcher.snapshots), side.label, side.folder)


def base_reviewed(request: "ReviewRequest", given: Input, sides: Sides, whole: bool) -> Reviewed:
    """The old state, asked as the new one was; empty where it has nothing of what is asked for."""
    asked = base_request(request, given, sides)
    if asked is None:
        return nothing(sides.base)
    try:
        return reviewed(asked, sides.base, whole)
    except UsageError as error:
        if error.code not in ("nothing-found", "no-such-path") and "excluded" not in error.message:
            raise
        return nothing(sides.base)


def with_unrecognised(head: Reviewed, base: Reviewed, side: Side) -> Reviewed:
    """The new state with what was a template and is not recognised as one: it was not checked, and must not pass."""
    known = {template.path for template in head.review.templates}
    faults: list[Diagnostic] = []
    lost: list[TemplateSummary] = []
    for template in base.review.templates:
        below = template.path.removeprefix(f"{base.folder}/") if base.folder else template.path
        shown = f"{side.folder}/{below}" if side.folder else below
        if template.readable and shown not in known and (side.root / shown).is_file():
            lost.append(TemplateSummary(shown, "", 0, readable=False))
            text = f"{shown} was a template in {base.label} and is not recognised as one now: it was not checked"
            hint = "mend it; if it is none any more, give it another name or add it to exclude in the configuration"
            faults.append(Diagnostic(DiagnosticLevel.ERROR, "no-longer-a-template", text, hint=hint))
    review = head.review
    review = replace(review, templates=(*review.templates, *lost), diagnostics=(*review.diagnostics, *faults))
    return replace(head, review=review)


def nothing(side: Side) -> Reviewed:
    """A state without any template."""
    remark = Diagnostic(DiagnosticLevel.ERROR, "nothing-found", "it has no template there: everything counts as new")
    review = Review(VERSION, (), (), (remark,), {}, {}, side.root)
    return Reviewed(review, joined(()), side.label, side.folder)


def base_request(request: "ReviewRequest", given: Input, sides: Sides) -> "ReviewRequest | None":
    """The request for the old state: the same places below it, with the settings of the new one.

    Files beside templates, parameter files and the baseline are the old state's own where it has them.
    """
    moved = sides.moved
    paths = tuple(str(moved(Path(path))) for path in request.paths)
    paths = tuple(path for path in paths if _names_something(path))
    root = moved(request.root)
    stacks = tuple(
        replace(plan, file=_file(moved(plan.file.path), plan.file.display_path), root=plan.root and moved(plan.root))
        for plan in request.stacks
        if plan.document is None and moved(plan.file.path).is_file()
    )
    if not paths and not stacks:
        return None
    asked = replace(
        request,
        paths=paths,
        root=root,
        stacks=stacks,
        settings=_base_settings(request.settings, sides),
        baseline=_existing(request.baseline, sides),
        parameters=_layers(given, sides),
        progress=lambda _done, _total: None,
        answers=None,
    )
    return replace(asked, parameters=_declared_only(asked))


def _names_something(path: str) -> bool:
    return os.path.lexists(path) or (glob.has_magic(path) and bool(glob.glob(path, recursive=True)))


def _file(path: Path, shown: str) -> DiscoveredFile:
    return DiscoveredFile(path, shown)


def _existing(path: Path | None, sides: Sides) -> Path | None:
    """The base's own file, None where it has none."""
    if path is None:
        return None
    own = sides.moved(path)
    return own if own.is_file() else None


def _own_or_same(path: Path, sides: Sides) -> Path:
    """The base's own file, or the head's where the base has none."""
    own = sides.moved(path)
    return own if own.is_file() else path


def _layers(given: Input, sides: Sides) -> "tuple[GivenParameters, ...]":
    from validator.settings import given_on_command_line, read_parameter_file

    layers = [read_parameter_file(_own_or_same(path, sides)) for path in given.parameter_files]
    if given.assignments:
        layers.append(given_on_command_line(given.assignments))
    return tuple(layers)


def _declared_only(request: "ReviewRequest") -> "tuple[GivenParameters, ...]":
    """The given values without those of parameters that the old templates do not have yet."""
    from validator.load import load_file
    from validator.model import TierlensError
    from validator.review import discover_templates
    from validator.review.stacks import declared_parameters

    if not request.parameters:
        return ()
    names: set[str] = set()
    try:
        files = [*discover_templates(request).files, *(plan.file for plan in request.stacks)]
    except UsageError:
        return request.parameters
    for file in files:
        try:
            names |= declared_parameters(load_file(file.path, file.display_path)).keys()
        except TierlensError:
            continue
    return tuple(_among(layer, names) for layer in request.parameters)


def _among(layer: "GivenParameters", names: Iterable[str]) -> "GivenParameters":
    wanted = frozenset(names)
    values = {name: value for name, value in layer.values.items() if name in wanted}
    return replace(layer, values=MappingProxyType(values), unknown=layer.unknown & wanted)


def _base_settings(settings: "Settings", sides: Sides) -> "Settings":
    return replace(
        settings,
        parameter_files=tuple(_own_or_same(path, sides) for path in settings.parameter_files),
        root=settings.root and sides.moved(settings.root),
        baseline=_existing(settings.baseline, sides),
        workloads=tuple(
            workload
            for workload in (_workload(workload, sides) for workload in settings.workloads)
            if workload.paths or workload.stacks
        ),
        environments=_deployments(settings.environments, sides),
    )


def _workload(workload: "Workload", sides: Sides) -> "Workload":
    """The workload with those of its templates that the old state has."""
    paths = (str(sides.moved(Path(path))) for path in workload.paths)
    return replace(
        workload,
        paths=tuple(path for path in paths if _names_something(path)),
        stacks=tuple(
            replace(stack, path=sides.moved(stack.path), deployment=_deployment(stack.deployment, sides))
            for stack in workload.stacks
            if sides.moved(stack.path).is_file()
        ),
        environments=_deployments(workload.environments, sides),
    )


def _deployments(deployments: "Mapping[str, Deployment]", sides: Sides) -> "Mapping[str, Deployment]":
    return MappingProxyType({name: _deployment(one, sides) for name, one in deployments.items()})


def _deployment(deployment: "Deployment", sides: Sides) -> "Deployment":
    files = tuple(_own_or_same(path, sides) for path in deployment.parameter_files)
    return replace(deployment, parameter_files=files)
