import pytest

from tests.validator.registry.conftest import RULE_PACK, Install
from validator.model import RulePackError
from validator.registry import load_rule_packs

OURS = "[tierlens.rules]\nbuiltin = own_rules:pack\n"
THEIRS = "[tierlens.rules]\nhouse = house_rules:pack\n"


def install_ours(install: Install, *ids: str) -> None:
    install("tierlens", OURS, {"own_rules": RULE_PACK.format(ids=ids)})


def error_of_loading() -> tuple[str, str]:
    with pytest.raises(RulePackError) as caught:
        load_rule_packs()
    return caught.value.message, caught.value.hint


def test_packs_come_ours_first_with_their_rules(install: Install) -> None:
    install("aaa-house", THEIRS, {"house_rules": RULE_PACK.format(ids=("HOUSE001",))})
    install_ours(install, "AUTH001", "AUTH002")
    assert [(pack.name, [rule.meta.id for rule in pack.rules]) for pack in load_rule_packs()] == [
        ("builtin (from the package tierlens)", ["AUTH001", "AUTH002"]),
        ("house (from the package aaa-house)", ["HOUSE001"]),
    ]


def test_not_installed(install: Install) -> None:
    install("house", THEIRS, {"house_rules": RULE_PACK.format(ids=("HOUSE001",))})
    assert error_of_loading() == (
        "the installed Python packages hold no entry points of tierlens in the group tierlens.rules",
        "install tierlens; in a checkout of its source: pip install -e .",
    )


@pytest.mark.parametrize("clash", ["AUTH001", "auth001"])
def test_one_id_in_two_packs(install: Install, clash: str) -> None:
    install_ours(install, "AUTH001")
    install("house", THEIRS, {"house_rules": RULE_PACK.format(ids=("HOUSE001", clash))})
    assert error_of_loading() == (
        f"the rule id {clash} is used by two rule packs: builtin (from the package tierlens) "
        "and house (from the package house)",
        "rename the rule in one of them, or uninstall one of the packages",
    )


def test_one_id_twice_in_a_pack(install: Install) -> None:
    install_ours(install, "AUTH001", "AUTH001")
    assert error_of_loading() == (
        "the rule pack builtin (from the package tierlens) uses the rule id AUTH001 twice",
        "give each rule its own id",
    )


@pytest.mark.parametrize(
    ("module", "message"),
    [
        pytest.param(
            "import package_that_nobody_has\n",
            "cannot be imported from house_rules:pack: "
            "ModuleNotFoundError: No module named 'package_that_nobody_has'",
            id="missing import",
        ),
        pytest.param("raise SystemExit(0)\n", "cannot be imported from house_rules:pack: SystemExit: 0", id="exit"),
        pytest.param(
            "",
            "cannot be imported from house_rules:pack: AttributeError: module 'house_rules' has no attribute 'pack'",
            id="no such object",
        ),
        pytest.param("def pack():\n    return 1 / 0\n", "failed: ZeroDivisionError: division by zero", id="raises"),
    ],
)
def test_pack_that_breaks(install: Install, module: str, message: str) -> None:
    install_ours(install, "AUTH001")
    install("house", THEIRS, {"house_rules": module})
    assert error_of_loading() == (
        f"the rule pack house (from the package house) {message}",
        "mend, upgrade or uninstall the package house",
    )


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("pack = 7\n", "house_rules:pack cannot be called"),
        ("def pack():\n    pass\n", "house_rules:pack returned NoneType, not a sequence of rules"),
        ("def pack():\n    yield 1\n", "house_rules:pack returned generator, not a sequence of rules"),
        ("def pack():\n    return 'AUTH'\n", "house_rules:pack returned str, not a sequence of rules"),
        (
            "def pack():\n    return [3]\n",
            "it holds an object of int where an instance of a rule is expected",
        ),
        (
            "from own_rules import Silent\ndef pack():\n    return [Silent]\n",
            "it holds the class Silent where an instance of a rule is expected",
        ),
        (
            "from own_rules import Rule\nclass Bare(Rule):\n    def judge(self, subject, graph):\n        pass\n"
            "def pack():\n    return [Bare()]\n",
            "its rule Bare has no metadata",
        ),
    ],
)
def test_pack_that_is_none(install: Install, module: str, reason: str) -> None:
    install_ours(install, "AUTH001")
    install("house", THEIRS, {"house_rules": module})
    assert error_of_loading() == (
        f"the rule pack house (from the package house) cannot be used: {reason}",
        "an entry point of tierlens.rules names a function that returns a tuple of rule instances",
    )


def test_the_installed_distribution_brings_the_built_in_pack() -> None:
    assert load_rule_packs()[0].name == "builtin (from the package tierlens)"
