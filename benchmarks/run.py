"""The benchmarks as one command: cold start, throughput, growth and peak memory, all tools in the same run."""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.measure import Measurement, RunFailedError, measured, median_of
from benchmarks.templates import ROOT, SAM_TEMPLATE, default_folder, templates_below, write_plain
from benchmarks.tools import TOOLS, Tool

PLAIN_SIZE = 30
QUICK_FILES = 40


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print Markdown. Exit status 2 when there is nothing to measure with."""
    options = _options(arguments)
    if options.templates is not None and not options.templates.is_dir():
        raise SystemExit(f"error: {options.templates}: there is no such folder")
    tools = [tool for tool in TOOLS if tool.name not in options.skip and not _told_missing(tool)]
    if not tools:
        raise SystemExit("error: none of the tools is installed; pip install -e '.[dev]' brings them all")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.", end=" ")
    print(f"{'; '.join(f'{tool.name} {tool.version()}' for tool in tools)}.\n")
    repeat = options.repeat or (1 if options.quick else 5)
    with tempfile.TemporaryDirectory() as folder:
        _cold_starts(tools, Path(folder), repeat)
        _throughput(tools, options.templates or default_folder(), quick=options.quick)
        _growth(tools, Path(folder), (1, 50, 500) if options.quick else (1, 50, 100, 200, 500), min(repeat, 3))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run each, fewer templates and sizes")
    parser.add_argument("--templates", type=Path, metavar="DIR", help="folder whose templates measure throughput")
    parser.add_argument("--repeat", type=int, metavar="N", help="runs of which the median is taken")
    parser.add_argument("--skip", action="append", default=[], metavar="TOOL", choices=[tool.name for tool in TOOLS])
    return parser.parse_args(arguments)


def _told_missing(tool: Tool) -> bool:
    reason = tool.missing()
    if reason:
        print(f"Skipped {tool.name}: {reason}.\n")
    return bool(reason)


def _one(tool: Tool, path: Path, repeat: int) -> report.Outcome:
    return _outcome(tool, tool.one([str(path)]), tool.done_one, repeat)


def _many(tool: Tool, paths: Sequence[Path]) -> report.Outcome:
    return _outcome(tool, tool.many([str(path) for path in paths]), tool.done_many, 1)


def _outcome(tool: Tool, line: Sequence[str], done: frozenset[int], repeat: int) -> report.Outcome:
    def run() -> Measurement:
        return measured(line, tool.environment, ROOT, done=done)

    try:
        return median_of(run, repeat)
    except RunFailedError as error:
        return str(error)


def _cold_starts(tools: Sequence[Tool], folder: Path, repeat: int) -> None:
    plain = folder / "plain.yaml"
    write_plain(plain, PLAIN_SIZE)
    for title, path in ((f"plain template, {PLAIN_SIZE} resources", plain), ("SAM template", SAM_TEMPLATE)):
        outcomes = {tool.name: _one(tool, path, repeat) for tool in tools}
        print(report.comparison(f"Cold start: {title}", outcomes, templates=1) + "\n", flush=True)


def _throughput(tools: Sequence[Tool], folder: Path, *, quick: bool) -> None:
    paths = templates_below(folder)
    if quick:
        paths = paths[:: max(1, len(paths) // QUICK_FILES)]
    if not paths:
        print(f"Throughput was not measured: {folder} holds no template.\n")
        return
    outcomes = {tool.name: _many(tool, paths) for tool in tools}
    title = f"Throughput: {len(paths)} templates of {folder.name}, one process"
    print(report.comparison(title, outcomes, templates=len(paths)) + "\n", flush=True)


def _growth(tools: Sequence[Tool], folder: Path, sizes: Sequence[int], repeat: int) -> None:
    outcomes: dict[str, dict[int, report.Outcome]] = {tool.name: {} for tool in tools}
    for size in sizes:
        path = folder / f"generated-{size}.yaml"
        write_plain(path, size)
        for tool in tools:
            outcomes[tool.name][size] = _one(tool, path, repeat)
    print(report.growth("Growth: generated templates, seconds", outcomes) + "\n", flush=True)
