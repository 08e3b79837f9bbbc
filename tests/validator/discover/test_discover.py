import json
import os
from pathlib import Path

import pytest

from validator.discover import Skipped, discover
from validator.discover.walk import matches
from validator.model import UsageError

TEMPLATE = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


def write(root: Path, *names: str, text: str = TEMPLATE) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def found(root: Path, *arguments: str) -> list[str]:
    return [file.display_path for file in discover(arguments, root).files]


def skipped(root: Path, *arguments: str) -> dict[str, str]:
    return {entry.path: entry.reason for entry in discover(arguments, root).skipped}


def test_a_directory_gives_its_templates_in_order(project):
    write(project, "z.yaml", "a.yml", "b/c.json", "b/a/t.template", "b/x.cfn", "b/plain", "c.YAML")
    write(project, "notes.txt", "b/readme.md")
    assert found(project, ".") == ["a.yml", "c.YAML", "z.yaml", "b/c.json", "b/plain", "b/x.cfn", "b/a/t.template"]
    assert discover(["."], project).skipped == ()


def test_paths_are_absolute_and_shown_relative_to_the_root(project, tmp_path):
    write(project, "stacks/t.yaml")
    write(tmp_path, "elsewhere/o.yaml")
    files = discover(["stacks", "../elsewhere"], project).files
    assert [file.path for file in files] == [project / "stacks/t.yaml", tmp_path / "elsewhere/o.yaml"]
    assert [file.display_path for file in files] == ["stacks/t.yaml", (tmp_path / "elsewhere/o.yaml").as_posix()]


def test_what_is_no_template_is_named_with_its_reason(project):
    write(project, "t.yaml")
    write(project, "api.yaml", text="openapi: 3.0.0\n")
    write(project, "LICENSE", text="text")
    assert discover(["."], project).skipped == (Skipped("api.yaml", "it is an OpenAPI definition"),)


def test_a_named_file_is_always_taken(project):
    write(project, "api.yaml", "notes.txt", text="openapi: 3.0.0\n")
    write(project, ".aws-sam/build/template.yaml")
    names = ["api.yaml", "notes.txt", ".aws-sam/build/template.yaml"]
    assert found(project, *names) == names
    assert skipped(project, ".aws-sam", "api.yaml", ".") == {
        ".aws-sam": "output of `sam build`: its source is checked instead"
    }


@pytest.mark.parametrize(
    ("name", "left_out", "reason"),
    [
        ("node_modules/x/t.yaml", "node_modules", "installed packages"),
        ("a/node_modules/t.yaml", "a/node_modules", "installed packages"),
        (".aws-sam/build/template.yaml", ".aws-sam", "output of `sam build`: its source is checked instead"),
        (".git/t.yaml", ".git", "a hidden directory"),
        ("__pycache__/t.yaml", "__pycache__", "a build cache"),
    ],
)
def test_directories_without_own_sources_are_skipped(project, name, left_out, reason):
    write(project, "t.yaml", name)
    assert found(project, ".") == ["t.yaml"]
    assert skipped(project, ".") == {left_out: reason}
    assert found(project, str(Path(name).parent)) == [name]


def test_a_virtual_environment_is_told_by_its_marker(project):
    write(project, "t.yaml", "env/lib/t.yaml", "env2/lib/t.yaml")
    write(project, "env/pyvenv.cfg", text="home = /usr\n")
    assert found(project, ".") == ["t.yaml", "env2/lib/t.yaml"]
    assert skipped(project, ".") == {"env": "a virtual environment"}


def test_build_output_is_told_by_what_makes_it(project):
    write(project, "one/dist/t.yaml", "two/dist/t.yaml", "two/package.json")
    assert found(project, "one", "two/dist") == ["one/dist/t.yaml", "two/dist/t.yaml"]
    assert skipped(project, "one", "two")["two/dist"] == "build output"


def test_of_a_cloud_assembly_the_templates_are_taken(project):
    manifest = json.dumps({"version": "36.0.0", "artifacts": {}})
    write(project, "cdk.out/manifest.json", "cdk.out/assembly-Prod/manifest.json", text=manifest)
    write(project, "cdk.out/Shop.template.json", "cdk.out/assembly-Prod/Shop.template.json")
    write(project, "cdk.out/asset.0a/t.yaml", "cdk.out/extra.json")
    assert found(project, ".") == ["cdk.out/Shop.template.json", "cdk.out/assembly-Prod/Shop.template.json"]
    records = ("cdk.out/extra.json", "cdk.out/manifest.json", "cdk.out/assembly-Prod/manifest.json")
    reason = "an asset or record of the tool that wrote the directory"
    assert skipped(project, ".") == dict.fromkeys(records, reason)


def test_a_manifest_of_another_kind_makes_no_cloud_assembly(project):
    write(project, "web/manifest.json", text='{"name": "app"}')
    write(project, "web/t.yaml")
    assert found(project, ".") == ["web/t.yaml"]


def test_of_the_serverless_framework_the_update_stack_is_taken(project):
    write(project, ".serverless/cloudformation-template-update-stack.json")
    write(project, ".serverless/cloudformation-template-create-stack.json", ".serverless/x/t.yaml")
    assert found(project, ".") == [".serverless/cloudformation-template-update-stack.json"]


