"""cfn-lint in its own process: one set of rules for all templates."""

import os
from typing import Any

_state: dict[str, Any] = {}


def start(options: dict[str, object]) -> dict[str, object]:
    """Import cfn-lint and build its rules. ``options``: ``region``, ``informational``, ``root``.

    No configuration of the reviewed project is read: it may name Python files to run as rules.
    """
    from cfnlint.config import ConfigMixIn, ManualArgs
    from cfnlint.helpers import REGIONS
    from cfnlint.runner import Runner
    from cfnlint.version import __version__

    region = options.get("region")
    arguments: dict[str, Any] = {"regions": [region if region in REGIONS else "us-east-1"]}
    if options.get("informational"):
        arguments["include_checks"] = ["I"]
    runner = Runner(ConfigMixIn([], **ManualArgs(**arguments)))
    _state["config"], _state["rules"] = runner.config, runner.rules
    # Only from here on: its configuration is looked for in the working folder.
    root = str(options.get("root") or "")
    if os.path.isdir(root):
        os.chdir(root)
    return {"version": str(__version__)}


def check(request: dict[str, object]) -> dict[str, object]:
    """Lint one template. ``request``: ``text``, ``file`` (its path on disk).

    What the template itself switches off is reported all the same: the caller knows these lists and shows the
    findings as suppressed. What it wants to load (rules, parameter files) is not loaded.
    """
    from cfnlint.decode import decode_str
    from cfnlint.runner.template.runner import _run_template

    template, problems = decode_str(str(request["text"]))
    if problems or not isinstance(template, dict):
        return {"unread": True, "matches": [_plain(match) for match in problems]}
    _lift_ignores(template)
    found = [
        _plain(match) for match in _run_template(str(request["file"]), template, _state["config"], _state["rules"])
    ]
    return {"unread": any(match["rule"] == "E0001" for match in found), "matches": found}


def _lift_ignores(template: dict[str, Any]) -> None:
    resources = template.get("Resources")
    owners = [template, *(resources.values() if isinstance(resources, dict) else ())]
    for owner in owners:
        config: Any = owner
        for key in ("Metadata", "cfn-lint", "config"):
            config = config.get(key) if isinstance(config, dict) else None
        if isinstance(config, dict):
            for key in ("ignore_checks", "append_rules", "custom_rules", "override_spec", "parameter_files"):
                config.pop(key, None)


def _plain(match: Any) -> dict[str, object]:
    path = getattr(match, "path", None) or ()
    return {
        "rule": match.rule.id,
        "message": str(match.message),
        "path": [part if isinstance(part, int) else str(part) for part in path],
        "line": match.linenumber,
        "column": match.columnnumber,
        "end_line": match.linenumberend,
        "end_column": match.columnnumberend,
    }
