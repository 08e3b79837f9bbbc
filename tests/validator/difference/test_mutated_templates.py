"""Good templates against their mutations: what is new is what the mutation broke, and nothing else."""

import pytest

from tests.mutations.mutation import HarmlessEdit, Mutation, good_template, good_templates
from tests.mutations.operators import HARMLESS, MUTATIONS
from tests.mutations.verdicts import rules_for
from tests.properties.rewriting import as_json, as_yaml, reordered
from tests.validator.difference.states import good_state, state
from validator.difference.comparison import difference
from validator.model import Change, Difference, Verdict

_ACTIVE = (Verdict.FAIL, Verdict.UNKNOWN)


def new_faults(found: Difference, stack: str) -> set[tuple[str, str, str]]:
    rules = {rule.meta.id for rule in rules_for(stack)}
    return {
        (one.rule, one.resource, one.verdict.value)
        for one in found.review.findings
        if one.change is Change.NEW and one.verdict in _ACTIVE and one.rule in rules
    }


@pytest.mark.parametrize("mutation", MUTATIONS[::6], ids=lambda mutation: mutation.label)
def test_the_new_findings_are_the_mutations_faults(mutation: Mutation) -> None:
    mutated = state(as_json(mutation.edit(good_template(mutation.stack))))

    found = difference(good_state(mutation.stack), mutated)

    faults = (fault for fault in (*mutation.faults, *mutation.also) if fault.verdict != "gone")
    assert new_faults(found, mutation.stack) == {(fault.rule, fault.resource, fault.verdict) for fault in faults}


@pytest.mark.parametrize("mutation", MUTATIONS[::24], ids=lambda mutation: mutation.label)
def test_the_way_back_fixes_and_adds_nothing(mutation: Mutation) -> None:
    mutated = state(as_json(mutation.edit(good_template(mutation.stack))))

    found = difference(mutated, good_state(mutation.stack))

    rules = {rule.meta.id for rule in rules_for(mutation.stack)}
    fixed = {(one.rule, one.resource, one.verdict.value) for one in found.review.fixed if one.rule in rules}
    faults = {
        (fault.rule, fault.resource, fault.verdict)
        for fault in (*mutation.faults, *mutation.also)
        if fault.verdict != "gone"
    }
    assert new_faults(found, mutation.stack) == set()
    assert fixed == faults


@pytest.mark.parametrize("edit", HARMLESS[::4], ids=lambda edit: edit.label)
def test_a_harmless_edit_makes_no_new_finding(edit: HarmlessEdit) -> None:
    found = difference(good_state(edit.stack), state(as_json(edit.edit(good_template(edit.stack)))))

    assert new_faults(found, edit.stack) == set()


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("stack", sorted(good_templates()))
def test_another_order_format_and_name_of_the_file_change_nothing(stack: str, seed: int) -> None:
    write = as_yaml if seed % 2 else as_json

    found = difference(good_state(stack), state({"moved/other.yaml": write(reordered(good_template(stack), seed))}))

    assert [one for one in found.review.findings if one.change is not Change.UNCHANGED] == []
    assert (found.review.fixed, found.changes, found.nodes, found.edges) == ((), (), (), ())
