"""State machines as they are written (Amazon States Language: *Task*, *Parallel* and *Map* states)."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import Invoked, invoked_by
from validator.graph.iam.documents import document_of
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
_DEEPEST = 12
_HANDED_OVER = "Event"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a workflow, nested ones too."""

    name: str
    value: Value

    @property
    def key(self) -> tuple[str, Span]:
        """What tells the states of one machine apart."""
        return self.name, self.value.span

    @property
    def is_task(self) -> bool:
        """Whether it calls something."""
        return self.value.get("Type").literal == "Task"

    @property
    def handles_failure(self) -> bool:
        """Whether it retries or catches an error."""
        return any(self.value.get(key).items() for key in ("Retry", "Catch"))


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states of a machine; ``missing`` says why they cannot be read."""

    states: tuple[State, ...]
    missing: Missing | None = None

    @property
    def tasks(self) -> tuple[State, ...]:
        """The states that call something."""
        return tuple(state for state in self.states if state.is_task)


def workflow_of(graph: Architecture, machine: Resource) -> Workflow:
    """The states of a state machine: of its definition, or of the text that holds it."""
    return graph.memo("workflow", machine, lambda: _workflow(machine))


def _workflow(machine: Resource) -> Workflow:
    written = machine.prop("Definition")
    if written.is_absent:
        written = machine.prop("DefinitionString")
    if written.is_absent:
        what = f"the definition of {machine.name} is kept in a file elsewhere"
        return Workflow((), Missing(what, "write it in the template", f"definition:{machine.name}"))
    document = document_of(written)
    if isinstance(document, Unknown):
        return Workflow((), document.cause)
    states = tuple(_states(document, 0))
    if not states:
        what = f"the states of {machine.name} cannot be read"
        cause = document.missing or Missing(what, "write States in the definition", f"definition:{machine.name}")
        return Workflow((), cause)
    return Workflow(states)


def _states(document: Value, depth: int) -> Iterator[State]:
    if depth > _DEEPEST:
        return
    for name, value in document.get("States").entries():
        yield State(name, value)
        for inner in (*value.get("Branches").items(), value.get("ItemProcessor"), value.get("Iterator")):
            yield from _states(inner, depth + 1)


def unguarded_tasks(graph: Architecture, machine: Resource) -> tuple[State, ...]:
    """The tasks whose failure nothing retries or catches, neither they nor a state around them."""
    workflow = workflow_of(graph, machine)
    guarded = {
        inner.key for state in workflow.states if state.handles_failure for inner in _inner_states(state.value)
    }
    return tuple(task for task in workflow.tasks if not task.handles_failure and task.key not in guarded)


def _inner_states(value: Value) -> Iterator[State]:
    for inner in (*value.get("Branches").items(), value.get("ItemProcessor"), value.get("Iterator")):
        yield from _states(inner, 0)


def task_function(graph: Architecture, machine: Resource, task: State) -> Invoked | None:
    """The function that a task invokes, by its ARN or through the optimised integration."""
    for value in (task.value.get("Resource"), *_arguments(task.value, "FunctionName")):
        invoked = invoked_by(graph, substituted(machine, value))
        if invoked is not None:
            return invoked
    return None


def waits_for_answer(task: State) -> bool:
    """Whether the task waits for the function's answer."""
    return not any(value.literal == _HANDED_OVER for value in _arguments(task.value, "InvocationType"))


def _arguments(state: Value, name: str) -> tuple[Value, ...]:
    return (state.get("Parameters", name), state.get("Arguments", name))


def substituted(machine: Resource, value: Value) -> Value:
    """What ``DefinitionSubstitutions`` puts where the value is ``${name}``; every other value as it is."""
    text = value.literal or "" if isinstance(value, Text) else ""
    if text.startswith("${") and text.endswith("}"):
        given = machine.prop("DefinitionSubstitutions", text[2:-1])
        return value if given.is_absent else given
    return value
