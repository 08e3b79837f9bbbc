"""IAM004: a broad AWS managed policy is attached."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.iam.identities import Attachment, attachments_of
from validator.graph.iam.managed import Breadth, ManagedPolicy, judged
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_BASIC = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.12
"""


_UNREAD = "how much it grants is not recorded here"


class BroadManagedPolicy(Rule):
    """## What it proves
    No role, user, group or permission set has an AWS managed policy that opens a whole service or the whole account.
    Only policies of the account `aws` count (`arn:…:iam::aws:policy/…`, in SAM the bare name); a policy of your own
    is judged by its content, whatever its name. The basics that a service needs (`AWSLambdaBasicExecutionRole`,
    X-Ray, network interfaces) pass, and so do the queue, stream and MSK execution roles, which SAM attaches unasked.

    ## Why it matters
    `AmazonDynamoDBFullAccess` on one function opens every table of the account, and it changes when AWS changes it.

    ## How to fix
    Replace it by a statement with the actions and the resource that are used; in SAM by a policy template.

    ## What it cannot see
    What a customer's managed policy grants that the run does not define: *unknown*. An AWS managed policy that is on
    no list of broad ones passes; its statements are not read.

    ## References
    - IAM User Guide, *AWS managed policies*
    - AWS Managed Policy Reference Guide
    """

    meta = RuleMeta(
        id="IAM004",
        title="A broad AWS managed policy",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        why="AWS managed policies are written for every customer and open whole services.",
        subjects=("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet"),
        lens=("SEC2.a3",),
        references=(
            "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html",
        ),
    )
    examples = (
        Example.fails(
            "full access to DynamoDB",
            """\
Resources:
  WorkerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess # <- finding
""",
        ),
        Example.passes("the basics, and a policy template", f"{_BASIC}      Policies: [AWSXrayWriteOnlyAccess]\n"),
        Example.unknown(
            "a customer's policy that the run does not define",
            f"{_BASIC}      Policies: ['arn:aws:iam::111122223333:policy/TeamAccess']\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict an attached managed policy; those of the run are judged where they stand."""
        for attachment in attachments_of(subject, graph):
            if attachment.resource is not None:
                continue
            if attachment.aws_name is None:
                yield self._unread(subject, attachment)
            else:
                yield self._judged(subject, attachment, judged(attachment.aws_name))

    def _judged(self, subject: Resource, attachment: Attachment, policy: ManagedPolicy) -> Judgement:
        target = f"policy {policy.name}"
        step = subject.states(f"has the AWS managed policy {policy.name}", attachment.span)
        match policy.breadth:
            case Breadth.BROAD:
                gone = f"; AWS deprecated it, a new stack cannot attach it ({policy.replacement} replaced it)"
                return self.fails(
                    subject,
                    f"{subject.name} has the AWS managed policy {policy.name}, which opens far more than one resource"
                    + (gone if policy.replacement else ""),
                    evidence=[step],
                    fix=_fix(subject, policy.name),
                    at=attachment.span,
                    target=target,
                    severity=policy.severity,
                )
            case Breadth.BASIC:
                message = f"{subject.name} has {policy.name}, which a service needs to run"
            case Breadth.SOURCE_READER:
                message = (
                    f"{subject.name} has {policy.name}, which reads every queue or stream: SAM attaches it unasked"
                )
            case Breadth.UNRECORDED:
                message = f"{subject.name} has {policy.name}, which is on no list of broad policies; " + _UNREAD
        return self.passes(subject, message, evidence=[step], at=attachment.span, target=target)

    def _unread(self, subject: Resource, attachment: Attachment) -> Judgement:
        missing = attachment.missing or Missing("the policy is not known", "write its ARN", "policy")
        return self.unknown(
            subject,
            f"{subject.name} has a managed policy that cannot be read: {missing.what}",
            missing=[missing],
            evidence=[subject.states("attaches it", attachment.span)],
            at=attachment.span,
            target=f"policy {attachment.value}" if attachment.value.missing is None else f"policy {missing.key}",
        )


def _fix(subject: Resource, name: str) -> str:
    if subject.origin.resource_type.startswith("AWS::Serverless"):
        return (
            f"In Policies, replace {name} by a policy template with the resource's name, "
            "for example DynamoDBReadPolicy: {TableName: !Ref Table}."
        )
    return f"Remove {name} from ManagedPolicyArns and list the actions and the resource that are used under Policies."
