"""A cloud assembly as a whole: ``assembly/`` beside this file is cut down by hand from one of ``cdk synth``."""

import json
import shutil
from pathlib import Path

import pytest

from tests.workloads.running import of
from validator.model import Review
from validator.review import ReviewRequest, review

ASSEMBLY = Path(__file__).parent / "assembly"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ASSEMBLY, tmp_path / "cdk.out")
    (tmp_path / "app.py").write_text("".join(f"line {number}\n" for number in range(1, 20)))
    return tmp_path


def judged(root: Path, *paths: str) -> Review:
    return review(ReviewRequest(tuple(str(root / path) for path in paths or ("",)), root, root_is_given=True))


def edit(path: Path, **artifacts: object) -> None:
    manifest = json.loads(path.read_text())
    manifest["artifacts"] |= artifacts
    path.write_text(json.dumps(manifest))


def test_the_stacks_are_linked_and_findings_name_constructs(project):
    result = judged(project)
    assert not result.incomplete
    assert [(stack.path, stack.template, stack.construct) for stack in result.stacks] == [
        ("Data", "cdk.out/Data.template.json", "Data"),
        ("Network", "cdk.out/Network.template.json", "Network"),
        ("Service", "cdk.out/Service.template.json", "Service"),
        (
            "Service/TablesNestedStackTablesNestedStackResource7FF045E1",
            "cdk.out/ServiceTables.nested.template.json",
            "",
        ),
        ("Prod-Data", "cdk.out/assembly-Prod/ProdData90A795AA.template.json", "Prod/Data"),
        ("Prod-Network", "cdk.out/assembly-Prod/ProdNetwork2D2E7D69.template.json", "Prod/Network"),
    ]
    verdicts = {
        (finding.stack, finding.construct, finding.span.path): finding.verdict.value
        for finding in of(result, "DATA002", "Db5D02A0A9")
    }
    assert verdicts == {
        ("Data", "Data/Db/Resource", "cdk.out/Data.template.json"): "fail",
        ("Prod-Data", "Prod/Data/Db/Resource", "cdk.out/assembly-Prod/ProdData90A795AA.template.json"): "pass",
    }


def test_each_source_of_construct_paths_is_used(project):
    result = judged(project)
    found = {finding.resource: finding.construct for finding in result.findings}
    assert found["Up6C713A7A"] == "Service/Up/Resource"  # the template's own metadata
    assert found["OrdersA9B65338"] == "Service/Tables/Orders/Resource"  # the file beside the manifest, nested
    tree = [finding for finding in result.findings if finding.stack == "Network" and finding.resource == "Vpc"]
    assert {finding.construct for finding in tree} <= {"Network/Vpc/Resource"}


def test_an_open_finding_leads_to_the_line_that_made_the_construct(project):
    result = judged(project)
    (db,) = [one for one in of(result, "DATA002", "Db5D02A0A9") if one.stack == "Data"]
    step = db.evidence[-1]
    assert step.relation == "is made by the construct Data/Db/Resource, which app.py:3 creates"
    assert step.span is not None
    assert (step.span.path, step.span.line, step.span.column) == ("app.py", 3, 9)
    (table,) = of(result, "PROT005", "OrdersA9B65338")
    assert table.evidence[-1].span is not None
    assert str(table.evidence[-1].span) == "app.py:7:18"
    (passed,) = [one for one in of(result, "DATA002", "Db5D02A0A9") if one.stack == "Prod-Data"]
    assert not any("creates" in step.relation for step in passed.evidence)


@pytest.mark.parametrize(
    "frame", ["new X (/etc/passwd:1:1)", "new X (../../../etc/passwd:1:1)", "new X (gone.py:1:1)"]
)
def test_a_frame_outside_of_the_project_leads_nowhere(project, frame):
    manifest = json.loads((project / "cdk.out/manifest.json").read_text())
    entry = manifest["artifacts"]["Data"]["metadata"]["/Data/Db/Resource"][0]
    entry["trace"] = [frame]
    (project / "cdk.out/manifest.json").write_text(json.dumps(manifest))
    (db,) = [one for one in of(judged(project), "DATA002", "Db5D02A0A9") if one.stack == "Data"]
    assert db.construct == "Data/Db/Resource"
    assert not any("creates" in step.relation for step in db.evidence)


def test_a_template_named_alone_keeps_its_stack_and_says_what_is_missing(project):
    result = judged(project, "cdk.out/Data.template.json")
    (db,) = of(result, "DATA002", "Db5D02A0A9")
    assert (db.verdict.value, db.stack, db.construct) == ("unknown", "Data", "Data/Db/Resource")
    assert [missing.key for missing in db.missing] == ["import:Network:ExportsOutputRefPublic"]


def test_a_nested_stack_is_judged_where_it_is_nested_only(project):
    findings = of(judged(project), "PROT005", "OrdersA9B65338")
    assert [finding.nested for finding in findings] == ["TablesNestedStackTablesNestedStackResource7FF045E1"]


def test_code_of_assets_and_leftovers_are_no_templates(project):
    result = judged(project)
    assert not {finding.resource for finding in result.findings} & {"NotOfTheApplication", "Old"}
    left = "cdk.out/Left.template.json is skipped: the manifest beside it does not name it"
    assert any(remark.message.startswith(left) for remark in result.diagnostics)


def test_a_stack_that_the_manifest_leads_out_of_the_assembly_makes_the_run_incomplete(project):
    edit(
        project / "cdk.out/manifest.json",
        Bad={"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../../etc/passwd"}},
    )
    result = judged(project)
    assert result.incomplete
    (error,) = [one for one in result.diagnostics if one.level.value == "error"]
    assert error.code == "cloud-assembly"
    assert "'../../../etc/passwd' lies outside of the assembly" in error.message
    assert of(result, "DATA002", "Db5D02A0A9")


def test_stages_that_deploy_stacks_of_one_name_are_not_mixed(project):
    """Two stages with the same stack names and exports: each database is placed by its own stage's network."""
    shutil.copytree(project / "cdk.out/assembly-Prod", project / "cdk.out/assembly-Beta")
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Beta"}}
    edit(project / "cdk.out/manifest.json", Beta=stage)
    beta = project / "cdk.out/assembly-Beta/ProdData90A795AA.template.json"
    beta.write_text(beta.read_text().replace("ExportsOutputRefPrivate", "ExportsOutputRefPublic"))
    result = judged(project)
    assert not result.incomplete
    verdicts = {one.span.path.split("/")[1]: one.verdict.value for one in of(result, "DATA002", "Db5D02A0A9")}
    assert verdicts == {"assembly-Beta": "fail", "assembly-Prod": "pass", "Data.template.json": "fail"}
