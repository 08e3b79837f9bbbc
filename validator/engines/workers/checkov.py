"""checkov in its own process: its CloudFormation checks on templates that are already expanded and resolved."""

import logging
import sys
from types import SimpleNamespace
from typing import Any

from validator.engines.workers.hollow import HollowFinder, forget

_state: dict[str, Any] = {}
_NOT_NEEDED = (
    "checkov.common.bridgecrew.platform_integration",
    "checkov.common.util.http_utils",
    "checkov.common.sast.report_types",
    "aiohttp",
    "asteval",
    "boto3",
    "botocore",
    "charset_normalizer",
    "detect_secrets",
    "docker",
    "ecdsa",
    "hcl2",
    "lark",
    "networkx",
    "prettytable",
    "requests",
    "urllib3",
    "wcwidth",
    "yarl",
)
_PACKAGES_OF_OTHER_CHECKS = ("checkov.terraform.checks.resource", "checkov.terraform.checks.data")
_MARK = SimpleNamespace(line=0, column=0, index=0)


def start(options: dict[str, object]) -> dict[str, object]:
    """Import checkov's CloudFormation framework, and nothing of its platform.

    ``options``: ``whole`` imports everything as checkov does by itself; that is also what happens when a version of
    checkov does not come up with the stand-ins.
    """
    logging.disable(logging.CRITICAL)
    if options.get("whole"):
        return _import()
    finder = HollowFinder(_NOT_NEEDED, _PACKAGES_OF_OTHER_CHECKS)
    sys.meta_path.insert(0, finder)
    try:
        return _import()
    except Exception:  # noqa: BLE001 - whatever the stand-ins break, the whole import decides
        sys.meta_path.remove(finder)
        forget("checkov")
        return _import()


def _import() -> dict[str, object]:
    from checkov.cloudformation.checks.resource.registry import cfn_registry
    from checkov.cloudformation.runner import Runner
    from checkov.runner_filter import RunnerFilter
    from checkov.version import version

    _state["runner_class"] = Runner
    _state["filter"] = RunnerFilter(framework=["cloudformation"], show_progress_bar=False)
    graph_registry = Runner().graph_registry
    graph_registry.load_checks()
    if not cfn_registry.checks or not graph_registry.checks:
        raise ImportError("checkov has no checks for CloudFormation")
    return {"version": str(version)}


def check(request: dict[str, object]) -> dict[str, object]:
    """Judge the resources of one template. ``request``: ``name``, unique in the run, and ``resources``.

    The answer has, for each check and resource, ``rule``, ``resource``, ``result`` (``passed``, ``failed``,
    ``undecided``), the ``keys`` it looked at, and ``any`` when every value satisfies it. ``scanned`` counts the
    resources that were looked at.
    """
    from checkov.cloudformation.checks.resource.BaseCloudsplainingIAMCheck import BaseCloudsplainingIAMCheck
    from checkov.cloudformation.graph_builder.graph_to_definitions import convert_graph_vertices_to_definitions

    # Its memory of policies is never emptied, and goes by names that two templates may share.
    BaseCloudsplainingIAMCheck.policy_document_cache.clear()
    name = str(request["name"])
    runner = _state["runner_class"]()
    given = {name: _node({"Resources": request["resources"]})}
    # The caller resolved the values; checkov's own rendering would take most of the time.
    graph = runner.graph_manager.build_graph_from_definitions(given, render_variables=False)
    runner.graph_manager.save_graph(graph)
    definitions, _ = convert_graph_vertices_to_definitions(vertices=graph.vertices, root_folder=None)
    resources = definitions.get(name, {}).get("Resources", {})
    records = [record for item in resources.items() for record in _single(name, *item)]
    records += _connected(runner)
    return {"records": records, "scanned": len(resources)}


def _single(file: str, name: str, resource: Any) -> list[dict[str, object]]:
    from checkov.cloudformation.checks.resource.registry import cfn_registry

    results = cfn_registry.scan(file, {name: resource}, [], _state["filter"])
    return [_record(check, result, name) for check, result in results.items()]


def _connected(runner: Any) -> list[dict[str, object]]:
    found = []
    for check, results in runner.run_graph_checks_results(_state["filter"], runner.check_type).items():
        for result in results:
            entity = result["entity"]
            if entity.get("block_type_") == "resource":
                found.append(_record(check, result, str(entity["block_name_"]).rpartition(".")[2]))
    return found


def _record(check: Any, result: Any, resource: str) -> dict[str, object]:
    from checkov.common.models.consts import ANY_VALUE
    from checkov.common.models.enums import CheckResult

    # An exception inside of a check becomes a result that bears the check.
    crashed = result["result"] == CheckResult.UNKNOWN and "check" in result
    outcomes = {CheckResult.PASSED: "passed", CheckResult.FAILED: "failed"}
    expected = getattr(check, "get_expected_values", None)
    keys = [key for key in result.get("evaluated_keys") or () if isinstance(key, str)]
    return {
        "rule": check.id,
        "resource": resource,
        "result": outcomes.get(result["result"], "crashed" if crashed else "undecided"),
        # A check over connected resources gives them in the order of a set, which differs from run to run.
        "keys": keys if expected is not None else sorted(keys),
        "any": expected is not None and ANY_VALUE in expected(),
    }


def _node(value: Any) -> Any:
    """The value in checkov's node classes, which its graph asks for."""
    from checkov.common.parsers.node import DictNode, ListNode, StrNode

    match value:
        case dict():
            return DictNode({_node(key): _node(item) for key, item in value.items()}, _MARK, _MARK)
        case list():
            return ListNode([_node(item) for item in value], _MARK, _MARK)
        case str():
            return StrNode(value, _MARK, _MARK)
    return value
