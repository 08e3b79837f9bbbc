"""FUNC020: an alarm tells nobody."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.alarms import ALARM, COMPOSITE, listeners
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Calls: {{Type: AWS::SNS::Topic}}
  Errors:{mark}
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Threshold: 0
{more}"""


class SilentAlarm(Rule):
    """An alarm changes its state and nothing happens.

    ## What it proves
    An alarm has `AlarmActions`, or something acts on its state: a composite alarm, a gradual deployment, a health
    check. An alarm whose actions are switched off fails in any case.

    ## Why it matters
    Nobody looks at alarms; alarms call.

    ## How to fix
    Set `AlarmActions: [!Ref <Topic>]`, and `ActionsEnabled: true` where it is switched off.

    ## What it cannot see
    Rules of EventBridge outside the run that listen to alarm states; who reads the topic.

    ## References
    CloudWatch User Guide, *Using Amazon CloudWatch alarms: alarm actions*.
    """

    meta = RuleMeta(
        id="FUNC020",
        title="An alarm tells nobody",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="An alarm without an action changes a colour on a page that nobody watches.",
        subjects=(ALARM, COMPOSITE),
        lens=("OPS1.a1",),
        references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",),
        since="0.2",
    )
    examples = (
        Example.fails("no action", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes("it calls a topic", _TEMPLATE.format(mark="", more="      AlarmActions: [!Ref Calls]\n")),
        Example.unknown(
            "a list parameter",
            "Parameters: {Actions: {Type: CommaDelimitedList}}\n"
            + _TEMPLATE.format(mark="", more="      AlarmActions: !Ref Actions\n"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict an alarm."""
        enabled, actions = subject.prop("ActionsEnabled"), subject.prop("AlarmActions")
        listening = listeners(graph, subject)
        rules = [one for one in graph.existing("AWS::Events::Rule") if _hears_alarms(one)]
        if listening:
            step = listening[0].states(f"acts on the state of {subject.name}")
            yield self.passes(subject, f"{subject.name} is acted on by {listening[0].name}", evidence=[step])
        elif enabled.boolean() is False:
            yield self.fails(
                subject,
                f"{subject.name} has its actions switched off",
                evidence=[subject.states("has ActionsEnabled false", enabled.span)],
                fix=f"Set on {subject.name}: ActionsEnabled: true, or remove the property.",
                at=enabled.span,
            )
        elif actions.missing is None and _items(actions):
            step = subject.states("has AlarmActions", actions.span)
            yield self.passes(subject, f"{subject.name} has an action", evidence=[step])
        elif actions.missing is not None:
            missing = actions.missing
            message = f"{subject.name}: whom it calls is not known"
            yield self.unknown(subject, message, missing=[missing], at=actions.span)
        elif rules:
            step = rules[0].states("listens to the states of alarms")
            yield self.passes(subject, f"{subject.name} is heard by {rules[0].name}", evidence=[step])
        else:
            yield self.fails(
                subject,
                f"{subject.name} tells nobody: it has no AlarmActions",
                evidence=[subject.states("has no AlarmActions, and nothing refers to it")],
                fix=f"Set on {subject.name}: AlarmActions: [!Ref <Topic>].",
            )


def _items(actions: Value) -> tuple[Value, ...]:
    """The actions that are written, those kept elsewhere too."""
    return tuple(one for one in actions.items() if not one.is_absent and one.literal != "")


def _hears_alarms(rule: Resource) -> bool:
    sources = rule.prop("EventPattern", "source").items()
    return any(source.literal == "aws.cloudwatch" for source in sources)
