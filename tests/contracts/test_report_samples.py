"""The samples in the documentation are what the writers write."""

from tools.report_samples import PAGE, ROOT, formats_shown, page
from validator.registry import report_writer_names


def test_samples_are_fresh() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "run: python -m tools.report_samples"


def test_the_page_names_every_format_of_the_gate() -> None:
    shown = formats_shown((ROOT / PAGE).read_text(encoding="utf-8"))
    assert len(shown) == len(set(shown))
    gate = {"text", "json", "sarif", "junit", "gitlab", "github", "markdown", "csv"}
    assert gate | {"template"} == set(shown)
    assert gate <= set(report_writer_names())
