"""New, fixed and unchanged findings: each old one is paired with the new one about the same subject."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from validator.model import Category, Change, Finding, Verdict

Subject = tuple[str, ...]

_ACTIVE: Final = (Verdict.FAIL, Verdict.UNKNOWN)
_SETTLED: Final = (Verdict.PASS, Verdict.REFUTED)


@dataclass(frozen=True, slots=True)
class Names:
    """How the new state calls what the old one had."""

    template: Mapping[str, str]
    stack: Callable[[str], str]
    condition: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ComparedFindings:
    """The findings of the new state with their change, and those of the old one that ended."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def compared_findings(base: Sequence[Finding], head: Sequence[Finding], names: Names) -> ComparedFindings:
    """Mark the findings of ``head`` as new or unchanged, and give those of ``base`` that ended.

    A failure is new unless the base fails there too: what passed, was suppressed, refuted or unknown before does not
    excuse it, nor does a failure of fewer conditions or environments. An unknown is new unless the base was unknown
    or failed. Of equal findings as many are unchanged as there were.
    """
    keys = _Keys(names)
    pairs = _pairs(base, head, keys)
    pairs |= _split(base, head, keys, pairs)
    marked = tuple(replace(one, change=_change(one, pairs.get(number))) for number, one in enumerate(head))
    going_on = {id(old) for number, old in pairs.items() if head[number].verdict not in _SETTLED}
    going_on |= _grown(base, head, keys, pairs)
    fixed = tuple(
        replace(finding, change=Change.FIXED)
        for finding in base
        if finding.verdict in _ACTIVE and id(finding) not in going_on
    )
    return ComparedFindings(marked, fixed)


def _change(finding: Finding, before: Finding | None) -> Change:
    if before is None:
        return Change.NEW
    if finding.verdict is Verdict.FAIL:
        unchanged = before.verdict is Verdict.FAIL
    elif finding.verdict is Verdict.UNKNOWN:
        unchanged = before.verdict in _ACTIVE
    elif finding.verdict is Verdict.SUPPRESSED:
        unchanged = before.verdict in (*_ACTIVE, Verdict.SUPPRESSED)
    else:
        unchanged = before.verdict is finding.verdict
    return Change.UNCHANGED if unchanged else Change.NEW


def _pairs(base: Sequence[Finding], head: Sequence[Finding], keys: "_Keys") -> dict[int, Finding]:
    """The old finding of each new one that has one, by the new one's position.

    What is equal in more is paired first; what is left over in a template is looked for where its resource went.
    """
    left = dict(enumerate(head))
    taken: set[int] = set()
    pairs: dict[int, Finding] = {}
    for key_of, fits in _passes(base, head, keys):
        by_key: dict[Subject, list[Finding]] = {}
        for old in base:
            if id(old) not in taken:
                by_key.setdefault(key_of(old, True), []).append(old)
        for number, finding in list(left.items()):
            candidates = by_key.get(key_of(finding, False), [])
            match = next((old for old in candidates if fits(old, finding)), None)
            if match is not None:
                pairs[number] = match
                taken.add(id(match))
                del left[number]
                candidates.remove(match)
    return pairs


def _split(
    base: Sequence[Finding], head: Sequence[Finding], keys: "_Keys", pairs: Mapping[int, Finding]
) -> dict[int, Finding]:
    """Findings that are parts of an old one: it is told once for each of several cases now."""
    partners: dict[int, list[Finding]] = {}
    for number, old in pairs.items():
        partners.setdefault(id(old), []).append(head[number])
    by_key: dict[Subject, list[Finding]] = {}
    for old in base:
        by_key.setdefault(keys.of(old, True), []).append(old)
    found: dict[int, Finding] = {}
    for number, finding in enumerate(head):
        if number in pairs:
            continue
        for old in by_key.get(keys.of(finding, False), ()):
            others = partners.get(id(old), [])
            whole = _change(finding, old) is Change.UNCHANGED and keys.is_within(old, finding)
            if whole and others and all(_is_another_case(finding, other) for other in others):
                found[number] = old
                others.append(finding)
                break
    return found


def _is_another_case(one: Finding, other: Finding) -> bool:
    """Whether two findings never hold together: of conditions that exclude each other, or other environments."""
    excluded = any(other.scenario.get(name, value) != value for name, value in one.scenario.items())
    apart = bool(one.environments) and not set(one.environments) & set(other.environments)
    return excluded or apart


