"""The whole way from a CDK application to findings that name its constructs."""

import os
from pathlib import Path

import pytest

from tests.workloads.cdk_application import APP, Unavailable, synthesise
from tests.workloads.running import of
from validator.model import Review
from validator.review import ReviewRequest, review

WAYS = {
    "exports": {},
    "path-metadata": {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True},
    "outputs": {"@aws-cdk/core:defaultCrossStackReferences": "weak"},
}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("application")
    try:
        synthesise(folder, WAYS)
    except Unavailable as reason:
        if os.environ.get("TIERLENS_TESTS_MUST_RUN"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    return folder


@pytest.fixture(scope="module", params=WAYS)
def judged(application: Path, request: pytest.FixtureRequest) -> tuple[Path, Review]:
    assembly = application / request.param / "cdk.out"
    return assembly, review(ReviewRequest((str(assembly),), application, root_is_given=True))


def test_every_finding_carries_its_construct_path(judged):
    _, result = judged
    assert not result.incomplete, [one for one in result.diagnostics if one.level.value == "error"]
    assert result.findings
    assert [finding for finding in result.findings if not finding.construct] == []
    assert {finding.construct.split("/")[0] for finding in result.findings} >= {"Data", "Service", "Prod"}
    assert {finding.construct for finding in of(result, "DATA001", "Db5D02A0A9")} == {
        "Data/Db/Resource",
        "Prod/Data/Db/Resource",
    }


def test_stacks_of_the_application_and_of_its_stage_are_judged_together(judged):
    _, result = judged
    assert {(stack.path.split("/")[0], stack.construct) for stack in result.stacks if stack.construct} == {
        ("Network", "Network"),
        ("Data", "Data"),
        ("Service", "Service"),
        ("Prod-Network", "Prod/Network"),
        ("Prod-Data", "Prod/Data"),
        ("Prod-Service", "Prod/Service"),
    }
    placed = {finding.stack: finding.verdict.value for finding in of(result, "DATA002", "Db5D02A0A9")}
    assert placed == {"Data": "fail", "Prod-Data": "pass"}
    nested = [one for one in result.findings if one.resource == "OrdersA9B65338" and one.rule == "PROT005"]
    assert [(one.construct, one.stack.count("/")) for one in nested] == [
        ("Service/Tables/Orders/Resource", 1),
        ("Prod/Service/Tables/Orders/Resource", 1),
    ]


def test_nothing_of_the_application_is_unknown_for_want_of_another_stack(judged):
    _, result = judged
    keys = {missing.key.split(":")[0] for finding in result.findings for missing in finding.missing}
    assert not keys & {"import", "output", "ssm"}


def test_a_failure_leads_to_the_line_of_the_application(judged):
    assembly, result = judged
    (open_db,) = [one for one in of(result, "DATA001", "Db5D02A0A9") if one.stack == "Data"]
    made = [step for step in open_db.evidence if "which app.js:" in step.relation]
    if "creationStack" not in (assembly / "Data.metadata.json").read_text():
        pytest.skip("this release of the CDK writes no call stacks")
    (step,) = made
    assert step.span is not None
    assert APP.splitlines()[step.span.line - 1].strip() == "this.db = new rds.DatabaseInstance(this, 'Db', {"
