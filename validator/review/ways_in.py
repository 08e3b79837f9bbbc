"""From a template file to the stacks that a tool deploys from it: CDK, the Serverless Framework, ``sam build``.

A plan that somebody named keeps what they said of it; what is open is filled in from the tool's own records.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from validator.discover import DiscoveredFile
from validator.discover.cloud_assembly import AssemblyStack, CloudAssembly, outermost, read_assembly
from validator.discover.directories import SERVERLESS_FRAMEWORK, SERVERLESS_FRAMEWORK_TEMPLATE
from validator.discover.discovery import display_path
from validator.discover.serverless_output import service_of
from validator.review.request import ReviewRequest
from validator.review.sam_build import source_of
from validator.review.stacks import reading_root
from validator.workload import StackPlan


class WaysIn:
    """The ways into one run; the records of a tool are read once."""

    def __init__(self, request: ReviewRequest) -> None:
        self._request = request
        self._root = request.root
        self._assemblies: dict[Path, CloudAssembly | None] = {}
        self._partitions: dict[Path, str] = {}

    def planned(self, plans: Iterable[StackPlan]) -> list[StackPlan]:
        """The plans with what the records say; a template that two stacks are made of becomes both. Raises nothing.

        A built template and its source are one: whichever stands first is kept.
        """
        made = [one for plan in plans for one in self._of(plan)]
        seen: set[Path] = set()
        kept: list[StackPlan] = []
        for plan in made:
            place = plan.file.path.resolve()
            if plan.named or plan.construct or plan.document is not None or place not in seen:
                kept.append(plan)
            elif plan.remarks:
                kept = [_also(one, plan) if one.file.path.resolve() == place else one for one in kept]
            seen.add(place)
        return kept

    def _of(self, plan: StackPlan) -> Iterator[StackPlan]:
        file = plan.file.path
        if plan.document is not None:
            yield plan
            return
        folder = file.parent
        assembly = self._assembly(folder) if file.suffix == ".json" else None
        stacks = [stack for stack in assembly.stacks if _same(stack.template, file)] if assembly is not None else []
        if stacks:
            yield from (self._of_assembly(plan, stack, folder) for stack in stacks)
        elif assembly is not None:
            yield replace(plan, partition=self._partition(folder))
        elif folder.name == SERVERLESS_FRAMEWORK and file.name == SERVERLESS_FRAMEWORK_TEMPLATE:
            yield self._of_service(plan)
        else:
            yield source_of(plan, reading_root(plan, self._request), self._root)

    def _assembly(self, folder: Path) -> CloudAssembly | None:
        if folder not in self._assemblies:
            self._assemblies[folder] = read_assembly(folder)
        return self._assemblies[folder]

    def _of_assembly(self, plan: StackPlan, stack: AssemblyStack, folder: Path) -> StackPlan:
        return replace(
            plan,
            name=plan.name or stack.name,
            region=plan.region or stack.region,
            account_id=plan.account_id or stack.account_id,
            construct=stack.construct,
            names=stack.names,
            assets=self._files(stack.assets),
            partition=self._partition(folder),
        )

    def _partition(self, folder: Path) -> str:
        """Which stacks may be linked: all of an application, unless its stages deploy stacks of one name."""
        if folder not in self._partitions:
            top, own = outermost(folder), self._assembly(folder)
            counts = Counter(stack.name for assembly in self._below(top) for stack in assembly.stacks)
            shares = own is not None and any(counts[stack.name] > 1 for stack in own.stacks)
            self._partitions[folder] = folder.as_posix() if folder != top and shares else ""
        return self._partitions[folder]

    def _below(self, folder: Path) -> Iterator[CloudAssembly]:
        pending, seen = [folder], set[Path]()
        while pending:
            current = pending.pop()
            assembly = self._assembly(current)
            if assembly is not None and current.resolve() not in seen:
                seen.add(current.resolve())
                yield assembly
                pending.extend(assembly.nested)

    def _of_service(self, plan: StackPlan) -> StackPlan:
        service = service_of(plan.file.path.parent)
        return replace(
            plan,
            name=plan.name or service.stack_name,
            region=plan.region or service.region,
            assets=self._files(service.templates),
        )

    def _files(self, found: Mapping[str, Path]) -> Mapping[str, DiscoveredFile]:
        return {name: DiscoveredFile(path, display_path(path, self._root)) for name, path in found.items()}


def _same(one: Path, other: Path) -> bool:
    return one == other or one.resolve() == other.resolve()


def _also(kept: StackPlan, dropped: StackPlan) -> StackPlan:
    return replace(kept, remarks=tuple(dict.fromkeys((*kept.remarks, *dropped.remarks))))
