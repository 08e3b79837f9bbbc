"""The build of the site: names from contents, references that follow, and what the page reads at its start."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SITE = Path(__file__).resolve().parents[1] / "site"
CONFIG = {"apiUrl": "https://api", "signInUrl": "https://sign-in", "clientId": "id", "cities": ["Vienna", "Paris"]}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The build, reading from an empty folder that a test fills."""
    specification = importlib.util.spec_from_file_location("web_app_build_site", SITE / "build_site.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "SOURCES", tmp_path / "src")
    module.SOURCES.mkdir()
    return module


def write(site: ModuleType, **texts: str) -> None:
    for name, text in texts.items():
        (site.SOURCES / name.replace("__", ".")).write_text(text, encoding="utf-8")


def names(files: list[Path]) -> dict[str, str]:
    return {re.sub(r"\.[0-9a-f]{12}\.", ".", file.name): file.name for file in files}


def test_the_names_follow_the_contents_through_all_who_name_them(site: ModuleType, tmp_path: Path) -> None:
    sources = {
        "index__html": '<script type="module" src="/main.js"></script><link href="/style.css">',
        "main__js": 'import { api } from "./api.js";\n',
        "api__js": "export const api = 1;\n",
        "style__css": "body {}\n",
    }
    write(site, **sources)
    before = names(site.build(tmp_path / "one", CONFIG))
    write(site, api__js="export const api = 2;\n")
    after = names(site.build(tmp_path / "two", CONFIG))

    assert before["style.css"] == after["style.css"]
    assert before["api.js"] != after["api.js"]
    assert before["main.js"] != after["main.js"], "its import has another name now"
    page = (tmp_path / "two" / "index.html").read_text()
    assert page == sources["index__html"].replace("main.js", after["main.js"]).replace(
        "style.css", after["style.css"]
    )
    assert f'from "./{after["api.js"]}"' in (tmp_path / "two" / after["main.js"]).read_text()


def test_what_is_in_the_target_goes_and_the_settings_come(site: ModuleType, tmp_path: Path) -> None:
    write(site, index__html="<p>hello</p>")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.js").write_text("old")
    files = site.build(tmp_path / "out", CONFIG)

    assert files == sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["config.json", "index.html"]
    assert json.loads(files[0].read_text()) == CONFIG


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"main__js": 'import { y } from "./y.js";'}, "main.js names y.js, and there is no such file"),
        ({"main__js": 'import "./y.js";'}, "main.js names y.js, and there is no such file"),
        ({"main__js": 'await import("./y.js");'}, "main.js names y.js, and there is no such file"),
        ({"index__html": '<img src="/y.svg">'}, "index.html names y.svg, and there is no such file"),
        (
            {"a__js": 'export * from "./b.js";', "b__js": 'export * from "./a.js";'},
            "a.js → b.js → a.js: these files name each other in a circle.",
        ),
    ],
)
def test_sources_that_do_not_fit_together(
    site: ModuleType, tmp_path: Path, sources: dict[str, str], message: str
) -> None:
    write(site, **sources)
    with pytest.raises(site.BuildError, match=re.escape(message)):
        site.build(tmp_path / "out", CONFIG)


def test_the_site_of_this_stack_is_built_from_the_command_line(tmp_path: Path) -> None:
    options = ["--api-url", "https://api", "--sign-in-url", "https://sign-in", "--client-id", "id"]
    command = [sys.executable, str(SITE / "build_site.py"), *options, "--cities", "Vienna,Paris", "--out"]
    run = subprocess.run([*command, str(tmp_path / "dist")], capture_output=True, text=True, check=False)
    files = [Path(line) for line in run.stdout.splitlines()]

    assert run.returncode == 0, run.stderr
    assert set(names(files)) == {
        "api.js",
        "config.json",
        "icon.svg",
        "index.html",
        "main.js",
        "sign_in.js",
        "style.css",
    }
    assert json.loads((tmp_path / "dist" / "config.json").read_text()) == CONFIG
