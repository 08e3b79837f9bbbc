"""Results as Markdown tables, each with the ratio to the first tool."""

from collections.abc import Mapping, Sequence

from benchmarks.measure import Measurement

Outcome = Measurement | str
"""What was measured, or why it was not."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with columns of even width; all but the first are aligned to the right."""
    widths = [max(len(line[column]) for line in (head, *rows)) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join((first, *others)) + " |"

    rule = "| " + " | ".join("-" * w if i == 0 else "-" * (w - 1) + ":" for i, w in enumerate(widths)) + " |"
    return "\n".join((line(head), rule, *(line(row) for row in rows)))


def comparison(title: str, outcomes: Mapping[str, Outcome], *, templates: int) -> str:
    """Seconds, templates a second, peak memory and the ratio of times to the first tool."""
    first = next(iter(outcomes.values()))
    rows = [(name, *_cells(outcome, first, templates)) for name, outcome in outcomes.items()]
    head = ("tool", "seconds", "templates/s", "peak MiB", "time ÷ first")
    return f"## {title}\n\n{table(head, rows)}{_remarks(outcomes)}"


def growth(title: str, outcomes: Mapping[str, Mapping[int, Outcome]]) -> str:
    """Seconds by size, and how often the time for the smallest real size goes into that for the largest.

    The first size is next to nothing: its time is start-up, and the last column leaves it out.
    """
    sizes = list(next(iter(outcomes.values())))
    empty, least, most = sizes[0], sizes[1], sizes[-1]
    head = ("tool", *(f"{size} resources" for size in sizes), f"{most} ÷ {least}", "without start-up")
    rows = []
    for name, by_size in outcomes.items():
        seconds = {size: one.seconds for size, one in by_size.items() if isinstance(one, Measurement)}
        cells = [f"{seconds[size]:.2f}" if size in seconds else "-" for size in sizes]
        rows.append(
            (name, *cells, _ratio(seconds, most, least, 0.0), _ratio(seconds, most, least, seconds.get(empty)))
        )
    remarks = {
        name: next(iter(v for v in by_size.values() if isinstance(v, str)), "") for name, by_size in outcomes.items()
    }
    return f"## {title}\n\n{table(head, rows)}{_remarks(remarks)}"


def _ratio(seconds: Mapping[int, float], most: int, least: int, start_up: float | None) -> str:
    if start_up is None or most not in seconds or least not in seconds:
        return "-"
    smaller = seconds[least] - start_up
    # A difference of some milliseconds is noise: its quotient would look like a finding.
    return f"{(seconds[most] - start_up) / smaller:.1f} ×" if smaller > 0.05 else "-"


def _cells(outcome: Outcome, first: Outcome, templates: int) -> tuple[str, str, str, str]:
    if isinstance(outcome, str):
        return ("-", "-", "-", "-")
    ratio = f"{outcome.seconds / first.seconds:.2f} ×" if isinstance(first, Measurement) else "-"
    return (f"{outcome.seconds:.2f}", f"{templates / outcome.seconds:.1f}", f"{outcome.peak_mib:.0f}", ratio)


def _remarks(outcomes: Mapping[str, Outcome]) -> str:
    lines = [f"{name}: {outcome}" for name, outcome in outcomes.items() if isinstance(outcome, str) and outcome]
    return "".join(f"\n\nNot measured: {line}" for line in lines)
