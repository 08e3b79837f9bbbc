"""FUNC010: a function's log lines cannot be searched, or are more than anyone reads."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.parameters import parameters_in
from validator.graph.functions.triggers import FUNCTION
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_LEVELS: Final = ("ApplicationLogLevel", "SystemLogLevel")
_VARIABLES: Final = ("LOG_LEVEL", "POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL")
_NOISY: Final = ("DEBUG", "TRACE")
_LOGGER: Final = ("POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOGGER_LOG_EVENT")

_TEMPLATE = """\
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      Role: arn:aws:iam::111122223333:role/r
      Code: {{ZipFile: ""}}
      LoggingConfig: {logging}
"""


class LogWithoutStructure(Rule):
    """A function logs plain text on purpose, or more than is read in operation.

    ## What it proves
    `LoggingConfig.LogFormat` is JSON, or the variables of a structured logger (Powertools) are set: pass. Fails where
    log levels are set beside the plain text format, which Lambda refuses, and where debug output is on in every
    combination of the conditions (`LOG_LEVEL: DEBUG`, `ApplicationLogLevel: DEBUG` or `TRACE`). A level that a
    condition chooses passes. A function that says nothing of its logs is not judged.

    ## Why it matters
    Lines without fields cannot be filtered or joined by request. Debug output in operation costs money and may hold
    what ought not to be logged.

    ## How to fix
    Set `LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}`; take the level from a parameter by stage.

    ## What it cannot see
    What the code writes.

    ## References
    Lambda Developer Guide, *Configuring advanced logging controls for Lambda functions*.
    """

    meta = RuleMeta(
        id="FUNC010",
        title="A function's log has no structure or too much of everything",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Plain lines cannot be searched by field, and debug output in operation is paid for and seldom read.",
        subjects=(FUNCTION,),
        lens=("OPS1.a4", "COST1.a2"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a level beside plain text", _TEMPLATE.format(logging="{ApplicationLogLevel: WARN} # <- finding")
        ),
        Example.passes("JSON", _TEMPLATE.format(logging="{LogFormat: JSON}")),
        Example.unknown(
            "the format is a parameter",
            "Parameters: {Format: {Type: String}}\n" + _TEMPLATE.format(logging="{LogFormat: !Ref Format}"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """At most one verdict on the format and one on the level."""
        yield from self._format(subject)
        yield from self._level(subject, graph)

    def _format(self, subject: Resource) -> Iterator[Judgement]:
        written = subject.prop("LoggingConfig", "LogFormat")
        levels = [value for name in _LEVELS if not (value := subject.prop("LoggingConfig", name)).is_absent]
        target = "format"
        if written.missing is not None:
            message = f"{subject.name}: the format of its log is not known"
            yield self.unknown(subject, message, missing=[written.missing], at=written.span, target=target)
        elif (written.literal or "").upper() == "JSON":
            step = subject.states("writes its log as JSON", written.span)
            yield self.passes(subject, f"{subject.name} logs JSON", evidence=[step], at=written.span, target=target)
        elif levels:
            yield self.fails(
                subject,
                f"{subject.name} sets a log level beside the plain text format, which Lambda refuses",
                evidence=[subject.states("sets a log level without LogFormat JSON", levels[0].span)],
                fix=f"Set on {subject.name}: LoggingConfig: {{LogFormat: JSON}} beside the level.",
                at=levels[0].span,
                target=target,
                severity=Severity.MEDIUM,
            )
        elif (logger := _logger_of(subject)) is not None:
            name, value = logger
            step = subject.states(f"sets {name} of a structured logger", value.span)
            message = f"{subject.name} is set up for a structured logger ({name})"
            yield self.passes(subject, message, evidence=[step], target=target)

    def _level(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        for name, value in _levels_of(subject):
            level = (value.literal or "").upper()
            if level not in _NOISY:
                continue
            at = value.span
            step = subject.states(f"has {name} {level}", at)
            if _is_chosen(subject, graph, name):
                message = f"{subject.name}: {name} is {level} under some conditions only"
                yield self.passes(subject, message, evidence=[step], at=at, target="level")
                return
            yield self.fails(
                subject,
                f"{subject.name}: {name} is {level} in every environment",
                evidence=[step],
                fix=f"Set on {subject.name}: {name}: INFO, or take it from a parameter of the stage.",
                at=at,
                target="level",
            )
            return


def _logger_of(subject: Resource) -> tuple[str, Value] | None:
    variables = subject.prop("Environment", "Variables")
    found = ((name, variables.get(name)) for name in _LOGGER)
    return next(((name, value) for name, value in found if not value.is_absent), None)


def _levels_of(subject: Resource) -> Iterator[tuple[str, Value]]:
    for name in _LEVELS:
        yield name, subject.prop("LoggingConfig", name)
    for name in _VARIABLES:
        yield name, subject.prop("Environment", "Variables", name)


def _is_chosen(subject: Resource, graph: Architecture, name: str) -> bool:
    """Whether another combination of the conditions, or a parameter, gives another level."""
    path = ("LoggingConfig", name) if name in _LEVELS else ("Environment", "Variables", name)
    if parameters_in(subject, *path):
        return True
    levels = graph.evaluation.explore(lambda: dict(_levels_of(subject))[name].literal, anew=True)
    return len({leaf.result for leaf in levels.leaves}) > 1
