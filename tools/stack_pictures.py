"""Puts the graph of each reference stack into its README, between the marks of a generated block.

    python -m tools.stack_pictures

A README asks for its picture with a line ``<!-- tierlens graph -->``. ``tests/reference_stacks`` fails while a README
differs from what this would write.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from validator.cli.graphs import graph_of
from validator.cli.options import Input
from validator.graph.export import GRAPH_WRITERS

ROOT: Final = Path(__file__).resolve().parents[1]
STACKS: Final = Path("reference_stacks")
BEGIN: Final = "<!-- tierlens graph -->"
END: Final = "<!-- end of tierlens graph; written by python -m tools.stack_pictures -->"
_BLOCK: Final = re.compile(rf"{re.escape(BEGIN)}\n(?:.*?{re.escape(END)}\n)?", re.DOTALL)


def generated() -> Mapping[Path, str]:
    """Every README that asks for a picture, by its path in the repository, as it would be written."""
    files = {}
    for path in sorted((ROOT / STACKS).glob("*/README.md")):
        text = path.read_text(encoding="utf-8")
        if BEGIN in text:
            block = f"{BEGIN}\n```mermaid\n{picture(path.parent)}```\n{END}\n"
            files[path.relative_to(ROOT)] = _BLOCK.sub(lambda _, block=block: block, text, count=1)
    return files


def stale() -> tuple[Path, ...]:
    """The READMEs that differ from what would be written."""
    return tuple(path for path, text in generated().items() if (ROOT / path).read_text(encoding="utf-8") != text)


def picture(stack: Path) -> str:
    """The Mermaid text that ``tierlens graph`` prints for one stack's folder."""
    given = Input((str(stack),), (), (), None, None, None, ROOT)
    return GRAPH_WRITERS["mermaid"](graph_of(given))


def main() -> None:
    """Writes every README that is stale and names it."""
    wanted = generated()
    for path in stale():
        (ROOT / path).write_text(wanted[path], encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
