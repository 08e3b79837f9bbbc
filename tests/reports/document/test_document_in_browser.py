"""The document in a real Chromium: nothing of a template runs, the filter works, axe finds no fault."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.document.page import writer
from tests.reference_stacks.conftest import unavailable
from tests.reference_stacks.front_end import chromium
from tests.reference_stacks.front_end.chromium import Browser
from tests.reports.document.samples import LINKED, PLAIN, hostile_review, stack_review
from validator.lens import LensReview, LensReviewOptions

CANARY = "window.harmed = 1"
ATTACKS = (
    f"<script>{CANARY}</script>",
    f"</script><script>{CANARY}</script>",
    f'"><img src=x onerror="{CANARY}">',
    f"'><svg onload='{CANARY}'>",
    f"javascript:{CANARY}",
    f"</style><style>*{{background:url(http://x.test/)}}</style><script>{CANARY}</script>",
    f"|{CANARY}|\u202e\ud800{{{{ 7*7 }}}}",
)
NOWHERE = 9
"""The discard port: whatever is asked of the network fails, and is told as a complaint."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = chromium.program()
    if program is None:
        unavailable(chromium.MISSING)
    opened = Browser(program, tmp_path_factory.mktemp("chromium"), NOWHERE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script: of the project's node_modules, or installed globally."""
    folders = [Path(__file__).parents[3] / "node_modules"]
    if npm := shutil.which("npm"):
        found = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
        folders += [Path(found)] if found else []
    if named := os.environ.get("TIERLENS_AXE_CORE"):
        folders.insert(0, Path(named).parent)
    scripts = [folder / "axe-core" / "axe.min.js" for folder in folders]
    script = next((path for path in scripts if path.is_file()), None)
    if script is None:
        pytest.skip("axe-core is not installed: npm install -g axe-core")
    return script.read_text(encoding="utf-8")


def show(
    browser: Browser, folder: Path, review: LensReview, fragment: str = "", options: LensReviewOptions = PLAIN
) -> None:
    file = folder / "review.html"
    file.write_text(writer.write(review, options), encoding="utf-8", newline="\n")
    browser.complaints.clear()
    browser.open("about:blank")
    browser.open(f"{file.as_uri()}{fragment}")
    browser.wait_for("document.readyState === 'complete' && !!document.querySelector('main')")


def shown(browser: Browser) -> int:
    count: int = browser.value("[...document.querySelectorAll('.finding')].filter((n) => n.checkVisibility()).length")
    return count


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text[:12]))
def test_nothing_of_a_template_runs_and_nothing_is_asked_of_the_network(
    browser: Browser, tmp_path: Path, text: str
) -> None:
    show(browser, tmp_path, hostile_review(text), options=LINKED)
    browser.value(
        "document.querySelectorAll('.tlp-node').forEach("
        "(node) => node.dispatchEvent(new MouseEvent('click', {bubbles: true})))"
    )
    assert browser.value("window.harmed") is None
    assert browser.value("performance.getEntriesByType('resource').map((entry) => entry.name)") == []
    assert browser.complaints == []
    # The script itself did run.
    assert browser.value("document.querySelector('.filter').hidden") is False


def test_the_filter_narrows_and_keeps_its_state_in_the_address(browser: Browser, tmp_path: Path) -> None:
    review = stack_review("microservices")
    show(browser, tmp_path, review)
    total = len(review.review.findings)
    assert shown(browser) == total
    browser.value(
        "document.querySelector('#filter-rule').value = 'IAM002';"
        "document.querySelector('#filter-rule').dispatchEvent(new Event('input', {bubbles: true}))"
    )
    wanted = sum(finding.rule == "IAM002" for finding in review.review.findings)
    browser.wait_for("location.hash === '#findings&rule=IAM002'")
    assert shown(browser) == wanted > 0
    assert browser.value("document.querySelector('.count').textContent") == f"{wanted} of {total} findings are shown."
    browser.click(".filter button[type=reset]")
    browser.wait_for("location.hash === '#findings'")
    assert shown(browser) == total


def test_a_search_finds_words_of_the_rule_and_of_the_finding(browser: Browser, tmp_path: Path) -> None:
    review = stack_review("microservices")
    show(browser, tmp_path, review)
    resource = review.review.findings[0].resource
    browser.type_into("#filter-q", f"{resource.upper()} {review.review.findings[0].rule}")
    browser.wait_for("location.hash.includes('q=')")
    assert 0 < shown(browser) < len(review.review.findings)
    browser.value("document.querySelector('#filter-q').value = ''")
    browser.type_into("#filter-q", "no such words")
    browser.wait_for("document.querySelector('.count').textContent === 'No finding matches the filter.'")
    assert shown(browser) == 0


def test_an_address_with_a_filter_opens_filtered_and_a_hidden_finding_can_be_reached(
    browser: Browser, tmp_path: Path
) -> None:
    review = stack_review("microservices")
    show(browser, tmp_path, review, "#findings&verdict=pass&severity=high,low")
    assert shown(browser) == sum(
        f.verdict.value == "pass" and f.severity.value in ("high", "low") for f in review.review.findings
    )
    assert 0 < shown(browser) < len(review.review.findings)
    # A link to what this review has none of shows none, not everything.
    browser.value("location.hash = '#findings&verdict=refuted'")
    browser.wait_for("document.querySelector('.count').textContent === 'No finding matches the filter.'")
    last = len(review.review.findings)
    browser.value(f"location.hash = '#f{last}'")
    browser.wait_for(f"document.querySelector('#f{last}').checkVisibility()")
    assert shown(browser) == last


def test_a_resource_of_the_picture_shows_its_line(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, stack_review("microservices"))
    chosen = browser.value(
        "(() => { const node = document.querySelector('.tlp-node[data-locations]:not([data-locations=\"\"])');"
        " node.focus(); node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));"
        " return [node.dataset.names.split('|')[0], node.dataset.locations.split('|')[0]]; })()"
    )
    name, location = chosen
    panel = browser.value("document.querySelector('.panel-body').textContent")
    assert panel.startswith(name)
    assert location.rpartition(":")[0] in panel


def test_print_shows_what_is_folded_and_filtered_away(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, stack_review("microservices"), "#findings&q=nothing-like-this")
    browser.command("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.value("document.querySelector('.filter').checkVisibility()") is False
        verdicts = browser.value("[...document.querySelectorAll('.verdict')].map((n) => n.checkVisibility())")
        assert verdicts
        assert all(verdicts)
    finally:
        browser.command("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("width", [390, 1366])
def test_the_page_fits_its_width(browser: Browser, tmp_path: Path, width: int) -> None:
    browser.command(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
    )
    try:
        show(browser, tmp_path, hostile_review("averylongname" * 60))
        assert browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    finally:
        browser.command("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["stack", "hostile"])
def test_axe_finds_no_fault(browser: Browser, tmp_path: Path, axe: str, kind: str, scheme: str) -> None:
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    # The policy lets no script in but the document's own: axe is put in from outside.
    browser.command("Page.setBypassCSP", enabled=True)
    try:
        show(browser, tmp_path, stack_review("web_app") if kind == "stack" else hostile_review("a name"))
        browser.value("document.querySelectorAll('main details').forEach((n, at) => { n.open = at % 7 === 0 })")
        browser.value(f"{axe};1")
        faults = browser.value(
            "axe.run(document, {resultTypes: ['violations']})"
            ".then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
        )
        assert faults == [], json.dumps(faults, indent=1)
    finally:
        browser.command("Page.setBypassCSP", enabled=False)
        browser.command("Emulation.setEmulatedMedia", features=[])
