"""Several reports of one fault become one finding, which keeps all ids; what our proof decides is refuted.

``docs/triage.md`` has the rules. Our own finding leads, for it has the evidence and knows the whole architecture;
among other engines the worst severity leads, then the most exact place. Nothing that fails is lost: a report is only
taken into a finding of the same property of the same resource.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from validator.engines.names import CFN_LINT, CHECKOV, TIERLENS
from validator.model import AlsoReported, Finding, Refutation, Verdict
from validator.triage.topics import Topic, same_rules, topics

_ENGINES = (CFN_LINT, CHECKOV)
"""Among equals: cfn-lint has the most exact places."""
_LEADS = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SUPPRESSED, Verdict.REFUTED, Verdict.PASS)


def merge_same_property(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each property of each resource; the others' ids are in ``also``. Order is kept."""
    board = _Board(findings)
    for topic in topics():
        for group in board.groups(topic):
            _merge_group(board, topic, group)
    _merge_same_rules(board)
    return board.rest()


class _Board:
    """The findings of a run while some of them are taken into others."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings: list[Finding | None] = list(findings)
        self._places: dict[tuple[str, str], list[int]] = {}
        for number, finding in enumerate(self._findings):
            if finding is not None:
                self._places.setdefault((finding.source, finding.rule), []).append(number)

    def get(self, number: int) -> Finding:
        """The finding as it is now."""
        found = self._findings[number]
        if found is None:
            raise LookupError(f"finding {number} was taken into another")
        return found

    def has(self, number: int) -> bool:
        """Whether the finding was neither taken into another nor left out."""
        return self._findings[number] is not None

    def put(self, number: int, finding: Finding) -> None:
        """Write a finding anew."""
        self._findings[number] = finding

    def take(self, lead: int, other: int) -> None:
        """Let the finding ``lead`` speak for ``other`` too."""
        one, two = self.get(lead), self.get(other)
        also = AlsoReported(two.source, two.rule, two.message, two.span)
        self.put(lead, replace(one, also=tuple(dict.fromkeys((*one.also, also, *two.also)))))
        self._findings[other] = None

    def drop(self, number: int) -> None:
        """Leave a finding out."""
        self._findings[number] = None

    def of_rule(self, source: str, rule: str) -> list[int]:
        """The numbers of a rule's findings that are still there."""
        return [number for number in self._places.get((source, rule), ()) if self._findings[number] is not None]

    def groups(self, topic: Topic) -> Iterator[list[int]]:
        """The findings of a topic, by the resource they speak of."""
        found: dict[tuple[str, str], list[int]] = {}
        for source, rules in topic.rules.items():
            for rule in rules:
                for number in self.of_rule(source, rule):
                    finding = self.get(number)
                    if topic.speaks_of(finding):
                        found.setdefault((finding.template, finding.resource), []).append(number)
        yield from (numbers for numbers in found.values() if len(numbers) > 1)

    def rest(self) -> tuple[Finding, ...]:
        """What is left, in the order it came."""
        return tuple(finding for finding in self._findings if finding is not None)


def _merge_group(board: _Board, topic: Topic, numbers: Sequence[int]) -> None:
    own = [number for number in numbers if board.get(number).source == TIERLENS]
    others = [number for number in numbers if board.get(number).source != TIERLENS]
    if len(topic.own) > 1:
        own = _merge_own(board, topic, own)
    for number in others if own else ():
        _settle(board, topic, own, number)
    if topic.alike:
        _merge_engines(board, [number for number in others if board.has(number)])


def _merge_own(board: _Board, topic: Topic, numbers: list[int]) -> list[int]:
    """Our own rules at one statement: the first of the table leads, with the worst severity of them."""
    left: list[int] = []
    for number in sorted(numbers, key=lambda number: topic.own.index(board.get(number).rule)):
        finding = board.get(number)
        lead = next((one for one in left if _is_same_statement(board.get(one), finding)), None)
        if lead is None:
            left.append(number)
            continue
        first = board.get(lead)
        worst = max(first.severity, finding.severity, key=lambda severity: severity.rank)
        lens = tuple(dict.fromkeys((*first.lens, *finding.lens)))
        practices = tuple(dict.fromkeys((*first.practices, *finding.practices)))
        board.put(lead, replace(first, severity=worst, lens=lens, practices=practices))
        board.take(lead, number)
    return left


def _is_same_statement(one: Finding, other: Finding) -> bool:
    same = (one.span, one.stack, one.nested, one.environments, one.verdict) == (
        other.span,
        other.stack,
        other.nested,
        other.environments,
        other.verdict,
    )
    return same and one.rule != other.rule and one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)


