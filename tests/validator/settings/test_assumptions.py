from datetime import date

import pytest

from validator.model import SettingsError, Span
from validator.settings import Assumed, Assumption, find_settings

REASON = "reason = 'reviewed by the network team'"


def assume(tmp_path, text):
    (tmp_path / ".git").mkdir(exist_ok=True)
    (tmp_path / "tierlens.toml").write_text(text, encoding="utf-8")
    return find_settings(tmp_path).assume


def refusal_of(tmp_path, text):
    with pytest.raises(SettingsError) as caught:
        assume(tmp_path, text)
    return caught.value.message


def test_entries_are_read_with_their_places(tmp_path):
    entries = assume(
        tmp_path,
        f"[[assume]]\nsubject = 'parameter:SubnetIds'\nis = 'private-subnet'\n{REASON}\nuntil = 2026-12-31\n\n"
        f"[[assume]]\nsubject = 'import:net-Cidr'\nis = 'value'\nvalue = ['10.0.0.0/8', '10.1.0.0/16']\n{REASON}\n"
        f"until = '2027-01-01'\n",
    )
    assert entries == (
        Assumption(
            "parameter:SubnetIds",
            Assumed.PRIVATE_SUBNET,
            "reviewed by the network team",
            Span("tierlens.toml", 1, 3, 1, 9),
            until=date(2026, 12, 31),
        ),
        Assumption(
            "import:net-Cidr",
            Assumed.VALUE,
            "reviewed by the network team",
            Span("tierlens.toml", 7, 3, 7, 9),
            "10.0.0.0/8,10.1.0.0/16",
            date(2027, 1, 1),
        ),
    )
    assert entries[0].key == "parameter:SubnetIds"


@pytest.mark.parametrize(("day", "lapsed"), [(30, False), (31, False), (1, True)])
def test_the_last_day_still_counts(day, lapsed):
    span = Span("t", 1, 1, 1, 1)
    entry = Assumption("Db", Assumed.PRIVATE, "a reason of length", span, until=date(2026, 12, 31))
    today = date(2027, 1, 1) if day == 1 else date(2026, 12, day)
    assert entry.lapsed(today) is lapsed


def test_without_a_last_day_it_holds():
    assert not Assumption("Db", Assumed.PRIVATE, "a reason", Span("t", 1, 1, 1, 1)).lapsed(date.max)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            f"subject = 'parametr:X'\nis = 'private'\n{REASON}",
            "2:1: the subject 'parametr:X' is of no known kind: did you mean 'parameter'?",
        ),
        (f"subject = 'import:'\nis = 'private'\n{REASON}", "2:1: the subject 'import:' has no name after the colon"),
        (
            f"subject = 'My-Db'\nis = 'private'\n{REASON}",
            "2:1: the subject 'My-Db' is no logical ID (letters and digits)",
        ),
        (
            f"subject = 'Db'\nis = 'privat'\n{REASON}",
            "3:1: 'is' has to be one of private-subnet, public-subnet, isolated-subnet, admits-only-logic-tier, "
            "private, value: did you mean 'private'?",
        ),
        (
            "subject = 'Db'\nis = 'private'\nreason = 'because'",
            "4:1: an assumption has to have a 'reason' of at least 10 characters",
        ),
        (
            "subject = 'Db'\nis = 'private'",
            "1:3: an assumption has to have a 'reason' of at least 10 characters",
        ),
        (
            f"subject = 'Db'\nis = 'private'\n{REASON}\nvalue = 'x'",
            "5:1: 'value' goes with is = \"value\" only",
        ),
        (
            f"subject = 'import:x'\nis = 'value'\n{REASON}",
            "1:3: is = \"value\" needs a 'value': a text or a list of texts",
        ),
        (
            f"subject = 'Db'\nis = 'value'\nvalue = 'x'\n{REASON}",
            "3:1: only a parameter or an import can be assumed to have a value",
        ),
        (
            f"subject = 'Db'\nis = 'private'\nuntil = 'soon'\n{REASON}",
            "4:1: 'assume.until' has to be a date such as 2026-12-31, not 'soon'",
        ),
        (
            f"subject = 'Db'\nis = 'private'\nuntill = 2026-12-31\n{REASON}",
            "4:1: unknown key 'untill': did you mean 'until'?",
        ),
    ],
)
def test_wrong_entries_are_refused(tmp_path, entry, message):
    assert refusal_of(tmp_path, f"[[assume]]\n{entry}\n") == f"tierlens.toml:{message}"


def test_contradictions_are_refused_and_other_pairs_are_not(tmp_path):
    pair = "[[assume]]\nsubject = 'X'\nis = '{}'\n" + REASON + "\n"
    both = pair.format("private-subnet") + pair.format("public-subnet")
    assert refusal_of(tmp_path, both) == (
        "tierlens.toml:5:3: 'X' is assumed to be 'public-subnet', but line 1 already assumes 'private-subnet'"
    )
    assert len(assume(tmp_path, pair.format("private") + pair.format("private-subnet"))) == 2


def test_a_table_in_place_of_an_array_is_refused(tmp_path):
    assert refusal_of(tmp_path, "[assume]\nsubject = 'X'\n") == (
        "tierlens.toml:1:2: 'assume' has to be an array of tables: [[assume]], not a table"
    )
