"""FUNC016: a caller waits for a slow start."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.callers import callers_of
from validator.graph.functions.triggers import ALIAS, FUNCTION, LATEST, VERSION
from validator.graph.functions.waiting import waits_for
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Book:{mark}
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java21
      Handler: shop.Book
      CodeUri: s3://builds/book.jar
{more}      Events: {{Get: {{Type: HttpApi, Properties: {{Path: /, Method: get}}}}}}
"""


class SlowFirstCall(Rule):
    """A Java function answers an API and starts from nothing, or its SnapStart is not in use.

    ## What it proves
    A function that an API waits for and whose calls reach a published version has SnapStart, or its alias has
    provisioned concurrency: pass. Fails where SnapStart is on and an API calls `$LATEST`, which has no snapshot, and
    where a Java function has neither. Functions of other runtimes start quickly enough to be left alone.

    ## Why it matters
    A Java function takes seconds to start. Whoever calls it first waits for that.

    ## How to fix
    Set `SnapStart: {ApplyOn: PublishedVersions}` and publish an alias (SAM: `AutoPublishAlias: live`).

    ## What it cannot see
    How long the start takes; native images, which need neither (their runtime is `provided`).

    ## References
    Lambda Developer Guide, *Improving startup performance with Lambda SnapStart*.
    """

    meta = RuleMeta(
        id="FUNC016",
        title="A caller waits for a slow start",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A Java function that starts from nothing keeps its first caller waiting for seconds.",
        subjects=(FUNCTION,),
        lens=("PERF1.a1",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",),
        since="0.2",
    )
    examples = (
        Example.fails("Java behind an API", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes(
            "with SnapStart and an alias",
            _TEMPLATE.format(
                mark="", more="      SnapStart: {ApplyOn: PublishedVersions}\n      AutoPublishAlias: live\n"
            ),
        ),
        Example.unknown(
            "a parameter switches it on",
            "Parameters: {Snap: {Type: String}}\n"
            + _TEMPLATE.format(mark="", more="      SnapStart: {ApplyOn: !Ref Snap}\n      AutoPublishAlias: live\n"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges functions that an API waits for."""
        waits = waits_for(graph, subject)
        if not waits:
            return
        entry = waits[0].caller.states(f"calls {subject.name} and waits", waits[0].span)
        snap = subject.prop("SnapStart", "ApplyOn")
        ready = _provisioned(graph, subject)
        if ready is not None:
            yield self.passes(subject, f"{subject.name} has instances that are kept ready", evidence=[entry, ready])
        elif snap.literal == "PublishedVersions":
            yield self._of_snapshot(subject, graph, entry)
        elif (subject.prop("Runtime").literal or "").startswith("java"):
            if snap.missing is not None:
                message = f"{subject.name}: whether it starts from a snapshot is not known"
                yield self.unknown(subject, message, missing=[snap.missing], evidence=[entry])
                return
            runtime = subject.prop("Runtime")
            yield self.fails(
                subject,
                f"{subject.name} ({runtime.literal}) answers {waits[0].shown} and starts from nothing",
                evidence=[entry, subject.states("has neither SnapStart nor provisioned concurrency", runtime.span)],
                fix=_fix(subject, runtime.literal or ""),
            )

    def _of_snapshot(self, subject: Resource, graph: Architecture, entry: Evidence) -> Judgement:
        past = [one for one in callers_of(graph, subject) if one.qualifier == LATEST]
        on = subject.states("has SnapStart for published versions", subject.property_span("SnapStart"))
        if not past:
            return self.passes(subject, f"{subject.name} starts from a snapshot", evidence=[entry, on])
        step = past[0].resource.states("calls $LATEST, which has no snapshot", past[0].span)
        return self.fails(
            subject,
            f"{subject.name} has SnapStart, and {past[0].shown} calls the version that has no snapshot",
            evidence=[on, step],
            fix=f"Publish an alias of {subject.name} (AutoPublishAlias: live) and call it.",
        )


def _provisioned(graph: Architecture, function: Resource) -> Evidence | None:
    for one in graph.referrers(function, ALIAS, VERSION):
        written = one.prop("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
        if not written.is_absent:
            return one.states("keeps instances ready", written.span)
    return None


def _fix(subject: Resource, runtime: str) -> str:
    if runtime.startswith("java8"):  # SnapStart begins with Java 11
        return f"Move {subject.name} to a newer runtime, or give its alias a ProvisionedConcurrencyConfig."
    return f"Set on {subject.name}: SnapStart: {{ApplyOn: PublishedVersions}}, and call an alias."
