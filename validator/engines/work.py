"""One template for one engine: what to ask, and how to read what comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from validator.engines.inputs import EngineInput, EngineOptions, Judged
from validator.engines.names import CFN_LINT, CHECKOV

Answers = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """``requests`` are sent one after the other; ``judged`` takes the answers in the same order."""

    path: str
    requests: list[dict[str, object]]
    judged: Callable[[Answers], Judged]


def start_options(engine: str, options: EngineOptions, builtin: bool) -> dict[str, object]:
    """What an engine's process is told once."""
    if engine == CFN_LINT:
        from validator.engines import cfn_lint

        return cfn_lint.start_options(options)
    if engine == CHECKOV:
        return {}
    from validator.engines import cloudformation_validate

    return cloudformation_validate.start_options(options, builtin)


def work_of(engine: str, given: EngineInput, options: EngineOptions) -> Work:
    """What an engine has to do for a template."""
    if engine == CFN_LINT:
        from validator.engines import cfn_lint

        return Work(given.path, cfn_lint.requests(given), lambda answers: cfn_lint.judged(given, answers))
    if engine == CHECKOV:
        from validator.engines.checkov import CheckovTemplate

        template = CheckovTemplate(given)
        return Work(given.path, template.requests(), template.judged)
    from validator.engines import cloudformation_validate

    return Work(
        given.path,
        cloudformation_validate.requests(given),
        lambda answers: cloudformation_validate.judged(given, answers, options.informational),
    )
