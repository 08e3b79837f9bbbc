"""FUNC009: what a function logs is kept for ever."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.logs import LogTarget, log_target, retention_of
from validator.graph.functions.triggers import FUNCTION
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_FUNCTION = """\
Resources:
  Book:{mark}
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
"""
_GROUP = """\
  BookLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Book}", RetentionInDays: 30}
"""


class LogsKeptForEver(Rule):
    """The log group of a function has no retention.

    ## What it proves
    The log group that the function writes to is in the template and has `RetentionInDays`. The group is the one that
    `LoggingConfig.LogGroup` names, else `/aws/lambda/<name>`, by a reference to the function or by the same name.

    ## Why it matters
    Lambda makes a missing group itself, and its entries never expire: they cost money each month, and what is
    personal in them stays.

    ## How to fix
    Write an `AWS::Logs::LogGroup` with `RetentionInDays`, and name it in `LoggingConfig.LogGroup` of the function.

    ## What it cannot see
    A group that another stack or a script makes, or a retention set for the whole account by other means. A group
    that is named and kept elsewhere: *unknown*.

    ## References
    Lambda Developer Guide, *Configuring CloudWatch log groups*; Serverless Lens, COST 1.
    """

    meta = RuleMeta(
        id="FUNC009",
        title="What a function logs is kept for ever",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A log group that Lambda makes never expires.",
        subjects=(FUNCTION,),
        lens=("COST1.a2",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",),
        since="0.2",
    )
    examples = (
        Example.fails("no group in the template", _FUNCTION.format(mark=" # <- finding")),
        Example.passes("a group of its own with a retention", _FUNCTION.format(mark="") + _GROUP),
        Example.unknown(
            "the retention is a parameter",
            "Parameters: {Days: {Type: Number}}\n"
            + _FUNCTION.format(mark="")
            + _GROUP.replace("RetentionInDays: 30", "RetentionInDays: !Ref Days"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a function."""
        logs = log_target(graph, subject)
        if logs.group is not None:
            yield self._of_group(subject, logs.group, logs)
        elif logs.missing is not None:
            message = f"{subject.name} writes to a log group that the run does not hold"
            yield self.unknown(subject, message, missing=[logs.missing], at=logs.span)
        elif logs.outside:
            message = f"{subject.name} writes to log group {logs.outside}, which no template of the run makes"
            yield self.unknown(subject, message, missing=[logs.elsewhere()], at=logs.span)
        else:
            where = "workload" if len(graph.scopes) > 1 else "template"
            yield self.fails(
                subject,
                f"{subject.name} has no log group in this {where}: Lambda makes one whose entries never expire",
                evidence=[subject.states("is named by no AWS::Logs::LogGroup and names none")],
                fix=f"Add an AWS::Logs::LogGroup with RetentionInDays, and set on {subject.name}: "
                "LoggingConfig: {LogGroup: !Ref <Group>}.",
            )

    def _of_group(self, subject: Resource, group: Resource, logs: LogTarget) -> Judgement:
        days = retention_of(group)
        step = subject.states(f"writes to {group.name}", logs.span)
        if days.is_absent:
            return self.fails(
                subject,
                f"{subject.name} writes to {group.name}, whose entries never expire",
                evidence=[step, group.states("has no RetentionInDays")],
                fix=f"Set on {group.name}: RetentionInDays: 30 (or as long as you need).",
                at=group.span,
            )
        if days.missing is not None and days.literal is None:
            message = f"{subject.name} writes to {group.name}, whose retention is not known"
            return self.unknown(subject, message, missing=[days.missing], evidence=[step], at=group.span)
        message = f"{subject.name} writes to {group.name}, whose entries expire"
        evidence = [step, group.states(f"keeps entries {days.literal or 'some'} days", days.span)]
        return self.passes(subject, message, evidence=evidence)
