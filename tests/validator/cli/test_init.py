"""``tierlens init``: a stack of one's own, made from one that comes with the package."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.shell_completion import ShellComplete

from tests.validator.cli.conftest import Project, Tierlens
from validator.cli import stacks
from validator.cli.main import cli
from validator.model import UsageError

README = "# Shop\n\nA shop sells one thing. It has two tables.\n"
SAMCONFIG = """version = 0.1

[default.global.parameters]
stack_name = "small-shop"

[default.deploy.parameters]
tags = "application=\\"small-shop\\" other=\\"small-shop-window\\""
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the installed stacks: one of a single stack, one of two, and what is not to be copied."""
    root = tmp_path / "installed" / "reference_stacks"
    service = (
        '[default.global.parameters]\nstack_name = "fair-{0}"\ntags = "application=\\"fair\\" service=\\"{0}\\""\n'
    )
    for name, content in {
        "README.md": "# All\n",
        "small_shop/README.md": README,
        "small_shop/template.yaml": "Resources: {}\n",
        "small_shop/samconfig.toml": SAMCONFIG,
        "small_shop/src/app.py": "def handler(event, context): ...\n",
        "small_shop/src/__pycache__/app.cpython-311.pyc": "compiled",
        "small_shop/src/rds-ca.pem": "fetched by somebody",
        "small_shop/.aws-sam/build.toml": "built",
        "fair/README.md": "# Fair\n\n<!-- a mark -->\n\nTwo services:\none sells, one pays.\n",
        "fair/sell/samconfig.toml": service.format("sell"),
        "fair/pay/samconfig.toml": service.format("pay"),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    found = SimpleNamespace(submodule_search_locations=[str(tmp_path / "gone"), str(root)])
    monkeypatch.setattr(stacks.importlib.util, "find_spec", lambda _: found)
    return root


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_stack_is_copied_without_what_work_leaves_behind(
    package: Path, project: Project, tierlens: Tierlens
) -> None:
    here = project()

    done = tierlens("init", "small_shop", "shop")

    assert (done.status, done.out, done.err) == (
        0,
        "shop: 4 files of the pattern small_shop\nnext: read shop/README.md, then: tierlens check shop\n",
        "",
    )
    assert files_of(here / "shop") == ["README.md", "samconfig.toml", "src/app.py", "template.yaml"]
    for name in files_of(here / "shop"):
        assert (here / "shop" / name).read_bytes() == (package / "small_shop" / name).read_bytes()
    assert sorted(path.name for path in here.iterdir() if path.name.startswith(".tierlens")) == []


def test_parents_are_made_and_an_empty_folder_is_filled(package: Path, project: Project, tierlens: Tierlens) -> None:
    here = project()
    (here / "empty").mkdir()

    assert tierlens("init", "small-shop", "a/b/shop").status == 0
    assert tierlens("init", "small_shop", "empty").status == 0
    assert files_of(here / "a" / "b" / "shop") == files_of(here / "empty")


def test_a_copy_of_a_read_only_installation_can_be_changed(
    package: Path, project: Project, tierlens: Tierlens
) -> None:
    here = project()
    for path in sorted((package / "small_shop").rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)

    assert tierlens("init", "small_shop", "shop", "--name", "mine").status == 0

    assert all(path.stat().st_mode & 0o200 for path in (here / "shop").rglob("*"))


@pytest.mark.parametrize("present", ["template.yaml", ".git"])
def test_a_folder_with_something_in_it_is_refused(
    package: Path, project: Project, tierlens: Tierlens, present: str
) -> None:
    here = project()
    (here / "shop").mkdir()
    (here / "shop" / present).write_text("mine", encoding="utf-8")

    done = tierlens("init", "small_shop", "shop")

    assert (done.status, done.out) == (2, "")
    assert done.err == ("error: shop is not empty\n  hint: nothing is overwritten: name a new or an empty folder\n")
    assert files_of(here / "shop") == [present]


def test_a_file_or_a_link_in_the_place_is_refused(package: Path, project: Project, tierlens: Tierlens) -> None:
    here = project()
    (here / "file").write_text("mine", encoding="utf-8")
    (here / "link").symlink_to(here / "nowhere")

    for name in ("file", "link"):
        done = tierlens("init", "small_shop", name)
        assert (done.status, done.err) == (
            2,
            f"error: {name} exists and is not a folder\n  hint: name a folder that does not exist yet\n",
        )
    assert (here / "file").read_text(encoding="utf-8") == "mine"
    assert not (here / "nowhere").exists()


def test_the_name_goes_into_the_settings(package: Path, project: Project, tierlens: Tierlens) -> None:
    here = project()

    assert tierlens("init", "small_shop", "shop", "--name", "Corner-Shop").status == 0

    settings = tomllib.loads((here / "shop" / "samconfig.toml").read_text(encoding="utf-8"))
    assert settings["default"]["global"]["parameters"] == {"stack_name": "Corner-Shop"}
    assert settings["default"]["deploy"]["parameters"] == {
        "tags": 'application="Corner-Shop" other="small-shop-window"'
    }


def test_of_several_stacks_each_name_begins_with_it(package: Path, project: Project, tierlens: Tierlens) -> None:
    here = project()

    assert tierlens("init", "fair", "fair", "--name", "bazaar").status == 0

    for service in ("sell", "pay"):
        settings = tomllib.loads((here / "fair" / service / "samconfig.toml").read_text(encoding="utf-8"))
        assert settings["default"]["global"]["parameters"] == {
            "stack_name": f"bazaar-{service}",
            "tags": f'application="bazaar" service="{service}"',
        }


@pytest.mark.parametrize("name", ["9shops", "my_shop", "shop!", "", "x" * 129])
def test_a_name_that_no_stack_can_have_is_refused_before_anything_is_written(
    package: Path, project: Project, tierlens: Tierlens, name: str
) -> None:
    here = project()

    done = tierlens("init", "small_shop", "shop", "--name", name)

    assert (done.status, done.err) == (
        2,
        f"error: {name!r} cannot be the name of a stack\n"
        "  hint: letters, digits and hyphens, a letter first, 128 at most\n",
    )
    assert not (here / "shop").exists()


@pytest.mark.parametrize("name", ["a", "A1-b", "x" * 128])
def test_names_at_the_edge_are_taken(package: Path, project: Project, tierlens: Tierlens, name: str) -> None:
    project()

    assert tierlens("init", "small_shop", "shop", "--name", name).status == 0


def test_an_unknown_pattern_is_answered_with_the_nearest(package: Path, project: Project, tierlens: Tierlens) -> None:
    project()

    near, far = tierlens("init", "smal_shop", "x"), tierlens("init", "castle", "x")

    assert (near.status, near.err) == (
        2,
        "error: no pattern is named smal_shop\n  hint: did you mean 'small_shop'?\n",
    )
    assert (far.status, far.err) == (
        2,
        "error: no pattern is named castle\n  hint: tierlens init --list describes them\n",
    )


def test_the_list_describes_each_pattern_in_a_sentence(package: Path, project: Project, tierlens: Tierlens) -> None:
    project()

    done = tierlens("init", "--list")

    assert (done.status, done.err) == (0, "")
    assert done.out == "fair        Two services: one sells, one pays.\nsmall_shop  A shop sells one thing.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "PATTERN and DIR are needed"),
        (("small_shop",), "PATTERN and DIR are needed"),
        (("--list", "small_shop"), "--list goes without PATTERN, DIR and --name"),
        (("--list", "--name", "x"), "--list goes without PATTERN, DIR and --name"),
    ],
)
def test_what_does_not_go_together_is_told(
    package: Path, project: Project, tierlens: Tierlens, arguments: tuple[str, ...], message: str
) -> None:
    project()

    done = tierlens("init", *arguments)

    assert (done.status, done.err.splitlines()[0]) == (2, f"error: {message}")


def test_a_failure_half_way_leaves_nothing(
    package: Path, project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = project()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stacks.shutil, "copyfile", full)
    before = sorted(here.iterdir())

    done = tierlens("init", "small_shop", "shop")

    assert (done.status, done.err.splitlines()[0]) == (
        2,
        "error: small_shop cannot be copied to shop: No space left on device",
    )
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize("found", [None, SimpleNamespace(submodule_search_locations=None)])
def test_an_installation_without_stacks_says_so(monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    monkeypatch.setattr(stacks.importlib.util, "find_spec", lambda _: found)

    with pytest.raises(UsageError, match="this installation has no reference stacks"):
        stacks.patterns()


def test_the_shell_is_offered_the_patterns(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    completion = ShellComplete(cli, {}, "tierlens", "_TIERLENS_COMPLETE")

    def offered(start: str) -> list[str]:
        return [item.value for item in completion.get_completions(["init"], start)]

    assert offered("") == ["fair", "small_shop"]
    assert offered("sm") == ["small_shop"]
    monkeypatch.setattr(stacks.importlib.util, "find_spec", lambda _: None)
    assert offered("") == []


# ------------------------------------------------------------------------- the stacks that really come along


def test_every_stack_of_the_package_can_be_copied_and_named(project: Project, tierlens: Tierlens) -> None:
    here = project()
    known = stacks.patterns()

    assert "mobile_backend" in known
    for pattern, text in known.items():
        assert re.fullmatch(r"[A-Z].{20,}", text), (pattern, text)
        assert tierlens("init", pattern, pattern, "--name", "mine").status == 0
        settings = sorted((here / pattern).rglob("samconfig.toml"))
        assert settings
        for each in settings:
            service = "" if each.parent == here / pattern else f"-{each.parent.name}"
            content = tomllib.loads(each.read_text(encoding="utf-8"))
            assert content["default"]["global"]["parameters"]["stack_name"] == f"mine{service}"
