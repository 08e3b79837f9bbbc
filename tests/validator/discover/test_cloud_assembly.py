import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from validator.discover import Skipped, discover
from validator.discover.cloud_assembly import outermost, read_assembly
from validator.discover.constructs import construct_names
from validator.model import UsageError

TEMPLATE = json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}})
HASH = "bd37ff02aeda0929f3a93cf65cec843d9d4c9cd91f444900fe01b1159a5dbf80"


def stack(
    template: object, environment: str = "aws://unknown-account/unknown-region", **more: object
) -> dict[str, Any]:
    name = more.pop("stackName", None)
    properties = {"templateFile": template} | ({} if name is None else {"stackName": name})
    return {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties, **more}


def stage(folder: object) -> dict[str, Any]:
    return {"type": "cdk:cloud-assembly", "properties": {"directoryName": folder}}


def assembly(folder: Path, artifacts: dict[str, Any], *templates: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": artifacts}, indent=1))
    for name in templates:
        (folder / name).write_text(TEMPLATE)
    return folder


def read(folder: Path):
    found = read_assembly(folder)
    assert found is not None
    return found


def test_stacks_have_their_names_places_and_constructs(tmp_path):
    here = "aws://111122223333/eu-west-1"
    assembly(
        tmp_path,
        {"A": stack("A.template.json"), "B1": stack("B.json", here, stackName="Shop-B", displayName="Shop/B")},
        "A.template.json",
        "B.json",
    )
    first, second = read(tmp_path).stacks
    assert (first.template, first.name, first.construct) == (tmp_path / "A.template.json", "A", "A")
    assert (first.region, first.account_id) == (None, None)
    assert (second.template, second.name, second.construct) == (tmp_path / "B.json", "Shop-B", "Shop/B")
    assert (second.region, second.account_id) == ("eu-west-1", "111122223333")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("aws://unknown-account/us-gov-west-1", (None, "us-gov-west-1")),
        ("aws://111122223333/unknown-region", ("111122223333", None)),
        ("aws://${Account}/${Region}", (None, None)),
        ("somewhere", (None, None)),
        (["aws://111122223333/eu-west-1"], (None, None)),
    ],
)
def test_an_environment_that_is_left_open_stays_open(tmp_path, environment, expected):
    assembly(tmp_path, {"A": stack("A.template.json", environment)}, "A.template.json")
    (found,) = read(tmp_path).stacks
    assert (found.account_id, found.region) == expected


def test_templates_of_nested_stacks_are_found_by_what_they_are_uploaded_as(tmp_path):
    files = {
        HASH: {
            "source": {"path": "Tables.nested.template.json", "packaging": "file"},
            "destinations": {"current": {"objectKey": f"prefix/{HASH}.json"}},
        },
        "0a": {"source": {"path": "asset.0a", "packaging": "zip"}, "destinations": {"c": {"objectKey": "0a.zip"}}},
        "0b": {"source": {"path": "../../etc/passwd"}, "destinations": {"c": {"objectKey": "0b.json"}}},
    }
    (tmp_path / "A.assets.json").write_text(json.dumps({"version": "36.0.0", "files": files}))
    artifacts = {
        "A.assets": {"type": "cdk:asset-manifest", "properties": {"file": "A.assets.json"}},
        "A": stack("A.template.json", dependencies=["A.assets", "gone", 7]),
    }
    assembly(tmp_path, artifacts, "A.template.json", "Tables.nested.template.json")
    (found,) = read(tmp_path).stacks
    assert dict(found.assets) == {f"{HASH}.json": tmp_path / "Tables.nested.template.json"}


def test_a_stage_may_use_the_assets_of_its_application_and_no_others(tmp_path):
    app = assembly(tmp_path / "cdk.out", {"s": stage("assembly-S")}, "Shared.nested.template.json")
    (tmp_path / "other.json").write_text(TEMPLATE)
    inner = assembly(
        app / "assembly-S",
        {
            "x": {"type": "cdk:asset-manifest", "properties": {"file": "x.json"}},
            "A": stack("A.template.json", dependencies=["x"]),
        },
        "A.template.json",
    )
    files = {
        "1": {"source": {"path": "../Shared.nested.template.json"}, "destinations": {"c": {"objectKey": "1.json"}}},
        "2": {"source": {"path": "../../other.json"}, "destinations": {"c": {"objectKey": "2.json"}}},
    }
    (inner / "x.json").write_text(json.dumps({"files": files}))
    (found,) = read(inner).stacks
    assert {name: path.resolve() for name, path in found.assets.items()} == {
        "1.json": app / "Shared.nested.template.json"
    }
    assert outermost(inner) == app


