"""A small runner for a composite action: expressions, environment files, conditions, one bash a step."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z_]+(?:\.[A-Za-z_][\w-]*)+")


@dataclass
class Ran:
    """What running the action gave."""

    failed_step: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""
    steps: list[str] = field(default_factory=list)


def run_action(action: Path, inputs: dict[str, str], github: dict[str, object], folder: Path, path: str) -> Ran:
    """Run the steps of ``action`` in ``folder`` with ``path`` as the search path of programs.

    A step that fails ends the run, as on GitHub. ``github`` is the context of that name, nested.
    """
    described = yaml.safe_load(action.read_text())
    given = {name: str(about.get("default", "")) for name, about in described["inputs"].items()} | inputs
    temporary = folder.parent / "runner"
    temporary.mkdir(exist_ok=True)
    steps: dict[str, object] = {}
    context = {"inputs": given, "github": github, "steps": steps}
    given.update({name: _text(value, context) for name, value in given.items()})
    ran = Ran()
    for step in described["runs"]["steps"]:
        condition = step.get("if")
        if condition is not None and not _value(condition, context):
            continue
        files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        environment = {
            "PATH": path,
            "HOME": str(temporary),
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(action.parent),
            "GITHUB_REPOSITORY": "team/shop",
            **{name: str(file) for name, file in files.items()},
            **{name: _text(value, context) for name, value in step.get("env", {}).items()},
            **{name: os.environ[name] for name in ("TIERLENS_ENGINE", "TIERLENS_NO_CACHE") if name in os.environ},
        }
        assert "${{" not in step["run"], "an expression in a script is an injection"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        ran.steps.append(step["name"])
        ran.printed += done.stdout + done.stderr
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        if "id" in step:
            steps[step["id"]] = {"outputs": outputs}
        if done.returncode:
            ran.failed_step = step["name"]
            break
    ran.outputs = {name: _text(about["value"], context) for name, about in described["outputs"].items()}
    return ran


def _text(template: str, context: dict[str, object]) -> str:
    return _EXPRESSION.sub(lambda found: str(_value(found[1], context)), str(template))


def _value(expression: str, context: dict[str, object]) -> object:
    """The value of an expression; knows what action.yml uses: names, ``&&``, ``||``, ``==``, ``!=``, ``format``."""

    def looked_up(name: str) -> object:
        value: object = context
        for part in name.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        return value

    quoted = re.split(r"('(?:[^']|'')*')", expression)
    python = "".join(
        part if index % 2 else _NAME.sub(lambda found: f"looked_up({found[0]!r})", part)
        for index, part in enumerate(quoted)
    )
    python = python.replace("&&", " and ").replace("||", " or ").strip()
    names = {"looked_up": looked_up, "format": lambda text, *values: text.format(*values), "__builtins__": {}}
    return eval(python, names)
