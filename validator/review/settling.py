"""The shortest list of inputs that would settle the most unknown verdicts."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from validator import files
from validator.discover import DiscoveredFile
from validator.discover.directories import why_skipped
from validator.discover.discovery import display_path
from validator.discover.walk import TEMPLATE_SUFFIXES
from validator.load import MAXIMUM_SOURCE_BYTES, load_file
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Finding, Missing, Settling, TierlensError, Verdict

ENTRIES_BOUND: Final = 20
SETS_BOUND: Final = 400
"""Different sets of missing inputs that are weighed against each other; the rarest are left out beyond it."""
FILES_BOUND: Final = 500
"""Files beside the run that are looked into for what it lacks."""
ENTRIES_SEEN_BOUND: Final = 4000
"""Entries of folders that are looked at to find them: a hint must not cost more than the check."""

_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
Inputs = frozenset[str]


def settling_of(findings: Iterable[Finding], root: Path, in_run: Sequence[Path]) -> tuple[Settling, ...]:
    """Greedy cover: again and again what settles the most verdicts for the fewest inputs.

    A verdict is settled when all that it lacks is given. ``in_run`` are the templates of the run; others below
    ``root`` that could give what is missing are named.
    """
    unknown = [finding for finding in findings if finding.verdict is Verdict.UNKNOWN and finding.missing]
    if not unknown:
        return ()
    causes: dict[str, Missing] = {}
    templates: dict[str, set[str]] = {}
    weights: Counter[Inputs] = Counter()
    for finding in unknown:
        for missing in finding.missing:
            causes.setdefault(_key(missing), missing)
            templates.setdefault(_key(missing), set()).add(finding.template)
        weights[frozenset(map(_key, finding.missing))] += 1
    beside = _Beside(root, in_run)
    return tuple(
        Settling(
            what=" and ".join(causes[key].what for key in chosen),
            how=" and ".join(_way(key, causes[key], beside, templates[key]) for key in chosen),
            key=", ".join(chosen),
            unknowns=count,
        )
        for chosen, count in _chosen(dict(weights.most_common(SETS_BOUND)))
    )


def _key(missing: Missing) -> str:
    return missing.key or missing.what


def _chosen(weights: Mapping[Inputs, int]) -> Iterator[tuple[list[str], int]]:
    open_sets = dict(weights)
    for _ in range(ENTRIES_BOUND):
        if not open_sets:
            return
        gains = {chosen: _gain(chosen, open_sets) for chosen in open_sets}
        best = max(gains, key=lambda one: (gains[one] / len(one), -len(one), sorted(one)))
        yield sorted(best), gains[best]
        rest: Counter[Inputs] = Counter()
        for one, weight in open_sets.items():
            if one - best:
                rest[one - best] += weight
        open_sets = dict(rest)


def _gain(chosen: Inputs, open_sets: Mapping[Inputs, int]) -> int:
    return sum(weight for one, weight in open_sets.items() if one <= chosen)


def _way(key: str, missing: Missing, beside: "_Beside", templates: Iterable[str]) -> str:
    kind, _, name = key.partition(":")
    if kind == "parameter":
        file = beside.nesting(templates)
        return f"give {name}" + (f", or add {file} to the run" if file else "")
    if kind == "import" and (file := beside.exporting(name)):
        return f"add {file} to the run"
    return missing.how or missing.what


class _Beside:
    """The templates below the root that are not in the run; they are looked for when something is asked of them."""

    def __init__(self, root: Path, in_run: Sequence[Path]) -> None:
        self._root = root
        self._in_run = {path.resolve() for path in in_run}
        self._files: list[tuple[DiscoveredFile, bytes]] | None = None
        self._exports: dict[str, list[str]] = {}

    def nesting(self, templates: Iterable[str]) -> str:
        """The shown path of one that seems to nest one of the templates; empty when none does."""
        names = {Path(template).name.encode() for template in templates if template}
        for file, text in self._found():
            if any(name in text for name in names) and (b"TemplateURL" in text or b"Serverless::Application" in text):
                return file.display_path
        return ""

    def exporting(self, name: str) -> str:
        """The shown path of one that exports the name, or may; empty when none does."""
        for file, text in self._found():
            if b"Export" in text and any(_may_be(name, export) for export in self._names(file)):
                return file.display_path
        return ""

    def _names(self, file: DiscoveredFile) -> list[str]:
        if file.display_path not in self._exports:
            try:
                root = load_file(file.path, file.display_path).root
            except TierlensError:
                root = None
            self._exports[file.display_path] = list(_exports(root))
        return self._exports[file.display_path]

    def _found(self) -> list[tuple[DiscoveredFile, bytes]]:
        if self._files is None:
            others = (path for path in _near(self._root) if path.resolve() not in self._in_run)
            files = (DiscoveredFile(path, display_path(path, self._root)) for path in islice(others, FILES_BOUND))
            self._files = [(file, _bytes(file.path)) for file in files]
        return self._files


def _near(root: Path) -> Iterator[Path]:
    """Files below the root that may be templates, the nearest first; a large tree is not searched to its end."""
    pending = deque([root])
    left = ENTRIES_SEEN_BOUND
    while pending and left > 0:
        try:
            entries = files.entries(pending.popleft(), TEMPLATE_SUFFIXES)[:left]
        except OSError:
            continue
        left -= len(entries)
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if not why_skipped(path):
                    pending.append(path)
            elif entry.is_file(follow_symlinks=False) and path.suffix.lower() in TEMPLATE_SUFFIXES:
                yield path


def _bytes(path: Path) -> bytes:
    try:
        return files.read_bytes(path) if files.status(path).st_size <= MAXIMUM_SOURCE_BYTES else b""
    except OSError:
        return b""


def _exports(root: Node | None) -> Iterator[str]:
    """The names of a template's exports as they are written, with ``${…}`` for what is not plain."""
    outputs = root.get("Outputs") if isinstance(root, MapNode) else None
    for _, output in outputs.items() if isinstance(outputs, MapNode) else ():
        export = output.get("Export") if isinstance(output, MapNode) else None
        name = export.get("Name") if isinstance(export, MapNode) else None
        if name is not None:
            yield _written(name)


def _written(node: Node) -> str:
    match node:
        case ScalarNode():
            return node.text
        case MapNode() if len(node.entries) == 1:
            (function, argument), *_ = node.items()
            if function == "Fn::Sub":
                text = argument.items[0] if isinstance(argument, ListNode) and argument.items else argument
                return text.text if isinstance(text, ScalarNode) else "${}"
            if function == "Fn::Join" and isinstance(argument, ListNode) and len(argument.items) == 2:
                delimiter, items = argument.items
                if isinstance(delimiter, ScalarNode) and isinstance(items, ListNode):
                    return delimiter.text.join(_written(item) for item in items.items)
    return "${}"


def _may_be(name: str, export: str) -> bool:
    fixed = _PLACEHOLDER.split(export)
    if not any(fixed):
        return False
    if _PLACEHOLDER.search(name) or len(fixed) == 1:
        return _PLACEHOLDER.split(name) == fixed
    first, *middle, last = fixed
    if not (name.startswith(first) and name.endswith(last)):
        return False
    place, end = len(first), len(name) - len(last)
    for piece in middle:
        # A placeholder stands for one character at least.
        found = name.find(piece, place + 1, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place < end
