"""The inputs that would settle the most unknowns."""

from pathlib import Path

from tests.workloads.running import IMPORTING, NETWORK, STORE, run
from validator.model import Category, Finding, Missing, Severity, Span, Verdict
from validator.review import ReviewRequest, review
from validator.review.settling import settling_of


def unknown(resource: str, *keys: str) -> Finding:
    return Finding(
        rule="DATA002",
        category=Category.PRIVATE_DATA,
        verdict=Verdict.UNKNOWN,
        severity=Severity.HIGH,
        resource=resource,
        resource_type="AWS::RDS::DBInstance",
        message="",
        why="",
        fix="",
        span=Span("a.yaml", 1, 1, 1, 2),
        missing=tuple(Missing(f"{key} lacks", f"settle {key}", key) for key in keys),
    )


def test_what_settles_the_most_for_the_fewest_inputs_comes_first(tmp_path: Path) -> None:
    findings = [*(unknown(f"A{n}", "x") for n in range(3)), *(unknown(f"B{n}", "y", "z") for n in range(4))]
    findings += [unknown("C", "x", "y", "z")]
    found = [(s.key, s.how, s.unknowns) for s in settling_of(findings, tmp_path, [])]
    assert found == [("x", "settle x", 3), ("y, z", "settle y and settle z", 5)]


def test_a_verdict_that_lacks_two_inputs_is_not_settled_by_one(tmp_path: Path) -> None:
    found = settling_of([unknown("A", "x", "y"), unknown("B", "y")], tmp_path, [])
    assert [(s.key, s.unknowns) for s in found] == [("y", 1), ("x", 1)]


def test_a_file_below_the_root_that_could_give_it_is_named(tmp_path: Path) -> None:
    nesting = "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: store.yaml}}}\n"
    exporting = NETWORK.replace('!Sub "${AWS::StackName}-subnets"', '!Sub "${Env}-subnets"')
    run(tmp_path, {"store.yaml": STORE, "import.yaml": IMPORTING, "root.yaml": nesting, "net/work.yaml": exporting})
    one = review(ReviewRequest((str(tmp_path / "store.yaml"),), tmp_path, root_is_given=True))
    assert "give Subnets, or add root.yaml to the run" in {entry.how for entry in one.settling}
    other = review(ReviewRequest((str(tmp_path / "import.yaml"),), tmp_path, root_is_given=True))
    assert "add net/work.yaml to the run" in {entry.how for entry in other.settling}
