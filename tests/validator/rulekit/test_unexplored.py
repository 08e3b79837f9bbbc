"""A subject that no explored scenario judges is undecided and not left out."""

from tests.harness import architecture
from tests.validator.fakes import fake_rule
from validator.model import Verdict
from validator.resolve.evaluation import LEAVES_BOUND
from validator.rulekit import run_rules

NUMBER = LEAVES_BOUND.bit_length() + 1
TEMPLATE = "\n".join(
    [
        "Parameters:",
        *(f"  P{number}: {{Type: String}}" for number in range(NUMBER)),
        "Conditions:",
        *(f"  C{number}: !Equals [!Ref P{number}, a]" for number in range(NUMBER)),
        "Resources:",
        "  Queue:",
        "    Type: AWS::SQS::Queue",
    ]
)


def silent(rule, subject, graph):
    for number in range(NUMBER):
        subject.scope.holds(f"C{number}")
    yield from ()


def test_too_many_combinations_without_a_judgement_are_unknown():
    (finding,) = run_rules([fake_rule("T001", silent)], architecture(TEMPLATE)).findings
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message == ("Queue is not decided: more combinations of conditions bear on it than are explored")


def test_no_judgement_in_any_scenario_is_no_finding():
    def quiet(rule, subject, graph):
        subject.scope.holds("C0")
        yield from ()

    assert run_rules([fake_rule("T001", quiet)], architecture(TEMPLATE)).findings == ()
