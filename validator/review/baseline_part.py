"""What the baseline does in a run: read once, applied to the findings as they are rated."""

from collections.abc import Callable, Collection, Sequence

from validator.model import Diagnostic, Finding, TemplateSummary
from validator.review.request import ReviewRequest
from validator.settings.files import shown_path
from validator.triage.baseline import Baseline, BaselineEntry, apply_baseline
from validator.triage.baseline_file import read_baseline


def baseline_of(request: ReviewRequest) -> Baseline | None:
    """The baseline of a request: None when it has none. Raises SettingsError when it cannot be read."""
    path = request.baseline or request.settings.baseline
    if path is None or not request.suppressions:
        return None
    return read_baseline(path, shown_path(path, request.root))


def accept(
    findings: Sequence[Finding],
    baseline: Baseline | None,
    request: ReviewRequest,
    templates: Collection[TemplateSummary],
    ran: Callable[[BaselineEntry], bool],
) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
    """The findings with those of the baseline marked, and its remarks; ``ran`` tells whether an entry's rule ran."""
    if baseline is None:
        return tuple(findings), ()
    read = {template.path for template in templates if template.readable}
    return apply_baseline(findings, baseline, request.today, read, ran)
