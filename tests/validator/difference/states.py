"""States of one template for tests of differences, without a command line."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rules import pack
from tests.harness import NOWHERE
from tests.mutations.mutation import good_template
from tests.properties.rewriting import as_json
from validator.difference.comparison import Reviewed, difference
from validator.difference.facts import joined
from validator.difference.reading import snapshot_of
from validator.expand import expand
from validator.graph import Architecture
from validator.load import load_document
from validator.model import Difference, Finding, Review, TemplateSummary
from validator.resolve import Environment, Evaluation, Scope
from validator.rulekit import run_rules


def state(templates: Mapping[str, str] | str, *, label: str = "state", judged: bool = True) -> Reviewed:
    """The state of templates by their path; of a text alone, of ``template.yaml``."""
    if isinstance(templates, str):
        templates = {"template.yaml": templates}
    findings: list[Finding] = []
    snapshots = []
    summaries = []
    for path, text in templates.items():
        architecture = _architecture(path, text)
        if judged:
            result = run_rules(pack(), architecture)
            assert not result.diagnostics, result.diagnostics
            findings += result.findings
        snapshots.append(snapshot_of(architecture))
        summaries.append(TemplateSummary(path, "cloudformation", len(architecture.resources), readable=True))
    review = Review("0", tuple(summaries), tuple(findings), (), {}, {}, Path())
    return Reviewed(review, joined(snapshots), label)


def _architecture(path: str, text: str) -> Architecture:
    document = load_document(text.encode(), path)
    expanded = expand(document, root=NOWHERE, file=NOWHERE / path, parameters={})
    scope = Scope(path, expanded, Environment({}), Evaluation())
    return Architecture([scope], scope.evaluation)


@cache
def good_state(stack: str) -> Reviewed:
    """The state of a good template of the mutations."""
    return state(as_json(good_template(stack)))


def differing(base: Mapping[str, str] | str, head: Mapping[str, str] | str, *, judged: bool = True) -> Difference:
    """The difference of two states."""
    return difference(state(base, label="base", judged=judged), state(head, label="head", judged=judged))


def sentences(found: Difference) -> list[tuple[str, str]]:
    """The changes of the architecture: how dangerous, and what."""
    return [(one.danger.value, one.sentence) for one in found.changes]
