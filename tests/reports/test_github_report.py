import re
from dataclasses import replace

from reports.github import writer
from tests.reports.conftest import (
    FOREIGN,
    OPEN_METHOD,
    PROVEN,
    REFUTED,
    SUPPRESSED_HEALTH,
    TICKETS,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import ReportOptions, ReportWriter, Review, Severity, Span

OPTIONS = ReportOptions(fail_on=Severity.MEDIUM)


def lines(review: Review, options: ReportOptions = OPTIONS) -> list[str]:
    return writer.write(review, options).splitlines()


def alone(review: Review) -> Review:
    return replace(review, engines=(), settling=())


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "github"


def test_the_worst_come_first(gate: Review) -> None:
    found = [re.match(r"::(\w+) .*?title=([^:,]*)::", line) for line in lines(gate)[:-1]]
    assert [(match[1], match[2]) for match in found if match] == [
        ("error", "unreadable"),
        ("error", "engine-failed"),
        ("error", "IAM001 Create (critical)"),
        ("error", "AUTH001 TicketsApi GET /tickets (high)"),
        ("error", "AUTH001 TicketsApi GET /shows (high)"),
        ("notice", "tierlens%3A unknown"),
        ("notice", "checkov CKV_AWS_16 Database (low)"),
    ]


def test_an_annotation(gate: Review) -> None:
    assert lines(only(alone(gate), OPEN_METHOD)) == [
        f"::error file={TICKETS},line=15,endLine=15,col=9,endColumn=11,"
        "title=AUTH001 TicketsApi GET /tickets (high)::"
        "TicketsApi answers GET /tickets to anyone: the method has no authorizer and the API has no default.%0A"
        "When IsProd is false (not with the default parameters).%0A"
        "Fix: Give the API a default authorizer:%0A  Auth:%0A    DefaultAuthorizer: Users%0A    Authorizers:%0A"
        "      Users: {UserPoolArn: !GetAtt UserPool.Arn}",
        "tierlens: 1 fail, 0 unknown, 0 suppressed, 0 refuted, 0 pass; 1 close the gate (at or above medium)",
    ]


def test_columns_stand_only_within_one_line(gate: Review) -> None:
    several = replace(WILDCARD, span=Span("a.yaml", 3, 5, 9, 1))
    empty = replace(WILDCARD, span=Span("a.yaml", 3, 5, 3, 5))
    assert lines(only(alone(gate), several))[0].startswith("::error file=a.yaml,line=3,endLine=9,title=")
    assert lines(only(alone(gate), empty))[0].startswith("::error file=a.yaml,line=3,endLine=3,col=5,endColumn=5,")


def test_what_would_end_a_property_or_a_line_is_escaped(gate: Review) -> None:
    nasty = replace(
        WILDCARD,
        resource="a,b:c%d\n::error::x",
        message="100%\r\n::add-mask::y",
        span=Span("a,b:c%.yaml", 1, 1, 1, 2),
    )
    first, *rest = lines(only(alone(gate), nasty))
    assert first.startswith(
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=1,"
        "title=IAM001 a%2Cb%3Ac%25d\\n%3A%3Aerror%3A%3Ax (critical)::100%25\\r\\n::add-mask::y%0AFix: "
    )
    assert len(rest) == 1
    assert rest[0].startswith("tierlens: ")


def test_only_as_many_as_github_shows(gate: Review) -> None:
    ten = [replace(OPEN_METHOD, target=f"GET /{number}") for number in range(10)]
    assert len(lines(only(alone(gate), *ten))) == 11
    eleven = [*ten, replace(OPEN_METHOD, severity=Severity.CRITICAL, target="GET /worst")]
    found = lines(only(alone(gate), *eleven))
    assert len(found) == 11
    assert "GET /worst" in found[0]
    assert found[9] == (
        "::error title=tierlens::2 more of this level are not shown here: see the step summary or another report"
    )
    mild = [replace(f, severity=Severity.LOW) for f in eleven]
    assert sum(line.startswith("::notice ") for line in lines(only(gate, UNKNOWN_DATABASE, *mild))) == 10


def test_unknowns_are_one_notice_with_the_way_out(gate: Review) -> None:
    found = lines(only(replace(gate, engines=()), UNKNOWN_DATABASE, replace(UNKNOWN_DATABASE, target="x")))
    assert found[0] == (
        "::notice title=tierlens%3A unknown::2 verdicts could not be decided%0A"
        "To settle most: give --parameter SubnetIds=…: 2 unknowns%0ATo settle most: add network.yaml to the run: "
        "1 unknown"
    )
    assert "::notice" not in "".join(lines(only(gate, UNKNOWN_DATABASE), replace(OPTIONS, quiet=True)))


def test_what_needs_nobody_is_only_counted(gate: Review) -> None:
    assert lines(only(alone(gate), PROVEN, REFUTED, SUPPRESSED_HEALTH)) == [
        "tierlens: 0 fail, 0 unknown, 1 suppressed, 1 refuted, 1 pass; 0 close the gate (at or above medium)"
    ]


def test_of_a_compared_run_only_the_changes_own(compared: Review) -> None:
    found = lines(compared)
    assert ["AUTH001" in line for line in found] == [True, True, False]
    assert found[-1] == (
        "tierlens: 4 fail, 3 unknown, 2 suppressed, 1 refuted, 1 pass; 2 new, 1 fixed, 2 unchanged; "
        "2 close the gate (at or above medium); checked by tierlens 0.0.0, cfn-lint 1.58.0"
    )


def test_the_line_for_the_log_gives_no_command(gate: Review) -> None:
    engines = (replace(gate.engines[0], version="##[add-mask]x"),)
    assert "##[" not in lines(only(replace(gate, engines=engines), FOREIGN))[-1]
