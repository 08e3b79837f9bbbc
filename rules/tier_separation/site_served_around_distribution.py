"""TIER006: a site's bucket is served without or around its distribution."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.buckets.exposure import acl_of, bucket_policies, public_access_block
from validator.graph.buckets.sites import Door, FrontDoor, door_of, front_door
from validator.graph.buckets.usage import BucketOrigin, bucket_origins, use_of
from validator.graph.iam.policies import Policy
from validator.graph.iam.public import PublicGrant
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_SITE: Final = """\
Resources:
  Site:
    Type: AWS::S3::Bucket
  Web:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {{TargetOriginId: site, ViewerProtocolPolicy: https-only}}
        Origins:
          - Id: site{mark}
            DomainName: !GetAtt Site.RegionalDomainName
            S3OriginConfig: {{OriginAccessIdentity: ""}}
            {access}
"""


class SiteServedAroundDistribution(Rule):
    """## What it proves
    A site's bucket is read through its distribution only: each S3 origin has an origin access control (or the older
    identity), no origin is a website endpoint, and the bucket's policy and ACL admit nobody but that distribution.

    ## Why it matters
    A second way to the objects goes around the web ACL, the headers and the logs of the distribution.

    ## How to fix
    Set `OriginAccessControlId` on the origin, use the bucket's regional domain name, and let the policy admit
    `cloudfront.amazonaws.com` with `AWS:SourceArn` of the distribution.

    ## What it cannot see
    ACLs of single objects; buckets that are named by an import (*unknown*).

    ## References
    - CloudFront Developer Guide, *Restrict access to an Amazon S3 origin*
    - AWS Serverless Multi-Tier Architectures, *Single-page application*
    """

    meta = RuleMeta(
        id="TIER006",
        title="A site that is served around its distribution",
        category=Category.TIER_SEPARATION,
        severity=Severity.MEDIUM,
        why="A second way to the site goes around everything that the distribution enforces.",
        subjects=("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::CloudFront::Distribution"),
        lens=("SEC2.a1",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
        ),
    )
    examples = (
        Example.fails(
            "an origin without access control",
            _SITE.format(mark=" # <- finding", access="ConnectionAttempts: 3"),
        ),
        Example.passes(
            "an origin with origin access control",
            _SITE.format(mark="", access="OriginAccessControlId: !Ref Access")
            + """\
  Access:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        {Name: a, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4}
