"""Writes the reviews of the reference stacks in ``docs/samples``: HTML and Markdown.

    python -m tools.samples

``tests/contracts`` fails while a sample differs from what this would write. Date and version are fixed, so that a day
or a release changes none.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from reports.document.markdown import writer as markdown
from reports.document.page import writer as html
from validator.lens import LensReview, LensReviewOptions, assess
from validator.review import ReviewRequest, review

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = Path("docs/samples")
STACKS: Final = Path("reference_stacks")
_DAY: Final = date(2026, 11, 23)
_VERSION: Final = "(sample)"


def generated() -> Mapping[Path, str]:
    """Every sample by its path in the repository, as it would be written."""
    files: dict[Path, str] = {}
    for stack in sorted(path.parent for path in (ROOT / STACKS).glob("*/README.md")):
        sample, options = sample_review(stack), LensReviewOptions()
        files[SAMPLES / f"{stack.name}.html"] = html.write(sample, options)
        files[SAMPLES / f"{stack.name}.md"] = markdown.write(sample, options)
    return files


def sample_review(stack: Path) -> LensReview:
    """The review of a reference stack, by the rules of tierlens alone: other engines' versions would change it."""
    result = review(ReviewRequest((str(stack),), stack, root_is_given=True, with_pictures=True, today=_DAY))
    engines = tuple(
        replace(engine, version=_VERSION if engine.name == "tierlens" else engine.version)
        for engine in result.engines
    )
    return assess(replace(result, version=_VERSION, engines=engines), today=_DAY, title=stack.name.replace("_", " "))


def stale() -> tuple[Path, ...]:
    """The samples that differ from what would be written."""
    wanted = generated()
    return tuple(path for path, text in wanted.items() if not _is(ROOT / path, text))


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main() -> None:
    """Writes every sample that is stale and names it."""
    wanted = generated()
    (ROOT / SAMPLES).mkdir(exist_ok=True)
    for path, text in wanted.items():
        if not _is(ROOT / path, text):
            (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
            print(path)


if __name__ == "__main__":
    main()
