"""How the run itself went (SARIF 2.1.0, section 3.20): what was not checked is told, never left out."""

from reports.facts import engine_failure, failed_engines
from reports.sarif.messages import message
from reports.sarif.places import Json, location
from reports.strings import visible
from validator.model import Diagnostic, DiagnosticLevel, Review


def invocation(review: Review, left_out: int) -> Json:
    """The outcome of the run, with a notification for each error, warning and failed engine.

    ``left_out`` counts the results that did not fit into the file.
    """
    notifications = [
        _notification(diagnostic)
        for diagnostic in review.diagnostics
        if diagnostic.level is not DiagnosticLevel.NOTICE
    ]
    notifications += [
        {"level": "error", "descriptor": {"id": "engine-failed"}, "message": message(engine_failure(engine))}
        for engine in failed_engines(review)
    ]
    if left_out:
        text = f"{left_out} results are left out: code scanning takes no more in one file. The JSON report has all."
        notifications.append({"level": "warning", "descriptor": {"id": "results-left-out"}, "message": message(text)})
    return {"executionSuccessful": not review.incomplete, "toolExecutionNotifications": notifications}


def _notification(diagnostic: Diagnostic) -> Json:
    hint = f"\n\nTo do: {diagnostic.hint}" if diagnostic.hint else ""
    shown: Json = {
        "level": diagnostic.level.value,
        "descriptor": {"id": visible(diagnostic.code) or "-"},
        "message": message(f"{diagnostic.message}{hint}"),
    }
    return shown if diagnostic.span is None else shown | {"locations": [location(diagnostic.span)]}
