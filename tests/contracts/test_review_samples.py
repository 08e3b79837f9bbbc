"""The sample reviews are what the writers write."""

from tools.samples import ROOT, SAMPLES, generated, stale


def test_sample_reviews_are_fresh() -> None:
    assert stale() == (), "run: python -m tools.samples"


def test_each_reference_stack_has_its_samples_and_nothing_else_is_there() -> None:
    there = {path.relative_to(ROOT) for path in (ROOT / SAMPLES).iterdir() if path.suffix in (".html", ".md")}
    stacks = {path.parent.name for path in (ROOT / "reference_stacks").glob("*/README.md")}
    assert {path.stem for path in there} - {"README"} == stacks
    assert there - {SAMPLES / "README.md"} == set(generated())
