"""Leads the findings of a synthesised template back to the constructs of the application that made it.

Follows the AWS CDK developer guide, *Constructs*: each resource carries ``aws:cdk:path``, or the cloud assembly has
its path; the assembly may also have the call stack in which the construct was made.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from validator import files
from validator.graph.iam.frameworks import is_framework_made
from validator.load import MapNode, ScalarNode
from validator.model import Evidence, Finding, Span, Verdict
from validator.workload import Stack

_PATH: Final = "aws:cdk:path"
_FRAME: Final = re.compile(r"(?:.*\()?(?:file://)?(?P<path>[^()]+?):(?P<line>\d{1,7})(?::(?P<column>\d{1,5}))?\)?")
_NOT_OURS: Final = ("node_modules", "site-packages", "jsii-kernel", "node:")
_OPEN: Final = (Verdict.FAIL, Verdict.UNKNOWN)


class Constructs:
    """What the stacks of a run say about constructs; ``add`` each stack, then lead findings back."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stacks: dict[tuple[str, str], Stack] = {}
        self._any: dict[str, Stack] = {}

    def add(self, stack: Stack) -> None:
        """Take a stack; one without any sign of a construct costs nothing later."""
        if stack.plan.names.paths or _PATH in stack.template.document.text:
            self._stacks.setdefault((stack.template.path, stack.name), stack)
            self._any.setdefault(stack.template.path, stack)

    def led_back(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with the construct path of their resource and, where one is open, the line that made it."""
        return [self._led_back(finding) for finding in findings]

    def _led_back(self, finding: Finding) -> Finding:
        place = finding.template or finding.span.path
        stack = self._stacks.get((place, finding.stack)) or self._any.get(place)
        if stack is None or finding.construct:
            return finding
        names = stack.plan.names
        key = "/".join((*stack.path, finding.resource))
        construct = _written(stack, finding.resource) or names.paths.get(key, "")
        if not construct:
            return finding
        evidence = finding.evidence
        if finding.verdict in _OPEN:
            evidence = (*evidence, *self._made(finding, construct, names.frames.get(key, ()), stack))
        return replace(finding, construct=construct, evidence=evidence)

    def _made(self, finding: Finding, construct: str, frames: Iterable[str], stack: Stack) -> Iterator[Evidence]:
        span = self._source(frames, stack)
        if span is not None:
            where = f"{span.path}:{span.line}"
            yield Evidence(finding.resource, f"is made by the construct {construct}, which {where} creates", span)
        if is_framework_made(finding.resource):
            yield Evidence(
                finding.resource, "is a helper that the CDK library makes: its code is not the application's"
            )

    def _source(self, frames: Iterable[str], stack: Stack) -> Span | None:
        """The innermost line of the application's own code; None where no frame leads to a file of the project."""
        for frame in frames:
            found = _FRAME.fullmatch(frame.strip())
            if found is None or any(part in found.group("path") for part in _NOT_OURS):
                continue
            for folder in (self._root, *_folders(stack.plan.file.path, self._root)):
                shown = self._shown(folder, found.group("path"))
                if shown:
                    line, column = int(found.group("line")), int(found.group("column") or 1)
                    return Span(shown, line, column, line, column)
        return None

    def _shown(self, folder: Path, name: str) -> str:
        """The file's path below the root; empty for what is not there or outside of it."""
        try:
            root = Path(files.real(self._root))
            real = Path(files.real(folder / name))
            return real.relative_to(root).as_posix() if real.is_relative_to(root) and files.is_file(real) else ""
        except (OSError, ValueError):
            return ""


def _folders(file: Path, root: Path) -> Iterator[Path]:
    """Where relative paths of a call stack may start: the folders above the template, up to the root."""
    for folder in file.parents:
        if not folder.is_relative_to(root):
            return
        yield folder


def _written(stack: Stack, logical_id: str) -> str:
    """The construct path in the resource's own metadata."""
    node = stack.template.document.root
    for key in ("Resources", logical_id, "Metadata", _PATH):
        found = node.get(key) if isinstance(node, MapNode) else None
        if found is None:
            return ""
        node = found
    return node.text.strip("/") if isinstance(node, ScalarNode) else ""
