"""The trend over several reviews as a small chart; the table beside it has the same numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.document.texts import DocumentTexts
from validator.lens import Risk, TrendPoint
from validator.model import Severity

if TYPE_CHECKING:
    from markupsafe import Markup

_LEFT, _STEP, _BAR = 16, 84, 34
_ROW, _FOOT, _HEAD = 170, 128, 34
"""Height of one row of columns; where in it the columns stand, and where their tops may reach."""
_MOST = 12
"""Reviews that the chart shows: the latest."""


def trend_chart(trend: Sequence[TrendPoint], texts: DocumentTexts) -> "Markup":
    """High risks from the best to the worst case, below them failures by severity; empty for a single review."""
    from markupsafe import Markup, escape

    if len(trend) < 2:
        return Markup("")
    points = trend[-_MOST:]
    width = max(_LEFT + _STEP * len(points), 320)
    dates = Markup("").join(
        Markup('<text class="date" x="{}" y="{}">{}</text>').format(_middle(place), y, point.date.isoformat())
        for y in (_FOOT + 18, _ROW + _FOOT + 18)
        for place, point in enumerate(points)
    )
    titles = Markup('<text class="head" x="{}" y="16">{}</text><text class="head" x="{}" y="{}">{}</text>').format(
        _LEFT, texts("trend.risks"), _LEFT, _ROW + 16, texts("trend.failures")
    )
    bases = Markup('<path class="base" d="M{0} {1}H{3}M{0} {2}H{3}"/>').format(_LEFT, _FOOT, _ROW + _FOOT, width)
    return Markup(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
    ).format(
        escape(texts("trend.description", count=len(points))),
        *(width, 2 * _ROW, width, 2 * _ROW),
        titles + _risks(points) + _failures(points, texts) + bases + dates,
    )


def _risks(points: Sequence[TrendPoint]) -> "Markup":
    """A column up to the best case, and an outlined one from there to the worst."""
    from markupsafe import Markup

    most = max([1, *(point.worst[Risk.HIGH] for point in points)])
    drawn = Markup("")
    for place, point in enumerate(points):
        best, worst = point.best[Risk.HIGH], point.worst[Risk.HIGH]
        top, middle = _height(worst, most), _height(best, most)
        drawn += _rectangle("worst", place, _FOOT - top, top) + _rectangle("best", place, _FOOT - middle, middle)
        drawn += _value(place, _FOOT - top, str(best) if best == worst else f"{best}–{worst}")
    return drawn


def _failures(points: Sequence[TrendPoint], texts: DocumentTexts) -> "Markup":
    """Stacked columns, the worst severity at the bottom."""
    from markupsafe import Markup

    totals = [sum(point.failures.values()) for point in points]
    drawn = Markup("")
    for place, (point, total) in enumerate(zip(points, totals, strict=True)):
        y = float(_ROW + _FOOT)
        for level in reversed(Severity):
            height = _height(point.failures.get(level.value, 0), max([1, *totals]))
            y -= height
            drawn += _rectangle(level.value, place, y, height)
        drawn += _value(place, y, texts.number(total))
    return drawn


def _rectangle(kind: str, place: int, y: float, height: float) -> "Markup":
    from markupsafe import Markup

    if not height:
        return Markup("")
    return Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
        kind, _middle(place) - _BAR // 2, y, _BAR, height
    )


def _value(place: int, y: float, text: str) -> "Markup":
    from markupsafe import Markup

    return Markup('<text class="value" x="{}" y="{:.1f}">{}</text>').format(_middle(place), y - 5, text)


def _height(count: int, most: int) -> float:
    return count / most * (_FOOT - _HEAD)


def _middle(place: int) -> int:
    return _LEFT + _STEP * place + _STEP // 2
