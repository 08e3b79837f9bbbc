import pytest

from tests.validator.load.reading import load

MARK = "# tierlens: ignore[A]"


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        (f"{MARK}\na: 1\n", {1: MARK}),
        (f"a: 1  {MARK} reason='x'\nb: 2\n", {1: f"{MARK} reason='x'"}),
        (f"a:\n  {MARK}  \n  b: 1\n", {2: MARK}),
        (f"a: |  {MARK}\n  text\nb: 1\n", {1: MARK}),
        (f"a: |\n  text\n{MARK}\nb: 1\n", {3: MARK}),
        (f"a: |\n    text\n\n  {MARK}\nb: 1\n", {4: MARK}),
        (f"a: !Ref X {MARK}\n", {1: MARK}),
        (f"a: !Ref {MARK}\n  X\n", {1: MARK}),
        (f"a: [1, {MARK}\n  2] # other\n", {1: MARK, 2: "# other"}),
        (f"a: &x 1\nb: *x {MARK}\n", {2: MARK}),
        (f"a: 1\n{MARK}", {2: MARK}),
        (f"a: 1\r\n{MARK}\r\nb: 1\r\n", {2: MARK}),
        (f'a: "{MARK}"\n', {}),
        (f"a: 'x {MARK}'\n", {}),
        (f"a: |\n  {MARK}\n", {}),
        (f"a: >\n  x\n\n  {MARK}\n  y\n", {}),
        ("a: x#tierlens:b\n", {}),
        ("a: 1 # nothing of ours\n", {}),
    ],
)
def test_comments_are_found_by_line(text, comments):
    assert load(text).comments == comments
