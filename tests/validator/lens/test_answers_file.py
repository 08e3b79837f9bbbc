"""The answers file and the form of open questions: what people write is never lost."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.validator.lens.runs import TODAY, finding, reviewed
from validator.lens import AnswerValue, load_lens, texts_of
from validator.lens.form import merged_form, new_form
from validator.model import SettingsError, UsageError, Verdict
from validator.settings.lens_answers import AnswersFile, existing_form, read_answers

Read = Callable[[str], AnswersFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def call(text: str) -> AnswersFile:
        path = tmp_path / "answers.yaml"
        path.write_text(text, encoding="utf-8")
        return read_answers(path, "answers.yaml", TODAY)

    return call


def test_answers_keep_their_place(read: Read) -> None:
    file = read(
        "answers:\n"
        "  SEC3.a1: {answer: yes, by: Ada, when: 2026-11-20, note: we read the bulletins}\n"
        "  SEC3.a3:\n    answer: No\n"
        "  REL1:\n    answer: Not applicable\n    by: 'Bo'\n"
        "  REL2.a4:\n    answer:\n    by:\n"
        "  PERF1.a1:\n"
    )
    shown = [(a.subject, a.value, a.by, a.when, a.note, a.span.line, a.span.column) for a in file.answers]
    assert shown == [
        ("SEC3.a1", AnswerValue.YES, "Ada", date(2026, 11, 20), "we read the bulletins", 2, 3),
        ("SEC3.a3", AnswerValue.NO, "", None, "", 3, 3),
        ("REL1", AnswerValue.NOT_APPLICABLE, "Bo", None, "", 5, 3),
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "answers:\n"])
def test_an_empty_file_has_no_answers(read: Read, text: str) -> None:
    assert read(text).answers == ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("answer: {}\n", "answers.yaml:1:1: unknown key 'answer'", "did you mean 'answers'?"),
        ("- SEC1.a1\n", "answers.yaml:1:1: the file has to be a map with the key 'answers'", "see tierlens review"),
        (
            "answers:\n  SEC1.a9: {answer: yes}\n",
            "answers.yaml:2:3: the lens has no practice 'SEC1.a9'",
            "did you mean",
        ),
        (
            "answers:\n  SEC1.a1: {anwser: yes}\n",
            "answers.yaml:2:13: unknown field 'anwser'",
            "did you mean 'answer'?",
        ),
        (
            "answers:\n  SEC1.a1: {answer: maybe}\n",
            "answers.yaml:2:21: the answer to SEC1.a1 is 'maybe'",
            "write yes, no",
        ),
        ("answers:\n  SEC1.a1: {answer: yes, when: 20.11.2026}\n", "answers.yaml:2:32: the date", "2026-11-23"),
        (
            "answers:\n  SEC1.a1: {answer: yes, when: 2026-11-24}\n",
            "answers.yaml:2:32: the answer to SEC1.a1 is",
            "day",
        ),
        ("answers:\n  SEC1: {answer: yes}\n", "answers.yaml:2:3: a question as a whole", "SEC1.a3, SEC1.a1, SEC1.a2"),
        ("answers:\n  SEC1.a1: {answer: [yes]}\n", "answers.yaml:2:21: 'answer' has to be a text", ""),
        ("answers:\n  SEC1.a1: yes\n", "answers.yaml:2:12: the answer to SEC1.a1 has to be a map", "see"),
        ("answers:\n  SEC1.a1: {}\n  SEC1.a1: {}\n", "answers.yaml:3:3: 'SEC1.a1' is written twice", "remove"),
        ("answers: [\n", "answers.yaml:", ""),
    ],
)
def test_mistakes_are_shown_with_their_place(read: Read, text: str, message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(text)
    assert error.value.message.startswith(message)
    assert hint in error.value.hint


def test_the_form_asks_for_all_that_is_open_and_is_itself_an_empty_answers_file(read: Read) -> None:
    review = reviewed(finding("AUTH001", "SEC1.a1"), finding("IAM010", "SEC2.a1", Verdict.FAIL))
    form = new_form(review, texts_of(), "answers.yaml")
    file = read(form)
    asked = {entry.subject for entry in file.entries}
    assert file.answers == ()
    assert asked == load_lens().practices.keys() - {"SEC1.a1", "SEC2.a1"}
    assert "#| Does the code (or a Lambda authorizer) check ownership and role on each request?" in form


def test_hostile_names_stay_in_their_comment(read: Read) -> None:
    hostile = finding(
        "AUTH001", "SEC1.a1", Verdict.SUPPRESSED, resource="X\nanswers:\n  SEC1.a1: {answer: yes}\x1b[31m\u2028"
    )
    form = new_form(reviewed(hostile), texts_of(), "answers.yaml")
    assert read(form).answers == ()
    assert "\x1b" not in form
    assert "\u2028" not in form


FILLED = """\
# the interview of November
answers:
  SEC3.a1:   # asked the team
    answer: yes
    by: Ada
    note: >
      We read
      the bulletins.

  SEC3.a3:
    #| an old comment of ours
    # Bo looks it up
    answer:
  REL2.a4:
    #| an old comment of ours
    answer:
    by:
  SEC1.a1:
    #| it was open once
    answer:
"""


def test_merging_keeps_answers_and_comments_of_people(read: Read) -> None:
    review = reviewed(finding("AUTH001", "SEC1.a1"))
    merged = merged_form(existing_form(read(FILLED), "answers.yaml"), review, texts_of())
    assert merged.startswith(FILLED[: FILLED.index("  SEC3.a3:")])
    assert "    # Bo looks it up\n" in merged
    assert "old comment of ours" not in merged
    assert "it was open once" not in merged, "it is decided and nobody wrote into it"
    file = read(merged)
    assert [a.subject for a in file.answers] == ["SEC3.a1"]
    assert len({entry.subject for entry in file.entries}) == len(file.entries)
    again = merged_form(existing_form(file, "answers.yaml"), review, texts_of())
    assert again == merged


def test_a_form_in_braces_is_not_touched(read: Read) -> None:
    with pytest.raises(UsageError, match="written in braces"):
        existing_form(read("answers: {SEC1.a1: {answer: yes}}\n"), "answers.yaml")


@given(
    st.dictionaries(
        st.sampled_from(sorted(load_lens().practices)),
        st.tuples(
            st.sampled_from(["yes", "no", "not applicable"]), st.text(st.characters(codec="ascii"), max_size=30)
        ),
        max_size=6,
    )
)
def test_no_answer_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, given_answers: dict[str, tuple[str, str]]
) -> None:
    written = {name: {"answer": said, "by": by} for name, (said, by) in given_answers.items()}
    path = tmp_path_factory.getbasetemp() / "answers.yaml"
    path.write_text(yaml.safe_dump({"answers": written}, default_flow_style=False), encoding="utf-8")
    before = read_answers(path, "answers.yaml", TODAY)
    if not before.in_blocks:
        return
    path.write_text(merged_form(existing_form(before, "answers.yaml"), reviewed(), texts_of()), encoding="utf-8")
    after = read_answers(path, "answers.yaml", TODAY)
    assert [(a.subject, a.value, a.by) for a in after.answers] == [(a.subject, a.value, a.by) for a in before.answers]
