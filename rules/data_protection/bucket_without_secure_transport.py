"""PROT003: a bucket whose policy does not deny plain HTTP."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.buckets.usage import BUCKET
from validator.graph.protection.answer import Answer
from validator.graph.protection.bucket_transport import secure_transport
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class BucketWithoutSecureTransport(ProtectionRule):
    """A bucket whose policy does not deny plain HTTP.

    ## What it proves
    A policy of the bucket denies everyone who comes without TLS (`aws:SecureTransport` false).

    ## Why it matters
    S3 answers HTTP as well as HTTPS; a signed URL or an old client then sends data in clear.

    ## How to fix
    Add the Deny statement that the finding shows to the bucket policy.

    ## What it cannot see
    A policy that another stack or person attaches. CloudFront signs its requests over HTTPS; the Deny holds for
    everybody else.

    ## References
    S3 User Guide, *Security best practices for Amazon S3*.
    """

    meta = RuleMeta(
        id="PROT003",
        title="A bucket answers over plain HTTP",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="S3 answers over HTTP too, so objects can cross the network in clear.",
        subjects=(BUCKET,),
        lens=("SEC2.a1",),
        references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "no policy",
            """\
Resources:
  Articles: {Type: AWS::S3::Bucket} # <- finding
""",
        ),
        Example.passes(
            "plain HTTP is denied",
            """\
Resources:
  Articles: {Type: AWS::S3::Bucket}
  OnlyTls:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Articles
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Articles.Arn, !Sub "${Articles.Arn}/*"]
            Condition: {Bool: {aws:SecureTransport: "false"}}
""",
        ),
        Example.unknown(
            "the policy is a parameter",
            """\
Parameters: {Document: {Type: String}}
Resources:
  Articles: {Type: AWS::S3::Bucket} # <- finding
  OnlyTls:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Articles, PolicyDocument: !Ref Document}
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether plain HTTP is denied."""
        return secure_transport(graph, subject)
