"""FUNC084: a pipeline deploys without a test or build before."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_CHECKS = ("Test", "Build")


class PipelineWithoutTest(Rule):
    """A pipeline that deploys what nothing built or tested.

    ## What it proves
    Before the first deploying action of a pipeline stands one that builds or tests. A run without a pipeline is not
    judged: most pipelines are kept elsewhere.

    ## Why it matters
    What is deployed untested is tested by customers.

    ## How to fix
    Add an action of category `Test` (or a CodeBuild action that runs the tests) before the deployment.

    ## What it cannot see
    What the build does, and whether it runs tests; pipelines of the code host.

    ## References
    - Serverless Applications Lens, *Use CI/CD including automated testing across separate accounts*
    """

    meta = RuleMeta(
        id="FUNC084",
        title="A pipeline deploys without a test before",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="What is deployed untested is tested by customers.",
        subjects=("AWS::CodePipeline::Pipeline",),
        lens=("OPS2.a4", "OPS2.a1"),
        references=("https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "source and deployment only",
            """\
Resources:
  Release:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - {Name: Source, Actions: [{Name: Fetch, ActionTypeId: {Category: Source}}]}
        - Name: Deploy
          Actions:
            - {Name: Ship, ActionTypeId: {Category: Deploy}} # <- finding
""",
        ),
        Example.passes(
            "a build before",
            """\
Resources:
  Release:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - {Name: Source, Actions: [{Name: Fetch, ActionTypeId: {Category: Source}}]}
        - {Name: Check, Actions: [{Name: Build, ActionTypeId: {Category: Build}}]}
        - {Name: Deploy, Actions: [{Name: Ship, ActionTypeId: {Category: Deploy}}]}
""",
        ),
        Example.unknown(
            "a parameter decides what stands before",
            """\
Parameters: {Kind: {Type: String}}
Resources:
  Release: # <- finding
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - {Name: First, Actions: [{Name: Fetch, ActionTypeId: {Category: !Ref Kind}}]}
        - {Name: Deploy, Actions: [{Name: Ship, ActionTypeId: {Category: Deploy}}]}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each pipeline that deploys."""
        before, deploying, missing = _before_deployment(subject)
        if deploying is None:
            return
        step = subject.states("deploys", deploying.span)
        check = next((one for one in before if one.get("ActionTypeId", "Category").literal in _CHECKS), None)
        if check is not None:
            first = subject.states("builds or tests before", check.span)
            yield self.passes(subject, f"{subject.name} builds or tests before it deploys", evidence=[first, step])
        elif missing:
            message = f"{subject.name} may deploy without a test: {missing[0].what}"
            yield self.unknown(subject, message, missing=missing, evidence=[step])
        else:
            message = f"{subject.name} deploys without a build or test before"
            fix = f"Add to {subject.name} before the deployment a stage with an action of category Test or Build."
            yield self.fails(subject, message, evidence=[step], fix=fix, at=deploying.span)


def _before_deployment(pipeline: Resource) -> tuple[list[Value], Value | None, list[Missing]]:
    """The actions before the first that deploys, that action, and what is not known of those before it."""
    before: list[Value] = []
    stages = pipeline.prop("Stages")
    missing = [] if stages.missing is None else [stages.missing]
    for action in (action for stage in stages.items() for action in stage.get("Actions").items()):
        category = action.get("ActionTypeId", "Category")
        if category.literal == "Deploy":
            return before, action, missing
        if category.missing is not None:
            missing.append(category.missing)
        before.append(action)
    return before, None, missing
