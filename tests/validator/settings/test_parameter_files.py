import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.model import SettingsError, Span
from validator.settings import GivenParameters, read_parameter_file
from validator.settings.parameter_files import parameters_in
from validator.settings.value_nodes import compose


def read(tmp_path, text, name="p.yaml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_parameter_file(tmp_path / name, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]',
        '{"StackName": "s", "Parameters": [{"ParameterKey": "A", "ParameterValue": "1"},\n'
        '\t{"ParameterKey": "B", "ParameterValue": "", "UsePreviousValue": true}]}',
        '{"Parameters": {"A": "1", "B": {"Fn::GetArtifactAtt": ["Build", "Key"]}}, "Tags": {"C": "x"}}',
        '{"A": 1, "B": {"Fn::GetParam": ["Build", "f.json", "Key"]}}',
        "- ParameterKey: A\n  ParameterValue: 1\n- ParameterKey: B\n  UsePreviousValue: true\n",
        "Parameters:\n  A: '1'\n  B: {'Fn::GetArtifactAtt': [a, b]}\n",
    ],
)
def test_every_form_gives_the_same_values(tmp_path, text):
    parameters = read(tmp_path, text)
    assert (dict(parameters.values), parameters.unknown) == ({"A": "1"}, {"B"})
    assert parameters.source == "p.yaml"


def test_a_list_of_texts_divides_at_the_first_sign(tmp_path):
    assert dict(read(tmp_path, '["A=1", "B=x=y", "C="]').values) == {"A": "1", "B": "x=y", "C": ""}


def test_values_are_canonical_texts(tmp_path):
    text = (
        "A: yes\nB: off\nC: 007\nD: 1.10\nE: 2012-10-17\nF: [a, 1, true]\nG: []\nH: 'true '\nI: 1_000\n"
        'J: 012345678901\nK: "\\U0001F600"\n'
    )
    assert dict(read(tmp_path, text).values) == {
        "A": "true",
        "B": "false",
        "C": "7",
        "D": "1.10",
        "E": "2012-10-17",
        "F": "a,1,true",
        "G": "",
        "H": "true ",
        "I": "1000",
        "J": "012345678901",
        "K": "\U0001f600",
    }


def test_places_are_those_of_the_names(tmp_path):
    parameters = read(tmp_path, '[\n\t{"ParameterKey": "A", "ParameterValue": "1"},\n\t"B=2"\n]')
    assert dict(parameters.spans) == {"A": Span("p.yaml", 2, 19, 2, 22), "B": Span("p.yaml", 3, 2, 3, 7)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.yaml: the file is empty"),
        ("just text", "p.yaml:1:1: the file gives no parameters"),
        ("A: 1\nA: 2\n", "p.yaml:2:1: 'A' is written twice, first in line 1"),
        ('["A=1",\n "A=2"]', "p.yaml:2:2: 'A' is given twice, first in line 1"),
        ("A: {b: c}", "p.yaml:1:4: 'A' has no value that a parameter can have"),
        ("A:\n", "p.yaml:1:3: 'A' has no value that a parameter can have"),
        ("A: [[x]]", "p.yaml:1:4: 'A' has no value that a parameter can have"),
        ("A: !Secret x", "p.yaml:1:4: 'A' has no value that a parameter can have"),
        ("<<: {A: 1}", "p.yaml:1:1: merge keys are not read here"),
        (
            "$include: other.yaml",
            "p.yaml:1:1: '$include' is no name of a parameter: these are letters and digits only",
        ),
        ("- A", "p.yaml:1:3: a text in the list is not NAME=VALUE"),
        ("- [A]", "p.yaml:1:3: a list gives no parameter"),
        ("- {ParameterValue: x}", "p.yaml:1:3: the entry has no ParameterKey"),
        (
            "- {ParameterKey: A}",
            "p.yaml:1:18: 'A' has neither ParameterValue nor UsePreviousValue: true",
        ),
        (
            "- {ParameterKey: A, ParameterValues: x}",
            "p.yaml:1:21: unknown key 'ParameterValues': did you mean 'ParameterValue'?",
        ),
        ("A: [1,\n", "p.yaml:2:1: the file is neither YAML nor JSON: "),
        ('{\n"A": "\u2028"}', "p.yaml:2:7: the character 0x2028 is not read here"),
        ('{"A": "1"', "p.yaml:1:10: the file is neither YAML nor JSON: "),
    ],
)
def test_wrong_files_are_refused_with_their_place(tmp_path, text, message):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert caught.value.message.startswith(message)


def test_deep_nesting_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="nested too deeply"):
        read(tmp_path, "[" * 20_000)


def test_a_missing_and_an_oversized_file_are_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"absent\.json: there is no such file"):
        read_parameter_file(tmp_path / "absent.json", tmp_path)
    with pytest.raises(SettingsError, match="larger than 1,000,000 bytes"):
        read(tmp_path, "A: " + "x" * 1_000_000)


@given(
    st.dictionaries(
        st.text("ABCabc012", min_size=1, max_size=6),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        max_size=4,
    )
)
def test_the_forms_of_json_agree(values: dict[str, str]) -> None:
    forms = (
        values,
        {"Parameters": values},
        [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        [f"{key}={value}" for key, value in values.items()],
    )
    for form in forms:
        for ascii_only in (True, False):
            text = json.dumps(form, ensure_ascii=ascii_only)
            try:
                read_back: GivenParameters = parameters_in(compose(text, "p.json"), "p.json")
            except SettingsError:
                # Characters that YAML forbids or folds are refused, never changed; JSON writes them as escapes.
                assert not ascii_only
                continue
            assert dict(read_back.values) == values
