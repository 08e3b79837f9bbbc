"""What ``graph --format svg`` draws: the pictures of the input, with the failures where they are asked for."""

from dataclasses import replace

from validator.cli.options import Input, request_of, settings_of
from validator.model import Diagnostic, DiagnosticLevel, Finding, Picture, TierlensError, Verdict
from validator.review import review
from validator.review.pictures import pictures_of


def drawn(given: Input, with_findings: bool) -> tuple[tuple[Picture, ...], tuple[Finding, ...]]:
    """The pictures and the failing findings to mark, in the order of the report.

    Raises LoadError for a template that cannot be read, and TierlensError when the check was not complete: a
    picture without marks must mean that there is nothing to mark.
    """
    request = request_of(given, settings_of(given))
    if not with_findings:
        return tuple(pictures_of(request)), ()
    result = review(replace(request, with_pictures=True))
    if result.incomplete:
        raise _incomplete(result.diagnostics)
    return result.pictures, tuple(finding for finding in result.findings if finding.verdict is Verdict.FAIL)


def _incomplete(diagnostics: tuple[Diagnostic, ...]) -> TierlensError:
    cause = next((one for one in diagnostics if one.level is DiagnosticLevel.ERROR), None)
    if cause is None:
        return TierlensError("the check was not complete", hint="run tierlens check: it says what was not checked")
    return TierlensError(cause.message, span=cause.span, hint=cause.hint, code=cause.code)
