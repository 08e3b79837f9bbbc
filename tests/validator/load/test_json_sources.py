import json

import pytest

from tests.validator.load.reading import at, load, refusal, said, short
from validator.load import ScalarNode, plain


def load_json(text):
    return load(text, "template.json")


def test_json_has_the_same_places_as_yaml():
    document = load_json('{"Resources":\n\t{"A": {"Type": "AWS::S3::Bucket", "N": [1, 2.5, true, null]}}}')
    assert plain(document.root) == {"Resources": {"A": {"Type": "AWS::S3::Bucket", "N": [1, 2.5, True, None]}}}
    assert short(at(document, "Resources", "A", "Type").span) == "2:17-2:34"
    assert short(document.root.span) == "1:1-2:64"
    assert document.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (r'{"a": "\ud83d\ude00", "b": {"c": 1}}', {"a": "😀", "b": {"c": 1}}),
        ('{"a": "x\u2028y\x85z\x7f"}', {"a": "x\u2028y\x85z\x7f"}),
        ('{"' + "k" * 2000 + '": 1}', {"k" * 2000: 1}),
        ('{"a"\n:\n1}', {"a": 1}),
        (r'{"a": "\/\u00e9\"\\"}', {"a": '/é"\\'}),
        ('{"a": 1e3, "b": 1E-2, "c": -0}', {"a": 1000.0, "b": 0.01, "c": 0}),
        ('{"a": "", "b": [], "c": {}}', {"a": "", "b": [], "c": {}}),
    ],
)
def test_valid_json_that_is_no_yaml_is_read(text, data):
    assert json.loads(text) == data
    document = load_json(text)
    assert plain(document.root) == data
    assert document.diagnostics == ()


def test_places_are_right_behind_a_surrogate_pair():
    document = load_json('{"a": "\\ud83d\\ude00",\n "b": {"c": 1}, "a": 2}')
    assert short(at(document, "b").span) == "2:7-2:15"
    assert short(at(document, "b", "c").span) == "2:13-2:14"
    assert said(document) == [("error", "duplicate-key", "2:17")]


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": 1 # note\n}', "{'a': 1}", "{a: 1}"])
def test_json_that_is_not_strict_is_read_with_a_notice(text):
    document = load_json(text)
    assert plain(document.root) == {"a": 1}
    assert said(document) == [("notice", "json-syntax", "1:1")]
    assert load(text, "template.yaml").diagnostics == ()


def test_half_a_surrogate_pair_is_refused_at_its_place():
    error = refusal('{"a": 1,\n "b": "\\ud83d"}', "template.json")
    assert (error.code, short(error.span)) == ("yaml-syntax", "2:7-2:15")
    assert error.message == "the text holds half of a surrogate pair, which is no character"


def test_broken_json_is_a_positioned_error():
    error = refusal('{"a": 1\n "b": 2}', "template.json")
    assert (error.code, str(error.span)) == ("yaml-syntax", "template.json:2:5")
    assert error.hint == "a comma or a closing bracket is missing"


def test_nested_json_is_bounded_in_the_fallback_too():
    assert refusal('{"\\ud83d\\ude00":' + "[" * 300 + "]" * 300 + "}", "template.json").code in (
        "too-deep",
        "yaml-syntax",
    )


def test_texts_stay_texts():
    document = load_json('{"a": "true", "b": "12", "<<": "m"}')
    assert [
        node.value for node in (at(document, key) for key in ("a", "b", "<<")) if isinstance(node, ScalarNode)
    ] == [
        "true",
        "12",
        "m",
    ]
