"""Rules of a few lines, and runs over a few files, for tests of the pipeline and of the command line."""

from collections.abc import Callable, Iterator
from pathlib import Path

from validator.graph import Architecture, Resource
from validator.model import Category, Diagnostic, Evidence, Finding, Missing, Review, Severity, Span
from validator.resolve import Text
from validator.review import ReviewRequest, review
from validator.rulekit import Judgement, Rule, RuleMeta
from validator.settings import Settings, find_settings

Judge = Callable[[Rule, Resource, Architecture], Iterator[Judgement]]


def fake_rule(
    rule_id: str,
    judge: Judge,
    *,
    category: Category = Category.API_AUTH,
    severity: Severity = Severity.HIGH,
    subjects: tuple[str, ...] = ("AWS::SQS::Queue",),
) -> Rule:
    """A rule with this judge."""

    class Fake(Rule):
        """A rule of a test."""

        meta = RuleMeta(rule_id, f"title of {rule_id}", category, severity, f"why {rule_id}", subjects, ("SEC1",))
        examples = ()

        def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
            return judge(self, subject, graph)

    return Fake()


def closed(rule: Rule, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
    """Fails a queue whose QueueName is ``open``, passes ``closed``, leaves open what is not known."""
    name = subject.prop("QueueName")
    match name:
        case Text() if str(name) == "open":
            evidence = Evidence(subject.name, "is named open", name.span)
            yield rule.fails(subject, f"{subject.name} is open", evidence=(evidence,), fix="close it", at=name.span)
        case Text() if name.missing is None:
            yield rule.passes(subject, f"{subject.name} is closed", at=name.span)
        case Text():
            yield rule.unknown(subject, f"{subject.name} is not decided", missing=(name.missing,), at=name.span)
        case _:
            missing = getattr(name, "missing", None) or Missing("no name", "write one", "name")
            yield rule.unknown(subject, f"{subject.name} is not decided", missing=(missing,), at=subject.span)


def raises(rule: Rule, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
    """Fails itself on the resource ``Second``, passes the others."""
    if subject.name == "Second":
        raise KeyError("Missing")
    yield rule.passes(subject, f"{subject.name} is fine")


CLOSED = fake_rule("AUTH001", closed)

OPEN_QUEUE = """\
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: open
"""


def write(folder: Path, files: dict[str, str]) -> None:
    """The files, by their path below the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def check(folder: Path, files: dict[str, str], **request: object) -> Review:
    """Writes the files and reviews the folder; settings come from a ``tierlens.toml`` among the files."""
    write(folder, files)
    settings = find_settings(folder, folder / "tierlens.toml") if "tierlens.toml" in files else Settings()
    arguments: dict[str, object] = {"settings": settings, **request}
    return review(ReviewRequest((str(folder),), folder, **arguments))  # type: ignore[arg-type]  # fields by name


def verdicts(result: Review) -> dict[str, str]:
    """The verdicts by resource; a resource has one."""
    found = {finding.resource: finding.verdict.value for finding in result.findings}
    assert len(found) == len(result.findings), [(f.resource, f.verdict) for f in result.findings]
    return found


def only(result: Review) -> Finding:
    """The one finding."""
    (finding,) = result.findings
    return finding


def remarks(result: Review, code: str) -> list[Diagnostic]:
    """The diagnostics with this code."""
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.code == code]


def at(span: Span | None) -> tuple[str, int, int]:
    """Path, line and column."""
    assert span is not None
    return span.path, span.line, span.column
