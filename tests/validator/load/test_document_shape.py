import pytest

from tests.validator.load.reading import at, load, said, short
from validator.load import ListNode, MapNode, OpaqueNode, ScalarNode, load_file, plain
from validator.model import LoadError


def test_a_template_becomes_nodes_with_places():
    document = load("Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    DependsOn:\n    - A\n    - B\n")
    assert plain(document.root) == {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "DependsOn": ["A", "B"]}}}
    assert short(at(document, "Resources", "Bucket").span) == "3:5-6:8"
    assert short(at(document, "Resources", "Bucket", "Type").span) == "3:11-3:26"
    assert short(at(document, "Resources", "Bucket", "DependsOn").span) == "5:5-6:8"
    resources = at(document, "Resources")
    assert isinstance(resources, MapNode)
    assert short(resources.entries["Bucket"].key_span) == "2:3-2:9"
    assert document.diagnostics == ()


@pytest.mark.parametrize(
    ("written", "long_form"),
    [
        ("!Ref X", {"Ref": "X"}),
        ("!Ref 1", {"Ref": "1"}),
        ("!Ref 'X'", {"Ref": "X"}),
        ("!Ref  X # note", {"Ref": "X"}),
        ("!Ref\n  X", {"Ref": "X"}),
        ("!Condition IsProd", {"Condition": "IsProd"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B.C]", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt A", {"Fn::GetAtt": "A"}),
        ("!GetAZs", {"Fn::GetAZs": ""}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!Sub ['${A}', {A: 1}]", {"Fn::Sub": ["${A}", {"A": 1}]}),
        ("!Base64\n  Fn::Sub: x", {"Fn::Base64": {"Fn::Sub": "x"}}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!If [C, !Ref A, !Ref AWS::NoValue]", {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
        ("!Not [!Equals [a, b]]", {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}),
        ("! 12", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!map {a: 1}", {"a": 1}),
    ],
)
def test_short_forms_come_out_long(written, long_form):
    document = load(f"a: {written}\n")
    assert plain(document.root) == {"a": long_form}
    assert document.diagnostics == ()


def test_the_parts_of_a_short_form_have_exact_places():
    document = load('a: !GetAtt Db.Endpoint.Port\nb: !Sub "x"\nc: !Join\n- ""\n- [1]\nd: !Ref  X\ne: &n !Ref Y\n')
    get_att = at(document, "a")
    assert isinstance(get_att, MapNode)
    assert short(get_att.span) == "1:4-1:28"
    assert short(get_att.entries["Fn::GetAtt"].key_span) == "1:4-1:11"
    assert short(at(document, "a", "Fn::GetAtt", 0).span) == "1:12-1:14"
    assert short(at(document, "a", "Fn::GetAtt", 1).span) == "1:15-1:28"
    assert short(at(document, "b", "Fn::Sub").span) == "2:9-2:12"
    assert short(at(document, "c").span) == "3:4-5:6"
    assert short(at(document, "c", "Fn::Join").span) == "4:1-5:6"
    assert short(at(document, "d", "Ref").span) == "6:10-6:11"
    anchored = at(document, "e")
    assert isinstance(anchored, MapNode)
    assert short(anchored.entries["Ref"].key_span) == "7:7-7:11"
    assert short(at(document, "e", "Ref").span) == "7:12-7:13"


def test_a_quoted_get_att_has_the_places_of_its_parts():
    document = load("a: !GetAtt 'Db.Arn'\n")
    assert [short(item.span) for item in at(document, "a", "Fn::GetAtt").items] == ["1:13-1:15", "1:16-1:19"]


def test_flow_collections_behind_a_tag_start_at_their_bracket():
    document = load("a: !Join [x, y]\n")
    assert short(at(document, "a").span) == "1:4-1:16"
    assert short(at(document, "a", "Fn::Join").span) == "1:10-1:16"


def test_a_block_scalar_ends_at_its_last_text():
    document = load("a: !Sub |\n  one\n  two\n\n\nb: >-\n  x\nc:\n")
    assert plain(document.root) == {"a": {"Fn::Sub": "one\ntwo\n"}, "b": "x", "c": None}
    assert short(at(document, "a", "Fn::Sub").span) == "1:9-3:6"
    assert short(at(document, "b").span) == "6:4-7:4"
    assert at(document, "c") == ScalarNode(None, "", at(document, "c").span)


def test_an_unknown_tag_is_opaque_and_an_error_and_the_rest_is_read():
    document = load("a: !Ref X\nb: !Include {x: [1]}\nc: !ref Y\n")
    assert isinstance(at(document, "b"), OpaqueNode)
    assert isinstance(at(document, "c"), OpaqueNode)
    assert short(at(document, "b").span) == "2:4-2:21"
    assert plain(at(document, "a")) == {"Ref": "X"}
    assert said(document) == [("error", "unknown-tag", "2:4"), ("error", "unknown-tag", "3:4")]
    assert document.diagnostics[0].message == (
        "!Include is no tag of CloudFormation; what stands under it is not known"
    )
    assert document.diagnostics[1].hint == "did you mean `!Ref`?"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("!Rain::Embed x.py", "this is a directive of rain: run `rain pkg` and check its output"),
        ("!Ref: X", "write `!Ref …` or `Ref: …`"),
        ("!GetAttr A.B", "did you mean `!GetAtt`?"),
        ("!!binary aGk=", "CloudFormation knows no such tag; quote the value if it is meant as text"),
    ],
)
def test_an_unknown_tag_has_a_hint(written, hint):
    assert load(f"a: {written}\n").diagnostics[0].hint == hint


def test_of_duplicate_keys_the_last_wins_and_is_marked():
    document = load("Metadata:\n  a: 1\n  b: 2\n  a: 3\n")
    metadata = at(document, "Metadata")
    assert plain(metadata) == {"a": 3, "b": 2}
    assert [metadata.entries[key].duplicated for key in ("a", "b")] == [True, False]
    (remark,) = document.diagnostics
    assert (remark.level, remark.code, short(remark.span)) == ("warning", "duplicate-key", "4:3-4:4")
    assert remark.message == ("the key a is written twice: at line 2, column 3, and again here; the last one counts")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Resources: {}\nResources: {}\n", "error"),
        ("Resources:\n  A: {}\n  A: {}\n", "error"),
        ("Resources:\n  A: {x: 1, x: 2}\n", "warning"),
        ("Outputs:\n  A: {}\n  A: {}\n", "warning"),
    ],
)
def test_duplicated_sections_and_logical_ids_are_errors(text, level):
    assert [item[:2] for item in said(load(text))] == [(level, "duplicate-key")]


