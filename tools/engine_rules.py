"""Writes what is known of the engines' rules: ``python -m tools.engine_rules``, with the engines installed.

cfn-lint's and cloudformation-validate's rules come out of the engines. Of checkov's checks ids and titles do;
severity and topic are kept from the file, and a new check comes in as low until a person rates it.
"""

import json
import os
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "validator" / "engines" / "data"

Entries = dict[str, dict[str, str]]


def checkov_titles() -> dict[str, str]:
    """Id to name of every check that checkov runs on CloudFormation and SAM."""
    os.environ.setdefault("CHECKOV_PARALLELIZATION_TYPE", "none")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from checkov.cloudformation.checks.resource.registry import cfn_registry
    from checkov.cloudformation.runner import Runner

    runner = Runner()
    runner.graph_registry.load_checks()
    kinds = (cfn_registry.checks, cfn_registry.wildcard_checks)
    checks = [check for kind in kinds for found in kind.values() for check in found]
    return {check.id: check.name for check in (*checks, *runner.graph_registry.checks)}


def title_of(name: str) -> str:
    """A check's name as a statement: ``Ensure that X has Y`` becomes ``X has Y``."""
    text = re.sub(r"^(Ensure|Verify|Check)( that)?\s+", "", " ".join(name.split())).rstrip(".")
    return text[:1].upper() + text[1:]


def cfn_lint_rules() -> Entries:
    """The rules of the installed cfn-lint."""
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    severities = {"E": "error", "W": "warning", "I": "info"}
    rules = Runner(ConfigMixIn([], include_checks=["I"], include_experimental=True)).rules
    return {
        rule_id: {
            "title": " ".join(rule.shortdesc.split()).rstrip("."),
            "description": " ".join((rule.description or rule.shortdesc).split()),
            "reference": rule.source_url,
            "severity": severities[rule_id[0]],
        }
        for rule_id, rule in sorted(rules.items())
    }


def validate_rules() -> Entries:
    """The rules of the installed cloudformation-validate."""
    from cloudformation_validate import CompositeEngine

    names = {"FATAL": "fatal", "ERROR": "error", "WARN": "warning", "INFO": "info"}
    return {
        rule.id: {
            "title": " ".join((rule.description or rule.id).split()).rstrip("."),
            "description": " ".join((rule.description or rule.id).split()),
            "severity": names.get(rule.severity.name, "info"),
        }
        for rule in CompositeEngine().list_rules()
    }


def read(engine: str) -> dict[str, dict[str, dict[str, str]]]:
    """The data file of an engine; empty when there is none yet."""
    path = DATA / f"{engine}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rules": {}, "topics": {}}


def checkov_rules() -> Entries:
    """All checks with the ratings that the file has."""
    known = read("checkov")["rules"]
    found: Entries = {}
    for check_id, name in sorted(checkov_titles().items(), key=lambda item: _order(item[0])):
        rated = known.get(check_id, {})
        found[check_id] = {
            "title": rated.get("title") or title_of(name),
            "severity": rated.get("severity", "low"),
            "topic": rated.get("topic", "configuration"),
        }
    return found


def _order(check_id: str) -> tuple[str, int]:
    prefix, _, number = check_id.rpartition("_")
    return prefix, int(number) if number.isdigit() else 0


def contents() -> dict[str, dict[str, object]]:
    """The three files as they should be with what is installed."""
    return {
        "cfn-lint": {"rules": cfn_lint_rules()},
        "checkov": {"topics": read("checkov")["topics"], "rules": checkov_rules()},
        "cloudformation-validate": {"rules": validate_rules()},
    }


def main() -> None:
    """Write the files."""
    for engine, content in contents().items():
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (DATA / f"{engine}.json").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{engine}: {len(content['rules'])} rules\n")  # type: ignore[arg-type]  # a map in each


if __name__ == "__main__":
    main()