def test_what_a_manifest_names_outside_of_its_folder_is_a_fault_with_its_place(tmp_path):
    app = tmp_path / "cdk.out"
    (tmp_path / "secret.json").write_text(TEMPLATE)
    artifacts = {
        "Up": stack("../secret.json"),
        "Absolute": stack((tmp_path / "secret.json").as_posix()),
        "Linked": stack("linked.template.json"),
        "Itself": stage("."),
        "Above": stage(".."),
        "Gone": stack("gone.template.json"),
        "Empty": stack(""),
        "Number": stack(7),
        "NoStage": stage("assembly-Gone"),
        "Good": stack("good.template.json"),
    }
    assembly(app, artifacts, "good.template.json")
    os.symlink(tmp_path / "secret.json", app / "linked.template.json")
    found = read(app)
    assert [one.name for one in found.stacks] == ["Good"]
    assert found.nested == ()
    told = {fault.message for fault in found.faults}
    outside = "lies outside of the assembly, so it is not read"
    assert told == {
        f"stack Up: its template '../secret.json' {outside}",
        f"stack Absolute: its template '{(tmp_path / 'secret.json').as_posix()}' {outside}",
        f"stack Linked: its template 'linked.template.json' {outside}",
        f"nested assembly Itself: its folder '.' {outside}",
        f"nested assembly Above: its folder '..' {outside}",
        "stack Gone: its template gone.template.json does not exist: run `cdk synth` again",
        "stack Empty: its template is not named by a text",
        "stack Number: its template is not named by a text",
        "nested assembly NoStage: its folder assembly-Gone does not exist: run `cdk synth` again",
    }
    lines = (app / "manifest.json").read_text().splitlines()
    for fault in found.faults:
        name = fault.message.split(":")[0].split()[-1]
        assert lines[fault.line - 1][fault.column - 1 :].startswith(f'"{name}"')


def test_discovery_reports_a_fault_as_an_error_beside_what_it_found(tmp_path):
    assembly(tmp_path / "cdk.out", {"Bad": stack("../../x"), "A": stack("A.template.json")}, "A.template.json")
    found = discover([str(tmp_path)], tmp_path)
    assert [file.display_path for file in found.files] == ["cdk.out/A.template.json"]
    (fault,) = found.faults
    assert (fault.level.value, fault.code, str(fault.span)) == (
        "error",
        "cloud-assembly",
        "cdk.out/manifest.json:4:3",
    )
    assert fault.message.startswith("cdk.out/manifest.json: stack Bad: its template '../../x' lies outside")


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "[]", "7", '{"version": "1", "artifacts": []}', ""])
def test_a_manifest_that_cannot_be_read_is_an_error_and_assets_are_not_searched(tmp_path, content):
    app = tmp_path / "cdk.out"
    (app / "asset.0a").mkdir(parents=True)
    (app / "asset.0a" / "t.yaml").write_text(TEMPLATE)
    (app / "cdk.out").write_text('{"version": "36.0.0"}')
    (app / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match=r"cdk.out/manifest.json: the manifest cannot be read") as caught:
        discover([str(app)], tmp_path)
    assert caught.value.code == "cloud-assembly"
    (app / "A.template.json").write_text(TEMPLATE)
    found = discover([str(app)], tmp_path)
    assert [file.display_path for file in found.files] == ["cdk.out/A.template.json"]
    assert [fault.code for fault in found.faults] == ["cloud-assembly"]


def test_a_manifest_of_a_hundred_megabytes_is_refused_unread(tmp_path):
    app = assembly(tmp_path / "cdk.out", {}, "A.template.json")
    (app / "cdk.out").write_text('{"version": "36.0.0"}')
    os.truncate(app / "manifest.json", 100_000_000)
    (fault,) = read(app).faults
    assert fault.message == "the manifest cannot be read: manifest.json has more than 64 MB"


def test_what_an_earlier_synthesis_left_is_skipped_with_the_reason(tmp_path):
    app = assembly(tmp_path / "cdk.out", {"A": stack("A.template.json")}, "A.template.json", "Old.template.json")
    assembly(app / "assembly-Old", {"B": stack("B.template.json")}, "B.template.json")
    found = discover([str(tmp_path)], tmp_path)
    assert [file.display_path for file in found.files] == ["cdk.out/A.template.json"]
    reason = "the manifest beside it does not name it: an earlier synthesis left it"
    assert Skipped("cdk.out/Old.template.json", reason) in found.skipped


def test_a_manifest_that_is_a_link_out_of_its_folder_is_none(tmp_path):
    assembly(tmp_path / "elsewhere", {"A": stack("A.template.json")}, "A.template.json")
    (tmp_path / "app").mkdir()
    os.symlink(tmp_path / "elsewhere/manifest.json", tmp_path / "app/manifest.json")
    (tmp_path / "app/A.template.json").write_text(TEMPLATE)
    assert read_assembly(tmp_path / "app") is None


