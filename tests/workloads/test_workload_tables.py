"""Workloads and environments of the configuration: what is judged together, how often, and what is refused."""

from pathlib import Path

import pytest

from tests.workloads.running import IMPORTING, NETWORK, STORE, of, problems, run, told
from validator.model import SettingsError, UsageError

FILES = {"net/network.yaml": NETWORK, "app/store.yaml": IMPORTING}
WORKLOAD = """
[workload.shop]
paths = ["app"]
stacks = { net = "net/network.yaml" }
"""
ENVIRONMENTS = """
[environment.dev]
parameters = { Env = "dev" }
[environment.prod]
parameters = { Env = "prod" }
region = "eu-west-1"
"""


def test_the_stacks_of_a_workload_are_one_architecture(tmp_path: Path) -> None:
    result = run(tmp_path, {**FILES, "tierlens.toml": WORKLOAD}, "Env=prod")
    assert told(of(result, "DATA002", "Db")) == [("app/store", "pass", {})]
    assert [(s.path, s.template, s.workload) for s in result.stacks] == [
        ("app/store", "app/store.yaml", "shop"),
        ("net", "net/network.yaml", "shop"),
    ]


def test_one_of_its_templates_brings_the_whole_workload(tmp_path: Path) -> None:
    run(tmp_path, {**FILES, "tierlens.toml": WORKLOAD})
    from validator.review import ReviewRequest, review
    from validator.settings import find_settings

    settings = find_settings(tmp_path, tmp_path / "tierlens.toml")
    result = review(ReviewRequest((str(tmp_path / "app"),), tmp_path, settings, root_is_given=True))
    assert [template.path for template in result.templates] == ["app/store.yaml", "net/network.yaml"]


def test_each_environment_is_judged_and_findings_name_those_they_hold_in(tmp_path: Path) -> None:
    files = {"store.yaml": STORE, "tierlens.toml": ENVIRONMENTS}
    result = run(tmp_path, files, "Subnets=subnet-1")
    assert result.environments == ("dev", "prod")
    found = {finding.verdict.value: finding.environments for finding in of(result, "DATA001", "Db")}
    assert found == {"fail": ("dev",), "pass": ("prod",)}
    (placed,) = of(result, "DATA002", "Db")
    assert placed.environments == ("dev", "prod")


def test_an_environment_can_be_chosen_and_has_to_exist(tmp_path: Path) -> None:
    files = {"store.yaml": STORE, "tierlens.toml": ENVIRONMENTS}
    result = run(tmp_path, files, "Subnets=subnet-1", environments=("prod",))
    assert [(f.verdict.value, f.environments) for f in of(result, "DATA001", "Db")] == [("pass", ("prod",))]
    with pytest.raises(UsageError, match="there is no such environment: did you mean 'prod'"):
        run(tmp_path, files, environments=("prd",))


def test_what_is_said_of_one_stack_beats_the_workload_which_beats_all(tmp_path: Path) -> None:
    toml = (
        ENVIRONMENTS
        + """
[workload.shop.stacks]
one = { path = "store.yaml", parameters = { Env = "prod" } }
two = { path = "store.yaml" }
[workload.shop.environment.dev]
parameters = { Env = "test" }
"""
    )
    result = run(tmp_path, {"store.yaml": STORE, "tierlens.toml": toml}, "Subnets=subnet-1", environments=("dev",))
    assert sorted(told(of(result, "DATA001", "Db"))) == [("one", "pass", {}), ("two", "fail", {})]


def test_a_parameter_of_an_environment_that_no_template_declares_is_refused(tmp_path: Path) -> None:
    toml = '[environment.dev]\nparameters = { Enf = "dev" }\n'
    with pytest.raises(UsageError, match="no template of the run declares a parameter 'Enf': did you mean 'Env'"):
        run(tmp_path, {"store.yaml": STORE, "tierlens.toml": toml})


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        ("[workload.shop]\npath = ['a']\n", 2, "unknown key 'path': did you mean 'paths'?"),
        ("[workload.shop]\n", 1, "workload 'shop' has neither 'paths' nor 'stacks'"),
        ("[workload.shop.stacks]\n1a = 'a.yaml'\n", 2, "'1a' cannot be the name of a stack"),
        ("[workload.shop.stacks]\na = 'gone.yaml'\n", 2, "'a' names 'gone.yaml', which is no file"),
        ("[workload.shop.stacks]\na = '../a.yaml'\n", 2, "'a' names '../a.yaml', which lies outside of the project"),
        ("[workload.shop]\npaths = ['../*']\n", 2, "'paths' names '../*', which lies outside of the project"),
        ("[environment.dev]\nregion = 'here'\n", 2, "'environment.dev.region' has to be a region"),
        ("[environment.dev]\nparameter = {}\n", 2, "unknown key 'parameter': did you mean 'parameters'?"),
        ("environment = 3\n", 1, "'environment' has to be tables: [environment.NAME]"),
    ],
)
def test_every_mistake_is_told_with_its_place(tmp_path: Path, toml: str, line: int, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        run(tmp_path / "in", {"store.yaml": STORE, "tierlens.toml": toml})
    assert message in refused.value.message
    assert refused.value.span is not None
    assert refused.value.span.line == line


def test_a_template_in_two_workloads_needs_names(tmp_path: Path) -> None:
    toml = '[workload.a]\npaths = ["store.yaml"]\n[workload.b]\npaths = ["store.yaml"]\n'
    with pytest.raises(SettingsError, match=r"store\.yaml is in the workloads 'a' and 'b'"):
        run(tmp_path, {"store.yaml": STORE, "tierlens.toml": toml})
    named = '[workload.a.stacks]\none = "store.yaml"\n[workload.b.stacks]\ntwo = "store.yaml"\n'
    result = run(tmp_path, {"store.yaml": STORE, "tierlens.toml": named}, "Env=dev")
    assert {finding.stack for finding in of(result, "DATA001", "Db")} == {"one", "two"}
    assert problems(result) == []
