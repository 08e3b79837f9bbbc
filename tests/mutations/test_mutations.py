"""Each mutation brings about exactly its faults; each harmless edit brings about nothing."""

from collections import Counter

import pytest

from rules import pack
from tests.mutations.edits import append, put
from tests.mutations.mutation import HarmlessEdit, Mutation, breaks, good_template, good_templates
from tests.mutations.operators import HARMLESS, MUTATIONS
from tests.mutations.score import NEVER_FAILS, PAGE, page
from tests.mutations.verdicts import Outcome, false_alarms_of, outcome_of, verdicts_before
from validator.model import CORE_CATEGORIES

CORE = (
    *("TIER001", "TIER002", "TIER005", "DATA001", "DATA002", "DATA003", "IAM001", "IAM003", "IAM004", "IAM005"),
    *("AUTH001", "AUTH002", "AUTH003", "WAF001", "WAF002"),
)


@pytest.mark.parametrize("stack", sorted(good_templates()))
def test_good_template_passes_every_rule_that_it_is_good_by(stack: str) -> None:
    verdicts = verdicts_before(stack).by_key

    assert {key: verdict for key, verdict in verdicts.items() if verdict != "pass"} == {}
    assert verdicts


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.label)
def test_mutation_brings_about_exactly_its_faults(mutation: Mutation) -> None:
    assert outcome_of(mutation) == Outcome(missed=(), extra=())


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.label)
def test_harmless_edit_changes_no_verdict(edit: HarmlessEdit) -> None:
    template = good_template(edit.stack)

    assert edit.edit(template) != template
    assert false_alarms_of(edit) == ()


def test_mutations_have_labels_of_their_own() -> None:
    labels = Counter([mutation.label for mutation in MUTATIONS] + [edit.label for edit in HARMLESS])

    assert [label for label, times in labels.items() if times > 1] == []


def test_every_core_rule_is_broken_in_several_ways() -> None:
    made = Counter(mutation.rule for mutation in MUTATIONS if mutation.faults[0].verdict == "fail")
    core = [rule.meta.id for rule in pack() if rule.meta.category in CORE_CATEGORIES]
    enough = {rule: 3 if rule in CORE else 2 for rule in core if rule not in NEVER_FAILS}

    assert {rule: made[rule] for rule, least in enough.items() if made[rule] < least} == {}


def test_every_declared_change_has_a_reason() -> None:
    assert [mutation.label for mutation in MUTATIONS if not all(fault.reason for fault in mutation.also)] == []


def test_an_edit_leaves_the_good_template_as_it_is() -> None:
    template = good_template("rest_api")
    queue = template["Resources"]["Orders"]["Properties"]

    append("Orders", "Tags", "{Key: team, Value: shop}")(template)
    put("Orders", "SqsManagedSseEnabled", "false")(template)

    assert queue == {"SqsManagedSseEnabled": True}


def test_a_mutation_that_breaks_nothing_is_missed() -> None:
    idle = breaks("IAM001", "rest_api", "TicketsRole", "nothing", put("Orders", "DelaySeconds", "5"))

    assert outcome_of(idle) == Outcome(missed=("IAM001 TicketsRole: 0 × fail",), extra=())


def test_a_verdict_that_nobody_declared_is_extra() -> None:
    open_role = put("TicketsRole", "Policies 0 PolicyDocument Statement 0 Action", "dynamodb:*")
    mistaken = breaks("IAM001", "rest_api", "ShowsRole", "on another resource", open_role)

    assert outcome_of(mistaken) == Outcome(
        missed=("IAM001 ShowsRole: 0 × fail",),
        extra=("IAM001 TicketsRole policy tickets statement 1: pass -> fail",),
    )


def test_score_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.mutations"