""",
        ),
        Example.unknown(
            "the access control is a parameter without value",
            _SITE.format(mark="", access="OriginAccessControlId: !Ref Access")
            + "Parameters: {Access: {Type: String}}\n",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Origins at the distribution, the policy's statements at the policy, the ACL at the bucket."""
        if subject.type == "AWS::CloudFront::Distribution":
            for origin in bucket_origins(subject, graph):
                yield self._origin(subject, origin, graph)
        elif subject.type == "AWS::S3::BucketPolicy":
            yield from self._policies(subject, graph)
        elif use_of(subject, graph).is_site_only:
            yield self._bucket(subject)

    def _origin(self, distribution: Resource, origin: BucketOrigin, graph: Architecture) -> Judgement:
        door, missing = door_of(origin, graph)
        target, at = f"origin {origin.id}", origin.value.span
        bucket = origin.name
        step = distribution.states(f"reads {bucket} by {target}", at)
        if door is Door.UNKNOWN and missing is not None:
            message = f"{distribution.name} reads {bucket} with an access control that is not known"
            return self.unknown(distribution, message, missing=[missing], evidence=[step], at=at, target=target)
        if door is Door.CONTROLLED:
            message = f"{distribution.name} signs its requests to {bucket}"
            return self.passes(distribution, message, evidence=[step], at=at, target=target)
        needs = (
            "which only answers when the bucket is public" if door is Door.WEBSITE else "so the bucket must be public"
        )
        return self.fails(
            distribution,
            f"{distribution.name} reads {bucket} {door.value}, {needs} ({target})",
            evidence=[step],
            fix=f"In {target} of {distribution.name}, set DomainName to the bucket's regional domain name and "
            "OriginAccessControlId to an AWS::CloudFront::OriginAccessControl.",
            at=at,
            target=target,
        )

    def _policies(self, holder: Resource, graph: Architecture) -> Iterator[Judgement]:
        bucket = graph.target(holder.prop("Bucket"), "AWS::S3::Bucket")
        if not isinstance(bucket, Resource) or not use_of(bucket, graph).is_site:
            return
        for one in bucket_policies(holder):
            for grant in one.grants:
                yield self._everyone(holder, bucket, one.policy, grant)
            statements = () if one.policy.missing is not None else one.policy.statements
            for door in filter(None, (front_door(statement, graph) for statement in statements)):
                yield self._cloudfront(holder, bucket, one.policy, door)

    def _everyone(self, holder: Resource, bucket: Resource, policy: Policy, grant: PublicGrant) -> Judgement:
        target = f"statement {grant.statement.number}"
        at = grant.statement.element_span("Principal", "NotPrincipal")
        steps = [policy.states(grant.statement, "admits everyone", at)]
        if grant.missing is not None:
            message = f"{holder.name} opens the site {bucket.name} under a condition that is not known ({target})"
            return self.unknown(holder, message, missing=[grant.missing], evidence=steps, at=at, target=target)
        if not grant.is_public:
            message = f"{holder.name} admits to the site {bucket.name} only {grant.narrowed.by} ({target})"
            return self.passes(holder, message, evidence=steps, at=at, target=target)
        refused = public_access_block(bucket).is_on("BlockPublicPolicy")
        note = "; as it stands, deployment refuses the policy" if refused else ""
        return self.fails(
            holder,
            f"{holder.name} lets everyone read the site {bucket.name} without its distribution{note} ({target})",
            evidence=[*steps, bucket.states("serves a site")],
            fix=f"In {target} of {holder.name}, set Principal to {{Service: cloudfront.amazonaws.com}} and Condition "
            "to {StringEquals: {AWS:SourceArn: <the distribution's ARN>}}.",
            at=at,
            target=target,
            severity=Severity.LOW if refused else Severity.HIGH,
        )

    def _cloudfront(self, holder: Resource, bucket: Resource, policy: Policy, door: FrontDoor) -> Judgement:
        target = f"statement {door.statement.number}"
        at = door.statement.element_span("Condition", "Principal")
        steps = [policy.states(door.statement, f"admits {door.phrase}", at)]
        if door.missing is not None:
            message = f"{holder.name} admits {door.phrase} to {bucket.name} ({target})"
            return self.unknown(holder, message, missing=[door.missing], evidence=steps, at=at, target=target)
        if door.fits:
            message = f"{holder.name} admits one distribution to {bucket.name} ({target})"
            return self.passes(holder, message, evidence=steps, at=at, target=target)
        of_account = "of the account" in door.phrase
        return self.fails(
            holder,
            f"{holder.name} admits {door.phrase} to {bucket.name} ({target})",
            evidence=steps,
            fix=f"In {target} of {holder.name}, set Condition to {{StringEquals: {{AWS:SourceArn: "
            "!Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/${Distribution}'}}.",
            at=at,
            target=target,
            severity=Severity.LOW if of_account else Severity.MEDIUM,
        )

    def _bucket(self, bucket: Resource) -> Judgement:
        acl, block = acl_of(bucket), public_access_block(bucket)
        steps = [bucket.states("serves a site", block.span)]
        if acl is not None and acl.missing is not None:
            message = f"{bucket.name} serves a site and has an ACL that is not known"
            return self.unknown(bucket, message, missing=[acl.missing], evidence=steps, at=acl.span, target="ACL")
        if acl is None or not acl.is_public:
            message = f"{bucket.name} opens the site to nobody by its ACL"
            return self.passes(bucket, message, evidence=steps, target="ACL")
        refused = not acl.enabled or block.is_on("BlockPublicAcls") or block.is_on("IgnorePublicAcls")
        note = "; as it stands, deployment refuses the ACL" if refused else ""
        return self.fails(
            bucket,
            f"{bucket.name} opens the site to everyone by its ACL {acl.name}{note}",
            evidence=[*steps, bucket.states(f"has the ACL {acl.name}", acl.span)],
            fix=f"Remove AccessControl from {bucket.name} and serve it by a distribution with origin access control.",
            at=acl.span,
            target="ACL",
            severity=Severity.LOW if refused else Severity.HIGH,
        )
