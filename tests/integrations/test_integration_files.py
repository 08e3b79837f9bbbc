"""The files for other places: valid for their readers, and naming only options that exist."""

import json
import re
import shlex
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import click
import jsonschema
import pytest
import yaml

from validator.cli.main import cli

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted((CHECKOUT / "docs" / "integrations").glob("*.md"))
COMMAND = re.compile(r"(?:^|[\s/])tierlens\s+([a-z-]+)((?:\s+\S+)*)")


def schema(name: str) -> dict:
    return json.loads((resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / name).read_text())


def test_the_action_follows_githubs_schema():
    jsonschema.validate(yaml.safe_load((CHECKOUT / "action.yml").read_text()), schema("github-actions.json"))


def test_the_gitlab_template_follows_gitlabs_schema():
    text = (CHECKOUT / "integrations" / "gitlab" / "tierlens.gitlab-ci.yml").read_text()
    jsonschema.Draft7Validator(schema("gitlab-ci.json")).validate(yaml.safe_load(text))


def test_the_workflow_on_the_page_follows_githubs_schema():
    text = (CHECKOUT / "docs" / "integrations" / "github.md").read_text()
    block = "\n".join(line[4:] for line in text.split("Pin both")[0].splitlines() if line.startswith("    "))
    workflow = yaml.safe_load(block)
    # YAML 1.1 reads the key "on" as true.
    workflow["on"] = workflow.pop(True)
    jsonschema.validate(workflow, schema("github-workflows.json"))
    inputs = yaml.safe_load((CHECKOUT / "action.yml").read_text())["inputs"]
    assert set(workflow["jobs"]["tierlens"]["steps"][1]["with"]) <= set(inputs)


def test_the_page_lists_every_input_and_output():
    action = yaml.safe_load((CHECKOUT / "action.yml").read_text())
    text = (CHECKOUT / "docs" / "integrations" / "github.md").read_text()
    listed = set(re.findall(r"`([a-z-]+)`", "\n".join(line for line in text.splitlines() if line.startswith("|"))))
    assert {*action["inputs"], *action["outputs"]} - listed == {"token"}


@pytest.mark.parametrize("script", sorted((CHECKOUT / "integrations" / "github").glob("*.sh")), ids=lambda p: p.name)
def test_scripts_are_clean(script: Path):
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_image_copies_what_the_package_is_built_of():
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    copied = {name.removeprefix("./") for line in lines if line.startswith("COPY") and "--from" not in line
              for name in line.split()[1:-1]}  # fmt: skip
    assert {"pyproject.toml", "README.md", "LICENSE", "validator", "rules", "reports", "reference_stacks"} <= copied
    kept = {line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == kept
    assert [line for line in lines if line.startswith(("USER", "ENTRYPOINT"))] == [
        "USER tierlens",
        'ENTRYPOINT ["tierlens"]',
    ]


def commands_of(text: str) -> list[tuple[str, list[str]]]:
    """The command lines of tierlens in indented blocks, scripts and tables: the command and its options."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        for name, rest in (match for part in line.split("`") for match in COMMAND.findall(part)):
            if name in cli.list_commands(click.Context(cli)):
                found.append((name, re.findall(r"(?<=\s)(--?[a-z][a-z-]*)", rest.split("|")[0].split("#")[0])))
    return found


SOURCES = [
    *PAGES,
    CHECKOUT / "README.md",
    *sorted((CHECKOUT / "docs").glob("*.md")),
    *sorted((CHECKOUT / "integrations").rglob("*.*")),
    CHECKOUT / ".pre-commit-hooks.yaml",
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_every_option_that_is_written_exists(source: Path):
    for name, options in commands_of(source.read_text()):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        commands = [command, *(getattr(command, "commands", {}).values())]
        known = {option for one in commands for parameter in one.params for option in parameter.opts} | {"--help"}
        known |= {option for one in commands for parameter in one.params for option in parameter.secondary_opts}
        assert [option for option in options if option not in known] == [], (name, shlex.join(options))
