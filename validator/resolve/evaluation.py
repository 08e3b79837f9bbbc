"""Scenarios: which conditions hold, explored only as far as a question asks.

Rules and queries are written as plain code for one scenario. When they meet a condition that is not yet
decided, ``Evaluation.holds`` stops them; ``explore`` then runs them again once with the condition true and
once with it false, as far as both can be satisfied. What comes out is a decision tree over exactly the
conditions that mattered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from validator.model import Span

if TYPE_CHECKING:
    from validator.resolve.scope import Scope

T = TypeVar("T")

LEAVES_BOUND = 256
"""Scenarios of one question; the real templates need 16 at most."""

WIDE_BOUND = 8
"""Scenarios of a question that asks what went over the bound before: it is not decided, so a sample is enough."""


@dataclass(frozen=True, slots=True, order=True)
class ConditionKey:
    """A named condition of one stack of the run."""

    stack: str
    name: str


class Undecided(Exception):
    """The running question met a condition that this scenario does not decide."""

    def __init__(self, key: ConditionKey) -> None:
        super().__init__(key)
        self.key = key
        self.within: object = None
        """The outermost remembered query that met the condition."""


class Solver(Protocol):
    """What the evaluation asks of the condition solver of a stack."""

    def possible(self, name: str, decided: Mapping[str, bool]) -> frozenset[bool]:
        """The truth values the condition can take beside those decided."""

    def exact(self, name: str) -> bool:
        """False when the condition's group was too large to solve: possible() then says more than is true."""

    def parameter(self, name: str, decided: Mapping[str, bool]) -> frozenset[str | None]:
        """The values the parameter can take beside the decisions; None stands for any other value."""

    def at_defaults(self, decided: Mapping[str, bool]) -> bool:
        """Whether the parameters' defaults and given values lead to the decisions."""


def joint_name(stack: str, name: str) -> str:
    """The name of a stack's condition or parameter in a solver that several stacks share."""
    return f"{stack}\x1f{name}"


@dataclass(frozen=True, slots=True)
class Taint:
    """Why a verdict reached here cannot be relied on: a duplicated key, an unsolved group of conditions."""

    reason: str
    span: Span | None


@dataclass(slots=True)
class _Frame:
    conditions: dict[ConditionKey, bool] = field(default_factory=dict)
    parameters: dict[ConditionKey, frozenset[str | None]] = field(default_factory=dict)
    taints: dict[Taint, None] = field(default_factory=dict)

    def add(self, other: "_Frame") -> None:
        self.conditions.update(other.conditions)
        self.parameters.update(other.parameters)
        self.taints.update(other.taints)


