"""Which template of the old state is which of the new one: by its path, and by its content where it was renamed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from validator.difference.facts import Snapshot
from validator.model import Finding

Content = frozenset[tuple[str, ...]]
"""What a template holds, as far as it tells one from another."""

_ALIKE: Final = 0.5
_SAME_PATH: Final = 0.5
_SAME_NAME: Final = 0.01


@dataclass(frozen=True, slots=True)
class State:
    """One state's templates by their shown path, with what they hold; paths are compared from ``folder`` on."""

    contents: Mapping[str, Content]
    folder: str = ""

    def place(self, template: str) -> str:
        """The path below the folder that is compared."""
        return template.removeprefix(f"{self.folder}/") if self.folder else template


def contents_of(findings: tuple[Finding, ...], snapshot: Snapshot, templates: tuple[str, ...]) -> dict[str, Content]:
    """What each template holds: its resources, and the subjects of its findings."""
    found: dict[str, set[tuple[str, ...]]] = {template: set() for template in templates}
    for node in snapshot.nodes.values():
        found.setdefault(node.template, set()).add((node.type, node.id.name))
    for finding in findings:
        subject = (finding.rule, finding.resource_type, finding.resource, finding.target)
        found.setdefault(finding.template, set()).add(subject)
    return {template: frozenset(content) for template, content in found.items()}


def paired(base: State, head: State) -> Mapping[str, str]:
    """The new path of each old template that still is there.

    The same path counts more than likeness, unless another template is much more alike: two files that changed
    their names with each other are told apart. Two single files are compared whatever they are called.
    """
    if len(base.contents) == 1 and len(head.contents) == 1 and (base.folder or head.folder):
        return MappingProxyType({next(iter(base.contents)): next(iter(head.contents))})
    scores: list[tuple[float, str, str]] = []
    for old, content in base.contents.items():
        for new, other in head.contents.items():
            same_path = base.place(old) == head.place(new)
            alike = _likeness(content, other)
            if same_path or alike >= _ALIKE:
                same_name = PurePosixPath(old).name == PurePosixPath(new).name
                scores.append((alike + _SAME_PATH * same_path + _SAME_NAME * same_name, old, new))
    found: dict[str, str] = {}
    for _, old, new in sorted(scores, key=lambda one: (-one[0], one[1], one[2])):
        if old not in found and new not in found.values():
            found[old] = new
    return MappingProxyType(found)


def _likeness(one: Content, other: Content) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def stack_names(
    base: Mapping[str, str], head: Mapping[str, str], templates: Mapping[str, str]
) -> Callable[[str], str]:
    """The new name of an old stack: its own, or with the new path of its template in it.

    ``base`` and ``head`` have the template of each stack by the stack's name.
    """
    known: dict[str, str] = {}
    for stack, template in base.items():
        new = templates.get(template)
        if stack in head and head[stack] == new:
            continue
        for old_path, new_path in templates.items():
            for old, fresh in ((old_path, new_path), (_without_ending(old_path), _without_ending(new_path))):
                renamed = stack.replace(old, fresh)
                if renamed != stack and head.get(renamed) == new:
                    known.setdefault(stack, renamed)
    return lambda stack: known.get(stack, stack)


def _without_ending(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def condition_names(base: Snapshot, head: Snapshot, stack: Callable[[str], str]) -> Callable[[str, str], str]:
    """The new name of an old condition, by the new name of its stack: one that is written alike took its place."""
    known: dict[tuple[str, str], str] = {}
    fresh: dict[tuple[str, str], list[str]] = {}
    old_keys = {(stack(own), name) for own, name in base.conditions}
    for (own, name), text in head.conditions.items():
        if (own, name) not in old_keys:
            fresh.setdefault((own, text), []).append(name)
    for (own, name), text in base.conditions.items():
        candidates = fresh.get((stack(own), text), [])
        if (stack(own), name) not in head.conditions and len(candidates) == 1:
            known[stack(own), name] = candidates[0]
    return lambda own, name: known.get((own, name), name)