def test_packaged_output_is_skipped_by_name_and_content(project):
    packaged = TEMPLATE + "    CodeUri: s3://bucket/0123\n"
    write(project, "packaged.yaml", "template-packaged.yml", "t.yaml", text=packaged)
    write(project, "packaged-goods.yaml")
    assert found(project, ".") == ["packaged-goods.yaml", "t.yaml"]
    reason = "packaged output: its source is checked instead"
    assert skipped(project, ".") == dict.fromkeys(("packaged.yaml", "template-packaged.yml"), reason)


def test_a_file_over_the_bound_is_skipped(project):
    write(project, "t.yaml")
    write(project, "big.yaml", text=TEMPLATE + "#" * 5_000_000)
    assert skipped(project, ".") == {"big.yaml": "it has more than 5 MB"}


def test_overlapping_arguments_give_each_file_once(project):
    write(project, "a/t.yaml", "a/u.yaml")
    os.symlink("t.yaml", project / "a/w.yaml")
    assert found(project, "a/u.yaml", "a", "a/*.yaml", ".", "a/t.yaml") == ["a/u.yaml", "a/t.yaml"]


def test_symbolic_links_do_not_loop_or_leave(project, tmp_path):
    write(tmp_path, "outside/t.yaml")
    write(project, "a/t.yaml")
    os.symlink(project, project / "a/up", target_is_directory=True)
    os.symlink(tmp_path / "outside", project / "a/out", target_is_directory=True)
    os.symlink(tmp_path / "outside/t.yaml", project / "a/linked.yaml")
    os.symlink("self.yaml", project / "a/self.yaml")
    os.symlink("gone", project / "a/gone.yaml")
    assert found(project, ".") == ["a/t.yaml"]
    reasons = skipped(project, ".")
    assert reasons["a/out"] == reasons["a/linked.yaml"] == "a symbolic link that leaves the project"
    assert reasons["a/gone.yaml"] == "it cannot be read: No such file or directory"
    assert set(reasons) == {"a/out", "a/linked.yaml", "a/gone.yaml", "a/self.yaml"}
    assert found(project, "a/linked.yaml") == ["a/linked.yaml"]


def test_a_link_to_a_directory_inside_is_followed_once(project):
    write(project, "real/t.yaml")
    os.symlink("real", project / "alias", target_is_directory=True)
    assert found(project, ".") == ["alias/t.yaml"]


def test_globs_are_expanded_with_the_same_care(project):
    write(project, "a/t.yaml", "a/b/t.yaml", "a/b/c/u.yml", "node_modules/t.yaml", "a/node_modules/t.yaml")
    write(project, "a/b/api.yaml", text="openapi: 3.0.0\n")
    assert found(project, "**/*.yaml") == ["a/t.yaml", "a/b/t.yaml"]
    assert found(project, "a/*.yaml") == ["a/t.yaml"]
    assert found(project, "a/*") == ["a/t.yaml", "a/b/t.yaml", "a/b/c/u.yml"]
    assert found(project, "a/**/u.*") == ["a/b/c/u.yml"]
    assert skipped(project, "a/b/*.yaml") == {"a/b/api.yaml": "it is an OpenAPI definition"}


def test_a_file_whose_name_looks_like_a_glob_is_that_file(project):
    write(project, "t[1].yaml", "t1.yaml")
    assert found(project, "t[1].yaml") == ["t[1].yaml"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("none.yaml", "no such file or directory: none.yaml"),
        ("none/*.yaml", "no file matches none/*.yaml"),
        ("*.cfn", "no file matches *.cfn"),
    ],
)
def test_an_argument_that_names_nothing_is_an_error(project, argument, message):
    write(project, "t.yaml")
    with pytest.raises(UsageError) as caught:
        discover(["t.yaml", argument], project)
    assert (caught.value.message, caught.value.code) == (message, "no-such-path")


def test_nothing_found_says_what_was_looked_at(project):
    write(project, "a.yaml", "b.yaml", text="openapi: 3.0.0\n")
    write(project, "c.json", text="{}")
    with pytest.raises(UsageError) as caught:
        discover(["."], project)
    assert caught.value.message == "no CloudFormation or SAM template found in: ."
    assert caught.value.hint == (
        "3 paths were skipped (2 × it is an OpenAPI definition; 1 × it has no section Resources); "
        "name a file itself to check it all the same"
    )
    assert caught.value.code == "nothing-found"


def test_an_empty_directory_says_which_files_count(project):
    with pytest.raises(UsageError) as caught:
        discover(["."], project)
    assert caught.value.hint == (
        "no file there has .yaml, .yml, .json, .template, .cfn or no ending; name a file itself"
    )


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("t.yaml", "*.yaml", True),
        ("a/t.yaml", "*.yaml", False),
        ("t.yaml", "**/*.yaml", True),
        ("a/b/t.yaml", "**/*.yaml", True),
        ("a/t.yaml", "a/**", True),
        ("a", "a/**", False),
        ("a/b/c/t.yaml", "a/**/c/*.yaml", True),
        ("a/b/d/t.yaml", "a/**/c/*.yaml", False),
        ("a/c/x/c/t.yaml", "**/c/**/t.yaml", True),
    ],
)
def test_double_stars_stand_for_directories(path, pattern, expected):
    assert matches(path.split("/"), pattern.split("/")) is expected
