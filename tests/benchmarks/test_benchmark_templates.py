from pathlib import Path

import pytest
import yaml

from benchmarks.templates import templates_below, write_plain


@pytest.mark.parametrize("size", [1, 4, 5, 50, 123])
def test_a_generated_template_has_exactly_so_many_resources(tmp_path: Path, size: int) -> None:
    write_plain(tmp_path / "plain.yaml", size)

    assert len(yaml.safe_load((tmp_path / "plain.yaml").read_text())["Resources"]) == size


def test_whole_services_refer_to_nothing_that_is_missing(tmp_path: Path) -> None:
    write_plain(tmp_path / "plain.yaml", 24)
    resources = yaml.safe_load((tmp_path / "plain.yaml").read_text())["Resources"]

    assert set(_references(resources)) <= set(resources)


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _references(item)]
    if not isinstance(value, dict):
        return []
    if "Ref" in value:
        return [value["Ref"]]
    if "Fn::GetAtt" in value:
        return [value["Fn::GetAtt"][0]]
    return [name for item in value.values() for name in _references(item)]


def test_only_templates_are_measured(tmp_path: Path) -> None:
    write_plain(tmp_path / "b.yaml", 3)
    write_plain(tmp_path / "a.yml", 3)
    (tmp_path / "openapi.yaml").write_text("openapi: 3.0.1\npaths: {}\n")
    (tmp_path / "notes.md").write_text("Resources AWS::S3::Bucket\n")

    assert [path.name for path in templates_below(tmp_path)] == ["a.yml", "b.yaml"]