def test_stages_that_name_each_other_end(tmp_path):
    app = assembly(tmp_path / "cdk.out", {"s": stage("assembly-S"), "A": stack("A.template.json")}, "A.template.json")
    inner = assembly(app / "assembly-S", {"t": stage("again"), "B": stack("B.template.json")}, "B.template.json")
    os.symlink(app, inner / "again", target_is_directory=True)
    found = discover([str(app)], tmp_path)
    assert [file.display_path for file in found.files] == [
        "cdk.out/A.template.json",
        "cdk.out/assembly-S/B.template.json",
    ]
    assert ["lies outside" in fault.message for fault in found.faults] == [True]


def test_construct_names_go_down_into_nested_stacks():
    def made(logical_id: str) -> list[dict[str, object]]:
        return [{"type": "aws:cdk:logicalId", "data": logical_id}]

    metadata = {
        "/Shop/Up/Resource": made("Up1"),
        "/Shop/Tables.NestedStack/Tables.NestedStackResource": made("TablesN"),
        "/Shop/Tables/Orders/Resource": made("Orders1"),
        "/Shop/Tables/Deep.NestedStack/Deep.NestedStackResource": made("DeepN"),
        "/Shop/Tables/Deep/Log/Resource": made("Log1"),
        "/Shop/TablesToo/Resource": made("Too1"),
    }
    assert dict(construct_names(metadata, dict, "Shop").paths) == {
        "Up1": "Shop/Up/Resource",
        "TablesN": "Shop/Tables.NestedStack/Tables.NestedStackResource",
        "TablesN/Orders1": "Shop/Tables/Orders/Resource",
        "TablesN/DeepN": "Shop/Tables/Deep.NestedStack/Deep.NestedStackResource",
        "TablesN/DeepN/Log1": "Shop/Tables/Deep/Log/Resource",
        "Too1": "Shop/TablesToo/Resource",
    }


def node(path: str, logical_id: str | None = None, **children: object) -> dict[str, object]:
    attributes = {"aws:cdk:cloudformation:type": "AWS::X::Y"}
    return {
        "path": path,
        "children": children,
        "attributes": attributes | ({} if logical_id is None else {"aws:cdk:cloudformation:logicalId": logical_id}),
    }


def test_the_tree_names_constructs_where_the_metadata_does_not():
    tree = {"tree": {"path": "", "children": {"a": node("Shop/Up/Resource", "Up1"), "c": node("Shopping/Up", "Up1")}}}
    for metadata in ({}, {"/Shop": [{"type": "aws:cdk:warning", "data": "x"}]}):
        assert dict(construct_names(metadata, lambda: tree, "Shop").paths) == {"Up1": "Shop/Up/Resource"}


def test_of_a_tree_without_logical_ids_they_are_made_as_the_cdk_makes_them():
    """The IDs are those of an application that was synthesised."""
    paths = [
        "Prod/Data/Db/Resource",
        "Prod/Data/Topic",
        "Prod/Data/Up/Notifications/Resource",
        "Prod/Data/Api/Default/orders/GET/Resource",
        "Prod/Data/Tables/Orders/Resource",
        "Prod/Data/Tables.NestedStack/Tables.NestedStackResource",
    ]
    nodes: dict[str, object] = {path: node(path) for path in paths}
    nodes["Tables"] = {"path": "Prod/Data/Tables", "children": {"x": {}}}
    nodes["Nested"] = {"path": "Prod/Data/Tables.NestedStack", "children": {"x": {}}}
    tree = {"tree": {"path": "", "children": nodes}}
    assert dict(construct_names({}, lambda: tree, "Prod/Data").paths) == {
        "Db5D02A0A9": "Prod/Data/Db/Resource",
        "Topic": "Prod/Data/Topic",
        "UpNotifications7D496723": "Prod/Data/Up/Notifications/Resource",
        "ApiordersGET54B35769": "Prod/Data/Api/Default/orders/GET/Resource",
        "TablesNestedStackTablesNestedStackResource7FF045E1/OrdersA9B65338": "Prod/Data/Tables/Orders/Resource",
        "TablesNestedStackTablesNestedStackResource7FF045E1": paths[-1],
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["../x", "/", "A.json", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KINDS = st.sampled_from(["aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest", "cdk:tree", "other"])
ARTIFACT = st.fixed_dictionaries(
    {"type": KINDS},
    optional=dict.fromkeys(("environment", "properties", "dependencies", "metadata", "additionalMetadataFile"), JSON),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=5), ARTIFACT | JSON, max_size=4))
def test_no_manifest_raises_or_leads_out(tmp_path, artifacts):
    folder = tmp_path / "cdk.out"
    assembly(folder, artifacts, "A.json")
    found = read(folder)
    for path in (*found.templates, *found.nested):
        assert path.resolve().is_relative_to(folder)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=20), JSON, max_size=4), JSON)
def test_no_metadata_raises(metadata, tree):
    construct_names(metadata, lambda: {"tree": tree}, "Shop")
