"""``python -m benchmarks.kept``: the second run of the gate over 100 templates, and the run after one changed."""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import measured
from benchmarks.templates import default_folder, templates_below

LARGEST = 200_000
"""Bytes of a template that is taken: one of many, not the whole of the time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kept", description=__doc__)
    parser.add_argument("--templates", type=int, default=100, metavar="N")
    parser.add_argument("--repeat", type=int, default=9, metavar="N", help="runs of which the median is taken")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        project, cache = Path(name, "project"), Path(name, "cache")
        count = _copy(default_folder(), project, options.templates)
        environment = {"TIERLENS_CACHE_DIR": str(cache), "TIERLENS_NO_CACHE": ""}
        tierlens = str(Path(sys.executable).parent / "tierlens")
        gate, start = (tierlens, "check", "."), (tierlens, "--help")

        def run(command: Sequence[str]) -> float:
            return measured(command, environment, project, done=(0, 1, 2)).seconds

        first = run(gate)
        pairs = [(run(gate), run(start)) for _ in range(options.repeat)]
        changed = sorted(path for path in project.rglob("*") if path.is_file())[0]
        changed.write_bytes(changed.read_bytes() + b"\n")
        after_edit = run(gate)
    print(f"| {count} templates, three engines | seconds |\n| --- | ---: |")
    print(f"| first run | {first:.2f} |")
    print(f"| again, nothing changed (median of {len(pairs)}) | {statistics.median(one for one, _ in pairs):.2f} |")
    print(f"| `tierlens --help`, in turn with it | {statistics.median(other for _, other in pairs):.2f} |")
    print(f"| again, one template changed | {after_edit:.2f} |")


def _copy(source: Path, project: Path, wanted: int) -> int:
    found = [path for path in templates_below(source) if path.stat().st_size < LARGEST]
    chosen = found[:: max(1, len(found) // wanted)][:wanted]
    for number, path in enumerate(chosen):
        # A folder each: templates of one name stay apart, and none nests another.
        place = project / f"{number:03}" / path.name
        place.parent.mkdir(parents=True)
        shutil.copyfile(path, place)
    (project / ".git").mkdir()
    return len(chosen)


if __name__ == "__main__":
    main()
