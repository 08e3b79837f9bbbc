"""The architecture pictures of a run: one for the stacks that are judged together."""

from collections.abc import Iterator

from validator.model import DiagnosticLevel, Picture, TierlensError, UsageError
from validator.review.assumptions import Assumptions
from validator.review.planning import plan_stacks
from validator.review.request import ReviewRequest
from validator.review.stacks import discover_templates
from validator.review.units import LoadedUnit, Units


def picture_of_unit(unit: LoadedUnit) -> Picture:
    """The picture of one unit; its title is the workload's name, else the templates'."""
    from validator.graph.picture import picture_of

    return picture_of(unit.architecture, _title(unit))


def pictures_of(request: ReviewRequest) -> Iterator[Picture]:
    """The pictures of the templates of a request, without judging them.

    Raises the error of a template that cannot be read, and UsageError for links between templates that make no
    sense: a picture that silently lacks a part would be wrong.
    """
    discovery = discover_templates(request)
    units = Units(plan_stacks(request, discovery.files), request, Assumptions(request.settings.assume, request.today))
    found: list[LoadedUnit] = []
    for _, unit in units:
        if not isinstance(unit, LoadedUnit):
            raise unit.error
        found.append(unit)
    wrong = next((one for one in units.diagnostics if one.level is DiagnosticLevel.ERROR), None)
    if wrong is not None:
        raise TierlensError(wrong.message, span=wrong.span, hint=wrong.hint, code=wrong.code)
    if not found:
        raise UsageError("there is no template to draw", hint="name a template or a folder that holds one")
    yield from map(picture_of_unit, found)


def _title(unit: LoadedUnit) -> str:
    first = unit.stacks[0].plan
    if first.workload:
        return f"{first.workload} ({first.environment})" if first.environment else first.workload
    templates = list(dict.fromkeys(stack.file.display_path for stack in unit.stacks))
    title = templates[0] if len(templates) < 3 else f"{templates[0]} +{len(templates) - 1}"
    return " + ".join(templates) if len(templates) == 2 else title