def _grown(base: Sequence[Finding], head: Sequence[Finding], keys: "_Keys", pairs: Mapping[int, Finding]) -> set[int]:
    """The old findings whose place a new one takes that is worse or holds in more cases: nothing is fixed."""
    taken = {id(old) for old in pairs.values()}
    left: dict[Subject, int] = {}
    for number, finding in enumerate(head):
        if number not in pairs and finding.verdict not in _SETTLED:
            left[keys.of(finding, False)] = left.get(keys.of(finding, False), 0) + 1
    found: set[int] = set()
    for old in base:
        key = keys.of(old, True)
        if id(old) not in taken and old.verdict in _ACTIVE and left.get(key):
            left[key] -= 1
            found.add(id(old))
    return found


Key = Callable[[Finding, bool], Subject]
Fits = Callable[[Finding, Finding], bool]


def _passes(base: Sequence[Finding], head: Sequence[Finding], here: "_Keys") -> Iterator[tuple[Key, Fits]]:
    moved = _Moved(here, _homes(base, here, old=True), _homes(head, here, old=False))

    def exact(old: Finding, new: Finding) -> bool:
        return same(old, new) and old.message == new.message

    def same(old: Finding, new: Finding) -> bool:
        return old.verdict is new.verdict and here.is_same_case(old, new)

    def within(old: Finding, new: Finding) -> bool:
        return old.verdict is new.verdict and here.is_within(old, new)

    def weaker(old: Finding, new: Finding) -> bool:
        return _change(new, old) is Change.UNCHANGED and here.is_within(old, new)

    for key_of in (here.of, here.of_workload, moved.of):
        for fits in (exact, same, within, weaker):
            yield key_of, fits


class _Keys:
    """What makes two findings of two states speak of one subject."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def template(self, finding: Finding, old: bool) -> str:
        shown = finding.template or finding.span.path
        return self._names.template.get(shown, f"\x00{shown}") if old else shown

    def of(self, finding: Finding, old: bool) -> Subject:
        return (*subject_of(finding), self.template(finding, old), self.stack(finding, old))

    def of_workload(self, finding: Finding, old: bool) -> Subject:
        """What speaks of a workload as a whole names one of its resources, which may be another one every time."""
        if finding.category is not Category.PATTERN_CONFORMANCE:
            return ("alone", str(id(finding)))
        place = (self.template(finding, old), self.stack(finding, old))
        return ("workload", finding.source, finding.rule, finding.target, *place)

    def stack(self, finding: Finding, old: bool) -> str:
        return self._names.stack(finding.stack) if old else finding.stack

    def scenario(self, old: Finding) -> dict[str, bool]:
        return {self._names.condition(name): value for name, value in old.scenario.items()}

    def is_same_case(self, old: Finding, new: Finding) -> bool:
        return self.scenario(old) == dict(new.scenario) and set(old.environments) == set(new.environments)

    def is_within(self, old: Finding, new: Finding) -> bool:
        """Whether the new finding holds in no case in which the old one did not."""
        wider = bool(old.environments) and not set(new.environments) <= set(old.environments)
        return not wider and self.scenario(old).items() <= new.scenario.items()


class _Moved:
    """The same for a resource that went to another template: it is gone from the old one, and new in the other."""

    def __init__(self, keys: _Keys, old_homes: Collection[Subject], new_homes: Collection[Subject]) -> None:
        self._keys = keys
        self._old_homes = old_homes
        self._new_homes = new_homes

    def of(self, finding: Finding, old: bool) -> Subject:
        home = _home(finding, self._keys.template(finding, old))
        stays = home in (self._new_homes if old else self._old_homes)
        return ("stays", str(id(finding))) if stays else ("moved", *subject_of(finding))


def subject_of(finding: Finding) -> Subject:
    """What a finding is about, whatever file, line or number it has."""
    return (
        finding.source,
        finding.rule,
        finding.resource_type,
        finding.resource,
        finding.target,
        finding.nested,
    )


def _home(finding: Finding, template: str) -> Subject:
    return (finding.resource_type, finding.resource, template)


def _homes(findings: Iterable[Finding], keys: _Keys, *, old: bool) -> frozenset[Subject]:
    return frozenset(_home(finding, keys.template(finding, old)) for finding in findings)