def test_keys_are_the_text_as_written():
    document = load("1: a\ntrue: b\non: c\n2012-10-17: d\n~: e\n'<<': f\n0x1F: g\n")
    assert list(plain(document.root)) == ["1", "true", "on", "2012-10-17", "~", "<<", "0x1F"]


def test_aliases_and_merges_are_written_out_with_one_notice():
    document = load(
        "base: &base {a: 1, b: 2}\nlist: &l [x]\nuse: *l\nown:\n  <<: *base\n  b: 3\nmore:\n  <<: [{a: 9}, *base]\n"
    )
    assert plain(document.root) == {
        "base": {"a": 1, "b": 2},
        "list": ["x"],
        "use": ["x"],
        "own": {"a": 1, "b": 3},
        "more": {"a": 9, "b": 2},
    }
    assert said(document) == [("notice", "yaml-alias", "3:6")]
    assert isinstance(at(document, "use"), ListNode)
    assert short(at(document, "use").span) == "2:10-2:13"


def test_an_anchor_without_an_alias_is_no_matter():
    assert load("a: &x 1\n").diagnostics == ()


def test_an_alias_to_a_text_can_be_a_key():
    assert plain(load("a: &k name\n*k : 1\n").root) == {"a": "name", "name": 1}


@pytest.mark.parametrize("prefix", ["\ufeff", "---\n", "# note\n", "%YAML 1.1\n---\n"])
def test_what_may_stand_before_a_document(prefix):
    assert plain(load(f"{prefix}a: 1\n").root) == {"a": 1}


def test_columns_count_characters_after_the_byte_order_mark():
    document = load("\ufeff'é😀': x\n")
    assert document.text == "'é😀': x\n"
    assert short(document.root.span) == "1:1-1:8"
    assert short(at(document, "é😀").span) == "1:7-1:8"


def test_line_ends_of_windows_change_nothing():
    unix, windows = load("a:\n  b: |\n    x\n  c: d\n"), load("a:\r\n  b: |\r\n    x\r\n  c: d\r\n")
    assert plain(unix.root) == plain(windows.root)
    assert [short(at(d, "a", key).span) for d in (unix, windows) for key in "bc"] == [
        "2:6-3:6",
        "4:6-4:7",
    ] * 2


def test_a_file_carries_its_display_path(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("a: 1\n")
    document = load_file(file, "stacks/t.yaml")
    assert (document.path, document.root.span.path) == ("stacks/t.yaml", "stacks/t.yaml")


def test_a_file_that_is_not_there_is_a_positioned_error(tmp_path):
    with pytest.raises(LoadError) as caught:
        load_file(tmp_path / "none.yaml", "none.yaml")
    assert caught.value.code == "file-unreadable"
    assert caught.value.message == "none.yaml cannot be read: No such file or directory"
    assert str(caught.value.span) == "none.yaml:1:1"
