"""API018: a deployment that may be made before the methods that it deploys."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.deployments import methods_left_out
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_SHOWN = 4
_TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
  Release:MARK
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
"""


class DeploymentBeforeItsMethods(Rule):
    """A deployment of a REST API that does not depend on the API's methods.

    ## What it proves
    Each `AWS::ApiGateway::Deployment` depends, by `DependsOn` or by a reference (also through others), on every
    method resource of its API in the same template.

    ## Why it matters
    A deployment is a snapshot. CloudFormation may make it before a method it does not depend on: the method then
    answers 403 on the stage, or, where there is none yet, the deployment fails (*The REST API doesn't contain any
    methods*).

    ## How to fix
    List the methods in `DependsOn` of the deployment.

    ## What it cannot see
    Whether a new deployment is made when a method changes later: a snapshot follows a change only when its logical ID
    changes with it, as it does in SAM and the CDK. One template does not tell.

    ## References
    CloudFormation Template Reference: `AWS::ApiGateway::Deployment`.
    """

    meta = RuleMeta(
        id="API018",
        title="A deployment may be made before its methods",
        category=Category.API_OPERATIONS,
        severity=Severity.MEDIUM,
        why="The stage then lacks methods, or the deployment of the stack fails.",
        subjects=(rest.DEPLOYMENT,),
        lens=("OPS2.a1",),
        references=(
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("no DependsOn", _TEMPLATE.replace("MARK", "  # <- finding")),
        Example.passes("it depends on the method", _TEMPLATE.replace("MARK", "\n    DependsOn: List")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each deployment of an API with method resources."""
        before, after = methods_left_out(graph, subject)
        if not after:
            if before:
                step = subject.states(f"depends on {before[0].name}")
                message = f"{subject.name} is made after every method that it deploys ({len(before)})"
                yield self.passes(subject, message, evidence=(step,))
            return
        names = ", ".join(one.name for one in after[:_SHOWN])
        more = f" and {len(after) - _SHOWN} more" if len(after) > _SHOWN else ""
        steps = [subject.states(f"does not depend on {one.name}", one.span) for one in after[:_SHOWN]]
        message = f"{subject.name} may be made before {names}{more}, which it then does not deploy"
        wanted = ", ".join(one.logical_id for one in (*before, *after))
        fix = f"set DependsOn on {subject.name} (DependsOn: [{wanted}])"
        yield self.fails(subject, message, evidence=steps, fix=fix)
