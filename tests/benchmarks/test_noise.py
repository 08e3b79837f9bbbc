"""What the measure of noise counts."""

from dataclasses import replace

from benchmarks.noise import Noise
from tests.validator.triage.test_same_property import OWN, THEIRS
from validator.model import Refutation, Verdict
from validator.triage import Refutations, triage_findings


def test_each_failure_is_merged_refuted_or_left() -> None:
    refuted = replace(THEIRS, rule="CKV_AWS_116", resource="Work")
    left = replace(THEIRS, rule="CKV_AWS_116", resource="Other")
    passed = replace(THEIRS, rule="CKV_AWS_66", verdict=Verdict.PASS)
    refutations = Refutations()
    refutations.add({("template.yaml", "checkov", "CKV_AWS_116", "Work"): Refutation("called synchronously only")})
    before = [OWN, THEIRS, refuted, left, passed]
    noise = Noise()
    noise.count(before, triage_findings(before, refutations))
    assert noise.table().splitlines()[2:] == [
        "| **checkov** | all | 3 | 1 | 1 | 1 |",
        "| checkov | CKV_AWS_116 | 2 | 0 | 1 | 1 |",
        "| checkov | CKV_AWS_59 | 1 | 1 | 0 | 0 |",
        "| **tierlens** | all | 1 | 0 | 0 | 1 |",
        "| **all** | all | 4 | 1 | 1 | 2 |",
    ]
