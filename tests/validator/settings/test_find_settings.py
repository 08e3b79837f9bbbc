from pathlib import Path

import pytest

from validator.model import SettingsError, Severity
from validator.settings import Settings, find_settings


def project(tmp_path: Path, **files: str) -> Path:
    (tmp_path / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def refused(tmp_path: Path, text: str) -> SettingsError:
    (project(tmp_path) / "tierlens.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    return caught.value


def test_no_file_gives_the_defaults(tmp_path):
    settings = find_settings(project(tmp_path))
    assert settings == Settings()
    assert (settings.source, settings.fail_on, settings.fail_on_unknown) == (None, Severity.MEDIUM, False)


def test_every_key_is_read(tmp_path):
    folder = project(tmp_path)
    (folder / "infra").mkdir()
    (folder / "tierlens.toml").write_text(
        """
select = ["AUTH", "private-data"]
ignore = ["AUTH003"]
fail-on = "high"
fail-on-unknown = true
parameter-files = ["infra/prod.json"]
samconfig-environment = "prod"
region = "eu-west-1"
account-id = "012345678901"
exclude = ["examples/**"]
root = "infra"
parameters = { Stage = "prod", Count = 3, Ratio = 1.10, Flag = true, Zones = ["a", "b"] }
[severity]
IAM001 = "low"
WAF001 = "off"
""",
        encoding="utf-8",
    )
    settings = find_settings(folder / "infra")
    assert settings.source == folder / "tierlens.toml"
    assert settings.select == ("AUTH", "private-data")
    assert settings.ignore == ("AUTH003",)
    assert settings.fail_on is Severity.HIGH
    assert settings.fail_on_unknown is True
    assert settings.parameter_files == (folder / "infra/prod.json",)
    assert settings.samconfig_environment == "prod"
    assert (settings.region, settings.account_id) == ("eu-west-1", "012345678901")
    assert settings.exclude == ("examples/**",)
    assert settings.root == folder / "infra"
    assert dict(settings.parameters.values) == {
        "Stage": "prod",
        "Count": "3",
        "Ratio": "1.10",
        "Flag": "true",
        "Zones": "a,b",
    }
    assert dict(settings.severity) == {"IAM001": Severity.LOW, "WAF001": None}


def test_the_nearest_file_wins_and_names_have_an_order(tmp_path):
    folder = project(
        tmp_path,
        **{
            "tierlens.toml": "region = 'eu-west-1'",
            "a__.tierlens.toml": "region = 'eu-west-2'",
            "a__pyproject.toml": "[tool.tierlens]\nregion = 'eu-west-3'",
            "b__pyproject.toml": "[tool.other]\n",
            "c__pyproject.toml": "[tool.tierlens]\nregion = 'eu-north-1'",
        },
    )
    regions = {place: find_settings(folder / place).region for place in ("a", "b", "c")}
    assert regions == {"a": "eu-west-2", "b": "eu-west-1", "c": "eu-north-1"}


def test_the_search_ends_at_the_repository(tmp_path):
    (tmp_path / "tierlens.toml").write_text("region = 'eu-west-1'", encoding="utf-8")
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)
    assert find_settings(inner) == Settings()


def test_an_explicit_file_is_the_only_one_read(tmp_path):
    folder = project(tmp_path, **{"tierlens.toml": "no-such-key = 1", "other.toml": "region = 'eu-west-2'"})
    assert find_settings(folder, folder / "other.toml").region == "eu-west-2"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("absent.toml", None, "absent.toml: there is no such file"),
        ("pyproject.toml", "[tool.x]\n", "pyproject.toml: the file has no [tool.tierlens] table"),
    ],
)
def test_an_explicit_file_has_to_hold_settings(tmp_path, name, text, message):
    folder = project(tmp_path, **({name: text} if text else {}))
    with pytest.raises(SettingsError) as caught:
        find_settings(folder, folder / name)
    assert caught.value.message == message


def test_all_wrong_keys_come_in_one_message(tmp_path):
    error = refused(
        tmp_path,
        "fail_on = 'high'\nselekt = ['AUTH']\nfail-on = 'huge'\nignore = 'AUTH'\nfail-on-unknown = 1\n"
        "account-id = 123456789012\nregion = 'Ireland'\n[parameters]\nStage = { a = 1 }\n"
        "[severity]\nIAM001 = 'none'\n",
    )
    assert error.message.splitlines() == [
        "tierlens.toml:1:1: unknown key 'fail_on': did you mean 'fail-on'?",
        "tierlens.toml:2:1: unknown key 'selekt': did you mean 'select'?",
        "tierlens.toml:3:1: 'fail-on' has to be one of low, medium, high, critical, not 'huge'",
        "tierlens.toml:4:1: 'ignore' has to be a list of texts, not 'AUTH'",
        "tierlens.toml:5:1: 'fail-on-unknown' has to be true or false, not the number 1",
        "tierlens.toml:6:1: 'account-id' has to be an account's 12 digits in quotes, not the number 123456789012",
        "tierlens.toml:7:1: 'region' has to be a region such as \"eu-west-1\", not 'Ireland'",
        "tierlens.toml:9:1: 'parameters.Stage' has to be a text, a number, true, false or a list of these, "
        "not a table",
        "tierlens.toml:11:1: 'severity.IAM001' has to be one of low, medium, high, critical, off, not 'none'",
    ]
    assert (error.span.line, error.span.column) == (1, 1)


def test_places_are_found_below_a_table_of_pyproject(tmp_path):
    folder = project(
        tmp_path, **{"pyproject.toml": '[project]\nname = """\nselekt = 1\n"""\n\n[tool.tierlens]\n  selekt = 1\n'}
    )
    with pytest.raises(SettingsError) as caught:
        find_settings(folder)
    assert caught.value.message == "pyproject.toml:7:3: unknown key 'selekt': did you mean 'select'?"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a = [1,\n", "tierlens.toml:2:1: the file is not TOML: "),
        ("a = 1\nb = = 2\n", "tierlens.toml:2:5: the file is not TOML: "),
        ("a = 1\na = 2\n", "tierlens.toml:2:6: the file is not TOML: "),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_place(tmp_path, text, start):
    assert refused(tmp_path, text).message.startswith(start)


def test_a_file_of_another_encoding_is_refused_with_its_place(tmp_path):
    (project(tmp_path) / "tierlens.toml").write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    assert caught.value.message == "tierlens.toml:2:6: the file is not UTF-8 text"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("root = '..'", "tierlens.toml:1:1: 'root' names '..', which lies outside of the project"),
        ("root = 'absent'", "tierlens.toml:1:1: 'root' names 'absent', which is no folder"),
        (
            "parameter-files = ['../../p.json']",
            "tierlens.toml:1:1: 'parameter-files' names '../../p.json', which lies outside of the project",
        ),
    ],
)
def test_paths_stay_in_the_project(tmp_path, text, message):
    assert refused(tmp_path, text).message == message


def test_a_link_out_of_the_project_is_refused(tmp_path):
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)
    (tmp_path / "p.json").write_text("{}", encoding="utf-8")
    (inner / "p.json").symlink_to(tmp_path / "p.json")
    (inner / "tierlens.toml").write_text("parameter-files = ['p.json']", encoding="utf-8")
    with pytest.raises(SettingsError, match="lies outside of the project"):
        find_settings(inner)