class Evaluation:
    """The scenario in which values are read now, and the memory of what was read before."""

    def __init__(self) -> None:
        self.solvers: dict[str, Solver] = {}
        self.scopes: dict[str, Scope] = {}
        """The stacks that are read in this evaluation, by name."""
        self._joint: dict[str, Solver] = {}
        self._decided: dict[ConditionKey, bool] = {}
        self._frames: list[_Frame] = [_Frame()]
        self._memo: dict[object, list[tuple[_Frame, object]]] = {}
        self._wide: set[object] = set()
        """The remembered queries that took an exploration over its bound."""

    def share(self, stacks: Iterable[str], solver: Solver) -> None:
        """Let one solver answer for several stacks: it knows their conditions and parameters by `joint_name`."""
        self._joint.update(dict.fromkeys(stacks, solver))

    def _solver(self, stack: str) -> Solver:
        return self._joint.get(stack) or self.solvers[stack]

    def _named(self, key: ConditionKey) -> str:
        return joint_name(key.stack, key.name) if key.stack in self._joint else key.name

    def _decided_with(self, stack: str, decided: Mapping[ConditionKey, bool]) -> dict[str, bool]:
        """The decisions that the stack's solver knows, by its names."""
        shared = self._joint.get(stack)
        if shared is None:
            return {key.name: value for key, value in decided.items() if key.stack == stack}
        return {
            joint_name(key.stack, key.name): value
            for key, value in decided.items()
            if self._joint.get(key.stack) is shared
        }

    def _possible(self, key: ConditionKey, decided: Mapping[ConditionKey, bool]) -> frozenset[bool]:
        return self._solver(key.stack).possible(self._named(key), self._decided_with(key.stack, decided))

    def at_defaults(self, decided: Mapping[ConditionKey, bool]) -> bool:
        """Whether the defaults and the given values of all stacks lead to the decisions."""
        return all(
            self._solver(stack).at_defaults(self._decided_with(stack, decided))
            for stack in dict.fromkeys(key.stack for key in decided)
        )

    def holds(self, stack: str, name: str) -> bool:
        """Whether the condition holds in this scenario; raises ``Undecided`` to make the scenario fork."""
        key = ConditionKey(stack, name)
        value = self._peek(key)
        if value is None:
            raise Undecided(key)
        self._frames[-1].conditions[key] = value
        if not self._solver(stack).exact(self._named(key)):
            self.taint(f"condition {name} belongs to a group that is too large to solve", None)
        return value

    def parameter(self, stack: str, name: str) -> frozenset[str | None]:
        """The values that the scenario leaves to a parameter that takes part in conditions."""
        key = ConditionKey(stack, name)
        values = self._possible_values(key)
        self._frames[-1].parameters[key] = values
        return values

    def taint(self, reason: str, span: Span | None) -> None:
        """Note that what is computed now rests on something undecided."""
        self._frames[-1].taints[Taint(reason, span)] = None

    def _peek(self, key: ConditionKey) -> bool | None:
        if key in self._decided:
            return self._decided[key]
        possible = self._possible(key, self._decided)
        return next(iter(possible)) if len(possible) == 1 else None

    def _possible_values(self, key: ConditionKey) -> frozenset[str | None]:
        return self._solver(key.stack).parameter(self._named(key), self._decided_with(key.stack, self._decided))

    def memo(self, identity: object, compute: Callable[[], T]) -> T:
        """The result of ``compute``, remembered for every scenario that agrees on what it read."""
        try:
            return self._remembered(identity, compute)
        except Undecided as undecided:
            undecided.within = identity
            raise

    def _remembered(self, identity: object, compute: Callable[[], T]) -> T:
        known = self._memo.setdefault(identity, [])
        for frame, result in known:
            if self._agrees(frame):
                self._frames[-1].add(frame)
                return result  # type: ignore[return-value]  # the identity fixes the type
        with self._frame() as frame:
            result = compute()
        known.append((frame, result))
        self._frames[-1].add(frame)
        return result

    def _agrees(self, frame: _Frame) -> bool:
        for key, value in frame.conditions.items():
            now = self._peek(key)
            if now is None:
                # The computation reads its conditions in one order, so it would stop here as well.
                raise Undecided(key)
            if now != value:
                return False
        return all(self._possible_values(key) == values for key, values in frame.parameters.items())

    @contextmanager
    def _frame(self) -> Iterator[_Frame]:
        frame = _Frame()
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()

    @contextmanager
    def _scenario(self, decided: Mapping[ConditionKey, bool]) -> Iterator[_Frame]:
        before = self._decided
        self._decided = dict(decided)
        try:
            with self._frame() as frame:
                yield frame
        finally:
            self._decided = before

    def explore(
        self, question: Callable[[], T], bound: int = LEAVES_BOUND, *, anew: bool = False
    ) -> "Exploration[T]":
        """Ask the question in every satisfiable scenario that it tells apart, up to ``bound`` scenarios.

        Starts from the scenario in force, so that questions can be nested; ``anew`` from the one in which nothing
        is decided. Where one remembered query took an exploration over the bound, the next that asks it stops early.
        """
        leaves: list[Leaf[T]] = []
        open_scenarios: list[dict[ConditionKey, bool]] = [{} if anew else dict(self._decided)]
        runs = 0
        forks: Counter[object] = Counter()
        while open_scenarios:
            runs += 1
            if runs > 4 * bound or len(leaves) >= bound:
                self._wide.update(query for query, count in forks.items() if 2 * count >= bound)
                return Exploration(tuple(leaves), complete=False)
            decided = open_scenarios.pop()
            try:
                with self._scenario(decided) as frame:
                    result = question()
            except Undecided as undecided:
                key, query = undecided.key, undecided.within
                if query is not None:
                    forks[query] += 1
                    bound = min(bound, WIDE_BOUND) if query in self._wide else bound
                possible = self._possible(key, decided)
                open_scenarios.extend({**decided, key: value} for value in sorted(possible))
            else:
                leaves.append(Leaf(frame.conditions, result, tuple(frame.taints), bool(frame.parameters)))
        return Exploration(tuple(leaves), complete=True)


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """The answer in one scenario: ``conditions`` are those that the question read."""

    conditions: Mapping[ConditionKey, bool]
    result: T
    taints: tuple[Taint, ...] = ()
    reads_parameters: bool = False
    """Whether other decisions than those it read could change the answer, by what they say of a parameter."""


@dataclass(frozen=True, slots=True)
class Exploration(Generic[T]):
    """The answers in all scenarios; not ``complete`` when the bound was reached."""

    leaves: tuple[Leaf[T], ...]
    complete: bool
