import subprocess
import sys

import pytest

from reports import json_report, text
from tests.validator.registry.conftest import WRITER, Install
from validator.model import RulePackError, UsageError
from validator.registry import load_report_writers, report_writer_names

OURS = "[tierlens.reports]\ntext = own_text:writer\njson = own_json:writer\n"


def install_ours(install: Install) -> None:
    install("tierlens", OURS, {"own_text": WRITER.format(name="text"), "own_json": WRITER.format(name="json")})


def test_names_are_sorted_and_include_other_packages(install: Install) -> None:
    install_ours(install)
    install("house", "[tierlens.reports]\nhouse = nowhere:writer\n", {})
    assert report_writer_names() == ("house", "json", "text")


def test_only_the_named_writers_are_loaded(install: Install) -> None:
    install_ours(install)
    install("house", "[tierlens.reports]\nbroken = nowhere:writer\n", {})
    writers = load_report_writers(["text", "json"])
    assert [(name, writer.name) for name, writer in writers.items()] == [("text", "text"), ("json", "json")]


def test_unknown_format_suggests_the_near_one(install: Install) -> None:
    install_ours(install)
    with pytest.raises(UsageError) as caught:
        load_report_writers(["jsn"])
    assert caught.value.message == "no report format is named 'jsn'"
    assert caught.value.hint == "did you mean json? installed: json, text"
    with pytest.raises(UsageError) as caught:
        load_report_writers(["sarif-2"])
    assert caught.value.hint == "installed: json, text"


def test_two_writers_of_one_name(install: Install) -> None:
    install_ours(install)
    install("house", "[tierlens.reports]\ntext = house_text:writer\n", {})
    with pytest.raises(RulePackError) as caught:
        report_writer_names()
    assert caught.value.message == (
        "two report writers have one name: text (from the package tierlens) and text (from the package house)"
    )


@pytest.mark.parametrize("module", ["writer = 7\n", "from own_text import Writer as writer\n"])
def test_what_is_no_writer_is_refused(install: Install, module: str) -> None:
    install_ours(install)
    install("house", "[tierlens.reports]\nhouse = house_writer:writer\n", {"house_writer": module})
    with pytest.raises(RulePackError) as caught:
        load_report_writers(["house"])
    assert caught.value.message == (
        "the report writer house (from the package house) cannot be used: it is no report writer"
    )


def test_writer_that_cannot_be_imported(install: Install) -> None:
    install_ours(install)
    install("house", "[tierlens.reports]\nhouse = house_broken:writer\n", {"house_broken": "1 / 0\n"})
    with pytest.raises(RulePackError) as caught:
        load_report_writers(["house"])
    assert caught.value.message == (
        "the report writer house (from the package house) cannot be imported from house_broken:writer: "
        "ZeroDivisionError: division by zero"
    )


def test_not_installed(install: Install) -> None:
    with pytest.raises(RulePackError) as caught:
        report_writer_names()
    assert caught.value.message == (
        "the installed Python packages hold no entry points of tierlens in the group tierlens.reports"
    )


def test_the_installed_distribution_brings_our_writers() -> None:
    assert load_report_writers(["json", "text"]) == {"json": json_report.writer, "text": text.writer}


def test_listing_formats_imports_no_writer() -> None:
    code = (
        "import sys; from validator.registry import load_report_writers, report_writer_names;"
        "print({'text', 'json'} <= set(report_writer_names()), 'reports' in sys.modules);"
        "load_report_writers(['text']);"
        "print('reports.text' in sys.modules, 'reports.json_report' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\nTrue False\n"
