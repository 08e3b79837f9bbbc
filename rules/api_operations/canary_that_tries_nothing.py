"""API017: a canary that takes no traffic, all of it, or serves what the stage serves."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ALL = 100.0
_STAGE = """\
Parameters:
  Share: {Type: AWS::SSM::Parameter::Value<String>}
Resources:
  Old:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !ImportValue tickets-api}
  New:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !ImportValue tickets-api}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !ImportValue tickets-api
      StageName: live
      DeploymentId: !Ref Old
      CanarySetting: {DeploymentId: !Ref CANARY, PercentTraffic: PERCENT}MARK
"""


class CanaryThatTriesNothing(Rule):
    """A canary of a stage that tries nothing out.

    ## What it proves
    Where a stage has a canary, it takes more than 0 and less than 100 percent of the traffic, and serves another
    deployment than the stage, or stage variables of its own.

    ## Why it matters
    A canary that takes no traffic, or serves the same as the stage, finds no fault before everybody meets it.

    ## How to fix
    Set `PercentTraffic` (say 10) and the `DeploymentId` of the new deployment in `CanarySetting`.

    ## What it cannot see
    What the two deployments hold, and who looks at the canary's logs. Stages without a canary are not judged:
    functions may shift traffic by aliases instead.

    ## References
    API Gateway Developer Guide: *Set up an API Gateway canary release deployment*.
    """

    meta = RuleMeta(
        id="API017",
        title="A canary tries nothing out",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="A new version reaches everybody at once, though the template says otherwise.",
        subjects=(rest.STAGE, rest.DEPLOYMENT),
        lens=("OPS2.a3",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the canary serves what the stage serves",
            _STAGE.replace("CANARY", "Old").replace("PERCENT", "10").replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "a tenth of the traffic tries the new deployment",
            _STAGE.replace("CANARY", "New").replace("PERCENT", "10").replace("MARK", ""),
        ),
        Example.unknown(
            "an input decides the share",
            _STAGE.replace("CANARY", "New").replace("PERCENT", "!Ref Share").replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each canary."""
        name = "CanarySetting" if subject.type == rest.STAGE else "DeploymentCanarySettings"
        canary = subject.prop(name)
        if canary.is_absent:
            return
        at = canary.span
        share = canary.get("PercentTraffic")
        flaw = _flaw_of_share(share) or _flaw_of_content(subject, canary)
        if flaw:
            step = subject.states(f"has a canary that {flaw}", at)
            snippet = f"{name}: {{PercentTraffic: 10, DeploymentId: !Ref NewDeployment}}"
            fix = f"set {name} on {subject.name} so that a part of the traffic tries something new ({snippet})"
            yield self.fails(subject, f"{subject.name} has a canary that {flaw}", evidence=(step,), fix=fix, at=at)
            return
        missing = canary.missing or share.missing
        if missing is not None:
            message = f"{subject.name} has a canary that is not decided: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), at=at)
            return
        step = subject.states(f"sends {share.literal} percent of the traffic to a canary", at)
        yield self.passes(subject, f"{subject.name} tries a new deployment by a canary", evidence=(step,), at=at)


def _flaw_of_share(share: Value) -> str:
    if share.is_absent:
        return "takes no traffic: PercentTraffic is not set, and 0 by default"
    try:
        percent = float(share.literal or "")
    except ValueError:
        return ""
    if percent <= 0:
        return "takes no traffic: PercentTraffic is 0"
    return f"takes all traffic: PercentTraffic is {share.literal}" if percent >= _ALL else ""


def _flaw_of_content(subject: Resource, canary: Value) -> str:
    """A canary of a stage that serves the stage's own deployment with the stage's own variables."""
    own, of_stage = canary.get("DeploymentId"), subject.prop("DeploymentId")
    if subject.type != rest.STAGE or not canary.get("StageVariableOverrides").is_absent or canary.missing is not None:
        return ""
    if own.is_absent:
        return "serves the stage's own deployment: it names none"
    same = own.reference is not None and own.reference == of_stage.reference
    literal = own.literal is not None and own.literal == of_stage.literal
    return "serves the stage's own deployment" if same or literal else ""
