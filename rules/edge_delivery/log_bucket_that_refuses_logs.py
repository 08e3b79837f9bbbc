"""EDGE007: a bucket for a distribution's log that CloudFront cannot write to."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.edge.distributions import DISTRIBUTION
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_BUCKET: Final = "AWS::S3::Bucket"
_WITH_ACLS: Final = ("BucketOwnerPreferred", "ObjectWriter")
_TEMPLATE = """\
Parameters:
  Owner: {Type: String}
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      OwnershipControls: {Rules: [{ObjectOwnership: OWNER}]}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Logging: {Bucket: !GetAtt Logs.DomainName}MARK
"""


class LogBucketThatRefusesLogs(Rule):
    """A bucket for standard logs that takes no access control lists.

    ## What it proves
    The bucket that a distribution names in `Logging`, where the run makes it, has `ObjectOwnership` of
    `BucketOwnerPreferred` or `ObjectWriter`, and is named by its domain name. CloudFront delivers standard logs by an
    access control list, and buckets have none unless told so (since April 2023).

    ## Why it matters
    CloudFront refuses the distribution (*The S3 bucket that you specified for CloudFront logs does not enable ACL
    access*), and the deployment fails.

    ## How to fix
    Set `OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}` on the bucket, or deliver logs of
    version 2 by `AWS::Logs::DeliverySource`, which needs no list.

    ## What it cannot see
    Buckets outside the run.

    ## References
    CloudFront Developer Guide: *Standard logging (legacy)*; S3 User Guide: *Controlling ownership of objects*.
    """

    meta = RuleMeta(
        id="EDGE007",
        title="A bucket refuses a distribution's log",
        category=Category.EDGE_DELIVERY,
        severity=Severity.MEDIUM,
        why="CloudFront refuses the distribution, and the deployment fails.",
        subjects=(DISTRIBUTION,),
        lens=("OPS1.a4",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "the bucket takes no lists",
            _TEMPLATE.replace("OWNER", "BucketOwnerEnforced").replace("MARK", "  # <- finding"),
        ),
        Example.passes(
            "the bucket takes lists", _TEMPLATE.replace("OWNER", "BucketOwnerPreferred").replace("MARK", "")
        ),
        Example.unknown(
            "an input decides", _TEMPLATE.replace("OWNER", "!Ref Owner").replace("MARK", "  # <- finding")
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each distribution whose log bucket the run makes."""
        named = subject.prop("DistributionConfig", "Logging", "Bucket")
        bucket = graph.target(named, _BUCKET)
        if not isinstance(bucket, Resource):
            return
        owner = _ownership(bucket)
        if owner.missing is not None:
            message = f"{subject.name} may not be able to log to {bucket.name}: {owner.missing.what}"
            yield self.unknown(subject, message, missing=(owner.missing,), at=named.span)
            return
        how = "not set, so BucketOwnerEnforced" if owner.is_absent else owner.literal
        at = bucket.span if owner.is_absent else owner.span
        steps = (
            subject.states(f"logs to {bucket.name}", named.span),
            bucket.states(f"has ObjectOwnership {how}", at),
        )
        if owner.literal in _WITH_ACLS:
            yield self.passes(subject, f"{subject.name} can log to {bucket.name}", evidence=steps, at=named.span)
            return
        message = f"{subject.name} cannot log to {bucket.name}, which takes no ACLs: its ObjectOwnership is {how}"
        snippet = "OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}"
        yield self.fails(
            subject, message, evidence=steps, fix=f"set OwnershipControls on {bucket.name} ({snippet})", at=named.span
        )


def _ownership(bucket: Resource) -> Value:
    rules = bucket.prop("OwnershipControls", "Rules")
    return next((rule.get("ObjectOwnership") for rule in rules.items()), rules)
