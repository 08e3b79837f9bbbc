"""``fail-on``, ``severity``, ``paths``, ``rules-version`` and ``deny-suppressions`` as they are read and refused."""

from pathlib import Path

import jsonschema
import pytest

from validator.model import Category, SettingsError, Severity
from validator.settings import Settings, find_settings, release
from validator.settings.find import read_toml
from validator.settings.keys import KEYS
from validator.settings.schema import settings_schema

POLICY = """\
deny-suppressions = true
rules-version = "0.1"

[fail-on]
api-auth = "low"
default = "high"
template-validity = "never"

[severity]
api-operations = "low"
"CKV_AWS_1" = "off"

[paths."legacy/[old]/**"]
ignore = ["WAF", "checkov"]
severity = { AUTH = "low" }
"""


def settings_of(folder: Path, text: str) -> Settings:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "tierlens.toml").write_text(text, encoding="utf-8")
    return find_settings(folder)


def test_a_policy_is_read(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, POLICY)

    assert (settings.fail_on, settings.deny_suppressions, settings.rules_version) == (Severity.HIGH, True, "0.1")
    assert dict(settings.fail_on_categories) == {Category.API_AUTH: Severity.LOW, Category.TEMPLATE_VALIDITY: None}
    assert dict(settings.severity) == {"api-operations": Severity.LOW, "CKV_AWS_1": None}
    (policy,) = settings.paths
    assert (policy.pattern, policy.ignore, dict(policy.severity)) == (
        "legacy/[old]/**",
        ("WAF", "checkov"),
        {"AUTH": Severity.LOW},
    )
    assert (str(policy.span), str(settings.places[("fail-on", "default")])) == (
        "tierlens.toml:13:2",
        "tierlens.toml:6:1",
    )


def test_one_severity_is_for_every_category(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'fail-on = "critical"\n')
    assert (settings.fail_on, dict(settings.fail_on_categories)) == (Severity.CRITICAL, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[fail-on]\napi_auth = "low"\n', "2:1: there is no category 'api_auth': did you mean 'api-auth'?"),
        (
            '[fail-on]\napi-auth = "off"\n',
            "2:1: 'fail-on.api-auth' has to be one of low, medium, high, critical, never, not 'off'",
        ),
        (
            '[fail-on]\ndefault = "never"\n',
            "2:1: 'fail-on.default' has to be one of low, medium, high, critical, not 'never'",
        ),
        ("fail-on = 3\n", "1:1: 'fail-on' has to be one of low, medium, high, critical, not the number 3"),
        ('rules-version = "latest"\n', "1:1: 'rules-version' has to be a release such as \"0.1\", not 'latest'"),
        ("rules-version = 1\n", "1:1: 'rules-version' has to be a release such as \"0.1\", not the number 1"),
        ("deny-suppressions = 'yes'\n", "1:1: 'deny-suppressions' has to be true or false, not 'yes'"),
        ('[paths."a/**"]\nignores = ["AUTH"]\n', "2:1: unknown key 'ignores': did you mean 'ignore'?"),
        ('[paths."a/**"]\n', "1:2: the table of 'a/**' has neither ignore nor severity"),
        (
            '[paths."../a"]\nignore = ["AUTH"]\n',
            "1:2: '../a' is no glob below the folder of this file: write legacy/**",
        ),
        ('[paths."a"]\nignore = "AUTH"\n', "2:1: 'paths.a.ignore' has to be a list of texts, not 'AUTH'"),
        (
            '[paths."a".severity]\nAUTH = "none"\n',
            "2:1: 'paths.a.severity.AUTH' has to be one of low, medium, high, critical, off, not 'none'",
        ),
        (
            '[paths.a]\nignore = ["AUTH"]\n[paths.a.severity]\nAUTH = "low"\n',
            "4:1: 'AUTH' is in ignore and in severity of 'a'",
        ),
        ("paths = ['a']\n", "1:1: 'paths' has to be a table, not a list"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of(tmp_path, text)
    assert refused.value.message.splitlines()[0] == f"tierlens.toml:{message}"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.1", (0, 1, 0)),
        ("1", (1, 0, 0)),
        ("0.10.2", (0, 10, 2)),
        ("0.1.2.3", None),
        ("0.x", None),
        ("", None),
        ("0.², ", None),
    ],
)
def test_releases(text: str, numbers: tuple[int, int, int] | None) -> None:
    assert release(text) == numbers


def test_releases_compare_by_number_and_not_by_text() -> None:
    ordered = ["0.2", "0.9", "0.10", "0.10.1", "1"]
    assert sorted(ordered, key=lambda text: release(text) or (0, 0, 0)) == ordered


def test_the_schema_has_every_key() -> None:
    schema = settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert sorted(schema["properties"]) == sorted(KEYS)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        (POLICY, True),
        ('fail-on = "high"\n', True),
        ('[fail-on]\napi_auth = "low"\n', False),
        ('rules-version = "latest"\n', False),
        ("[paths.a]\nignores = []\n", False),
        ('[workload.shop]\npaths = ["a"]\nstacks = { net = "n.yaml" }\n', True),
        ('engines = ["checkof"]\n', False),
    ],
)
def test_the_schema_agrees_with_the_reader(tmp_path: Path, text: str, fine: bool) -> None:
    assert jsonschema.Draft202012Validator(settings_schema()).is_valid(read_toml(text, "a.toml")) == fine
