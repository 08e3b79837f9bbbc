import pytest
import yaml

from tests.validator.load.reading import at, load, said, short
from validator.load import document, events, plain


@pytest.fixture
def without_libyaml(monkeypatch):
    monkeypatch.setattr(events, "FAST_LOADER", None)
    monkeypatch.setattr(document, "FAST_LOADER", None)
    document._setup_remarks.cache_clear()
    yield
    document._setup_remarks.cache_clear()


@pytest.mark.usefixtures("without_libyaml")
def test_the_pure_parser_gives_the_same_tree_and_says_that_it_is_slow():
    read = load("a: !GetAtt Db.Arn\nb: !Sub |\n  x\nc: [1, {d: yes}]\n")
    assert plain(read.root) == {
        "a": {"Fn::GetAtt": ["Db", "Arn"]},
        "b": {"Fn::Sub": "x\n"},
        "c": [1, {"d": True}],
    }
    assert short(at(read, "a", "Fn::GetAtt", 1).span) == "1:15-1:18"
    assert said(read) == [("notice", "slow-yaml", "")]


def test_this_installation_has_libyaml():
    assert yaml.CSafeLoader is events.FAST_LOADER
    assert load("a: 1\n").diagnostics == ()
