import codecs

import pytest

from tests.validator.load.reading import load, refusal, refused_at
from validator.load import MAXIMUM_DEPTH, MAXIMUM_NODES, MAXIMUM_SOURCE_BYTES, load_file, plain
from validator.model import LoadError


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("a:\n\tb: 1\n", "yaml-syntax", 2, 1),
        ("a: [1, 2\n", "yaml-syntax", 2, 1),
        ('a: "x\n', "yaml-syntax", 2, 1),
        ("a: @x\n", "yaml-syntax", 1, 4),
        ("a: !Base64 !Sub x\n", "yaml-syntax", 1, 12),
        ("a: 1\n---\nb: 2\n", "several-documents", 2, 1),
        ("a:\n  {{resolve:ssm:x}}\n", "key-not-text", 2, 4),
        ("? [a, b]\n: 1\n", "key-not-text", 1, 3),
        ("? {a: b}\n: 1\n", "key-not-text", 1, 3),
        ("!Sub '${A}': b\n", "key-not-text", 1, 1),
        ("a: &x [1]\n*x : b\n", "key-not-text", 2, 1),
        ("a: 1\nb: *none\n", "alias", 2, 4),
        ("a: &x [1, *x]\n", "alias", 1, 11),
        ("a:\n  <<: text\n", "merge-key", 2, 7),
        ("a: {<<: !Ref X}\n", "merge-key", 1, 9),
        ("a: &x {Ref: A}\nb: {<<: *x}\n", "merge-key", 2, 9),
        ("", "not-a-template", 1, 1),
        ("# only a comment\n", "not-a-template", 1, 1),
        ("---\n", "not-a-template", 2, 1),
        ("text\n", "not-a-template", 1, 1),
        ("- a\n- b\n", "not-a-template", 1, 1),
        ("[]", "not-a-template", 1, 1),
        ("a: 1\nb: x\x01y\n", "control-character", 2, 5),
        (b"a: 1\nb: caf\xe9\n", "encoding", 2, 7),
        (b"a: 1\r\nb: \xff\n", "encoding", 2, 4),
        (codecs.BOM_UTF16_LE + "a: 1".encode("utf-16-le"), "encoding", 1, 1),
        (codecs.BOM_UTF16_BE + "a: 1".encode("utf-16-be"), "encoding", 1, 1),
    ],
)
def test_what_is_refused_and_where(text, code, line, column):
    assert refused_at(text) == (code, line, column)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "a:\n\tb: 1\n",
            "not valid YAML: found character that cannot start any token (while scanning for the next token "
            "that starts at line 2)",
            "the line is indented with a tab; YAML takes spaces only",
        ),
        (
            "a: !Base64 !Sub x\n",
            "not valid YAML: did not find expected key (while parsing a block mapping that starts at line 1)",
            "two short forms cannot stand on one value: write the outer one long, `Fn::Base64: !Sub …`",
        ),
        (
            "a: b: c\n",
            "not valid YAML: mapping values are not allowed in this context",
            "quote a value that holds `: `, or check the indentation",
        ),
        (
            "a: {{resolve:ssm:x}}\n",
            "a key must be text, but here a map stands as one",
            'put a dynamic reference in quotes: "{{resolve:…}}"',
        ),
        (
            "x\n",
            "template.yaml is not a template: it is a single text",
            "a template is a map with the section Resources",
        ),
        (b"a: \xe9\n", "the byte 0xE9 is not UTF-8", "save the file as UTF-8"),
        (b"\xff\xfea\x00", "the file is UTF-16, not UTF-8", "save the file as UTF-8"),
    ],
)
def test_a_refusal_says_what_and_what_to_do(text, message, hint):
    error = refusal(text)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize(
    ("opening", "code", "line", "column"),
    [
        ("[", "too-deep", 1, 201),
        ("- ", "too-deep", 1, 401),
        ("[{a: ", "too-deep", 1, 501),
        ("{a: ", "too-deep", 1, 801),
        ("!Not [", "too-deep", 1, 601),
        ("{", "key-not-text", 1, 2),
        ("? ", "key-not-text", 1, 3),
    ],
)
def test_bottomless_nesting_is_refused_before_it_is_read(opening, code, line, column):
    assert refused_at(opening * 100_000) == (code, line, column)


def test_the_depth_limit_is_exact():
    inside = MAXIMUM_DEPTH - 1
    assert load("a: " + "[" * inside + "]" * inside)
    assert refused_at("a: " + "[" * (inside + 1) + "]" * (inside + 1)) == ("too-deep", 1, 3 + MAXIMUM_DEPTH)


def test_a_short_form_counts_as_a_level_of_its_own():
    inside = (MAXIMUM_DEPTH - 1) // 2
    assert load("a: " + "!Not [" * inside + "]" * inside)
    assert refusal("a: " + "!Not [" * (inside + 1) + "]" * (inside + 1)).code == "too-deep"


def test_aliases_that_multiply_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    error = refusal("\n".join(lines))
    assert error.code == "too-many-nodes"
    assert error.message == f"the template has more than {MAXIMUM_NODES:,} values, aliases written out"


def test_merges_that_multiply_are_refused():
    wide = ", ".join(f"k{n}: 1" for n in range(1000))
    merges = "\n".join(f"m{n}: {{<<: *w}}" for n in range(500))
    assert refusal(f"w: &w {{{wide}}}\n{merges}\n").code == "too-many-nodes"


def test_aliases_that_deepen_are_refused():
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAXIMUM_DEPTH + 5))]
    assert refusal("\n".join(lines)).code == "too-deep"
    assert load("\n".join(lines[: MAXIMUM_DEPTH - 1]))


def test_a_merge_cannot_deepen_past_the_limit():
    lines = ["a0: &a0 {k: x}", *(f"a{n}: &a{n} {{<<: {{k: *a{n - 1}}}}}" for n in range(1, MAXIMUM_DEPTH + 5))]
    assert refusal("\n".join(lines)).code == "too-deep"


def test_too_many_plain_nodes_are_refused():
    assert refusal("a: [" + "1," * (MAXIMUM_NODES + 1) + "]").code == "too-many-nodes"


def test_a_source_over_the_limit_is_refused_before_it_is_parsed():
    body = b"a: 1\n#"
    assert load(body + b"x" * (MAXIMUM_SOURCE_BYTES - len(body)))
    error = refusal(body + b"x" * (MAXIMUM_SOURCE_BYTES - len(body) + 1))
    assert (error.code, error.message) == ("too-large", "template.yaml has more than 5 MB")


def test_an_alias_inside_itself_says_so():
    assert refusal("a: &x {b: *x}\n").message == "the alias *x stands inside what it names"


def test_a_directory_is_no_template(tmp_path):
    with pytest.raises(LoadError, match="Is a directory"):
        load_file(tmp_path, "stacks")


def test_a_quoted_dynamic_reference_is_text():
    assert plain(load('a: "{{resolve:ssm:x}}"\n').root) == {"a": "{{resolve:ssm:x}}"}