def _settle(board: _Board, topic: Topic, own: Sequence[int], number: int) -> None:
    """What becomes of an engine's finding beside ours: taken in, refuted by our proof, or left as it is."""
    finding = board.get(number)
    verdicts = {board.get(one).verdict for one in own}
    taking = _taking(topic, finding, verdicts)
    leads = [one for one in own if board.get(one).verdict in taking and _is_as_bad(topic, board.get(one), finding)]
    if leads:
        board.take(min(leads, key=lambda one: _distance(board.get(one), finding)), number)
    elif finding.verdict is Verdict.FAIL and topic.decides and verdicts == {Verdict.PASS}:
        board.put(number, _refuted(finding, [board.get(one) for one in own]))
    elif finding.verdict is Verdict.PASS and topic.decides:
        # Our rule knows more of the architecture: nothing says the contrary beside its failure or doubt.
        board.drop(number)


def _taking(topic: Topic, finding: Finding, verdicts: set[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts of ours that take the engine's finding in."""
    match finding.verdict:
        case Verdict.FAIL if Verdict.FAIL in verdicts:
            return (Verdict.FAIL,)
        case Verdict.FAIL if topic.decides and Verdict.UNKNOWN in verdicts:
            return (Verdict.UNKNOWN,)
        case Verdict.FAIL if verdicts == {Verdict.SUPPRESSED} or verdicts == {Verdict.SUPPRESSED, Verdict.PASS}:
            return (Verdict.SUPPRESSED,)
        case Verdict.UNKNOWN if topic.decides:
            return tuple(verdict for verdict in _LEADS if verdict in verdicts)[:1]
        case Verdict.PASS if verdicts == {Verdict.PASS}:
            return (Verdict.PASS,)
    return ()


def _is_as_bad(topic: Topic, own: Finding, finding: Finding) -> bool:
    """Whether ours may speak for the engine's: a lesser fault of ours near it is another one."""
    return topic.alike or topic.decides or own.severity >= finding.severity


def _distance(own: Finding, finding: Finding) -> tuple[bool, int, int, str]:
    """How far our finding is from an engine's: the one at its place leads, then the worst, then the nearest."""
    lines = abs(own.span.line - finding.span.line)
    return (own.span.path != finding.span.path or lines > 0, -own.severity.rank, lines, own.stack)


def _refuted(finding: Finding, proofs: Sequence[Finding]) -> Finding:
    statement = "; ".join(dict.fromkeys(f"{proof.message} ({proof.rule})" for proof in proofs))
    steps = tuple(dict.fromkeys(step for proof in proofs for step in proof.evidence))
    return replace(finding, verdict=Verdict.REFUTED, refutation=Refutation(statement, steps))


def _merge_engines(board: _Board, numbers: Sequence[int]) -> None:
    """Engines among themselves: those of one verdict on one resource, or on one that is made for it."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in numbers:
        finding = board.get(number)
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            made = finding.target if finding.source == CHECKOV else ""
            groups.setdefault((finding.verdict, made, *_scenario(finding)), []).append(number)
    for group in groups.values():
        lead, *rest = sorted(group, key=lambda number: _rank(board.get(number)))
        for number in rest:
            board.take(lead, number)


def _scenario(finding: Finding) -> tuple[object, ...]:
    return (finding.at_defaults, tuple(sorted(finding.scenario.items())))


def _rank(finding: Finding) -> tuple[int, int, int, str]:
    known = _ENGINES.index(finding.source) if finding.source in _ENGINES else len(_ENGINES)
    return (-finding.severity.rank, known, finding.span.line, finding.rule)


def _merge_same_rules(board: _Board) -> None:
    """Rules that two engines share by id: the same rule at the same place of the same resource."""
    (first, second), aliases = same_rules()
    rules = {finding.rule for finding in board.rest() if finding.source == first}
    for rule in sorted(rules):
        free = [
            number
            for name in dict.fromkeys((rule, aliases.get(rule, rule)))
            for number in board.of_rule(second, name)
        ]
        for number in board.of_rule(first, rule):
            finding = board.get(number)
            twin = next((one for one in free if _is_same_place(finding, board.get(one))), None)
            if twin is not None:
                free.remove(twin)
                board.take(number, twin)


def _is_same_place(one: Finding, other: Finding) -> bool:
    if (one.template, one.resource, one.verdict) != (other.template, other.resource, other.verdict):
        return False
    if one.verdict is not Verdict.FAIL:
        return False
    return one.span.line == other.span.line or _is_within(one.target, other.target)


def _is_within(one: str, other: str) -> bool:
    """Whether one path is the other, or leads to it."""
    shorter, longer = sorted((one, other), key=len)
    return not shorter or longer == shorter or longer.startswith(f"{shorter}.")
