"""TIER005: a bucket that holds data is open to everyone."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.buckets.exposure import (
    BLOCK,
    BucketPolicy,
    PublicAccessBlock,
    acl_of,
    bucket_policies,
    public_access_block,
)
from validator.graph.buckets.usage import use_of
from validator.graph.iam.access import Access, access_of
from validator.graph.iam.conditions import Effect
from validator.graph.iam.public import PublicGrant
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ALL_ON = "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"


class BucketOpenToEveryone(Rule):
    """## What it proves
    No bucket that holds data is open: no canned ACL for everyone (or everyone with an AWS account), no bucket policy
    that admits everyone without a condition that narrows it, and no public access block with switches off. A bucket
    without a block passes, since AWS then switches all four on; a block that is written leaves off what it omits.
    A bucket that only serves a site is judged by TIER006.

    ## Why it matters
    A public bucket leads from the Internet to the data without any code in between. Most leaks of S3 data were that.

    ## How to fix
    Remove the public grant and switch the whole block on. Let people read through CloudFront with an access control,
    and upload with signed addresses that a function hands out.

    ## What it cannot see
    The account's own block, ACLs of single objects, and policies of access points in other templates.

    ## References
    - S3 User Guide, *Blocking public access to your Amazon S3 storage* (the meaning of "public")
    - CloudFormation Template Reference, *AWS::S3::Bucket*
    """

    meta = RuleMeta(
        id="TIER005",
        title="A bucket with data is open to everyone",
        category=Category.TIER_SEPARATION,
        severity=Severity.HIGH,
        why="A public bucket leads from the Internet to the data with no code in between.",
        subjects=("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        lens=("SEC2.a1",),
        references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",),
    )
    examples = (
        Example.fails(
            "a policy for everyone, and nothing that blocks it",
            """\
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*" # <- finding
            Action: s3:GetObject
            Resource: !Sub ${Uploads.Arn}/*
""",
        ),
        Example.passes(
            "everyone, but only through one VPC endpoint",
            """\
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub ${Uploads.Arn}/*
            Condition: {StringEquals: {aws:SourceVpce: vpce-1a2b3c4d}}
""",
        ),
        Example.unknown(
            "the address range is a parameter without value",
            """\
Parameters:
  OfficeRange: {Type: String}
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub ${Uploads.Arn}/*
            Condition: {IpAddress: {aws:SourceIp: !Ref OfficeRange}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """The bucket's own switches at the bucket; its policy's statements at the policy."""
        if subject.type == "AWS::S3::BucketPolicy":
            yield from self._policies(subject, graph)
        elif not use_of(subject, graph).is_site_only:
            holds = use_of(subject, graph).holds
            block = public_access_block(subject)
            yield self._block(subject, block, holds)
            yield from self._acl(subject, block, holds)

    def _block(self, bucket: Resource, block: PublicAccessBlock, holds: str) -> Judgement:
        target = "public access block"
        if block.off:
            names = ", ".join(block.off)
            all_off = len(block.off) == len(block.switches)
            return self.fails(
                bucket,
                f"{bucket.name} holds {holds}, and its public access block leaves {names} off",
                evidence=[bucket.states(f"leaves {names} off", block.span)],
                fix=f"Set {BLOCK} of {bucket.name} to {_ALL_ON}.",
                at=block.span,
                target=target,
                severity=Severity.MEDIUM if all_off else Severity.LOW,
            )
        if block.missing:
            return self.unknown(
                bucket,
                f"{bucket.name} has a public access block that is not known",
                missing=block.missing,
                evidence=[bucket.states("sets its public access block", block.span)],
                at=block.span,
                target=target,
            )
        how = "switches its whole public access block on" if block.written else "has none, so that all is blocked"
        message = f"{bucket.name} blocks public access: it {how}"
        return self.passes(bucket, message, evidence=[bucket.states(how, block.span)], at=block.span, target=target)

    def _acl(self, bucket: Resource, block: PublicAccessBlock, holds: str) -> Iterator[Judgement]:
        acl = acl_of(bucket)
        if acl is None:
            return
        if acl.missing is not None:
            yield self.unknown(
                bucket,
                f"{bucket.name} has an ACL that is not known",
                missing=[acl.missing],
                evidence=[bucket.states("sets AccessControl", acl.span)],
                at=acl.span,
                target="ACL",
            )
        elif acl.is_public:
            refused = not acl.enabled or block.is_on("BlockPublicAcls") or block.is_on("IgnorePublicAcls")
            whom = "every AWS account" if acl.name == "AuthenticatedRead" else "everyone"
            note = "; as it stands, deployment refuses the ACL" if refused else ""
            writes = acl.name == "PublicReadWrite"
            yield self.fails(
                bucket,
                f"{bucket.name} holds {holds} and its ACL {acl.name} opens it to {whom}{note}",
                evidence=[bucket.states(f"has the ACL {acl.name}", acl.span)],
                fix=f"Remove AccessControl from {bucket.name} and set {BLOCK} to {_ALL_ON}.",
                at=acl.span,
                target="ACL",
                severity=Severity.LOW if refused else Severity.CRITICAL if writes else Severity.HIGH,
            )
        else:
            message = f"{bucket.name} has the ACL {acl.name}, which admits nobody from outside"
            evidence = [bucket.states(f"has the ACL {acl.name}", acl.span)]
            yield self.passes(bucket, message, evidence=evidence, at=acl.span, target="ACL")

    def _policies(self, holder: Resource, graph: Architecture) -> Iterator[Judgement]:
        found = graph.target(holder.prop("Bucket"), "AWS::S3::Bucket")
        bucket = found if isinstance(found, Resource) else None
        if bucket is not None and use_of(bucket, graph).is_site_only:
            return
        for one in bucket_policies(holder):
            yield from self._policy(holder, one, bucket)

    def _policy(self, holder: Resource, one: BucketPolicy, bucket: Resource | None) -> Iterator[Judgement]:
        policy = one.policy
        unread = [policy.missing] if policy.missing else [s.missing for s in policy.statements]
        missing = [cause for cause in unread if cause is not None]
        if missing:
            message = f"{holder.name} holds a bucket policy that cannot be read: {missing[0].what}"
            evidence = [holder.states("holds the policy", policy.span)]
            yield self.unknown(holder, message, missing=missing, evidence=evidence, at=policy.span, target="document")
        for grant in one.grants:
            yield self._grant(holder, one, grant, bucket)
        if not one.grants and not missing:
            message = f"{holder.name} grants nothing to everyone"
            evidence = [holder.states("names whom it admits", policy.span)]
            yield self.passes(holder, message, evidence=evidence, at=policy.span, target="document")

    def _grant(self, holder: Resource, one: BucketPolicy, grant: PublicGrant, bucket: Resource | None) -> Judgement:
        target = f"statement {grant.statement.number}"
        at = grant.statement.element_span("Principal", "NotPrincipal")
        if grant.missing is not None:
            message = f"{holder.name} may admit everyone: {grant.missing.what} ({target})"
            doubt = one.policy.states(grant.statement, "admits a party that is not known for certain", at)
            return self.unknown(holder, message, missing=[grant.missing], evidence=[doubt], at=at, target=target)
        steps = [one.policy.states(grant.statement, "admits everyone", at)]
        if grant.refused_by is not None:
            steps.append(one.policy.states(grant.refused_by, f"refuses all but {grant.narrowed.by}"))
        if not grant.is_public:
            dead = "to nobody" if grant.narrowed.effect is Effect.DEAD else "not to everyone"
            message = f"{holder.name} opens the bucket {dead}: {grant.narrowed.by} ({target})"
            return self.passes(holder, message, evidence=steps, at=at, target=target)
        return self._public(holder, grant, bucket, steps)

    def _public(
        self, holder: Resource, grant: PublicGrant, bucket: Resource | None, steps: list[Evidence]
    ) -> Judgement:
        target = f"statement {grant.statement.number}"
        access = access_of(grant.statement)
        block = None if bucket is None else public_access_block(bucket)
        note, severity = "", Severity.CRITICAL if Access.WRITE in access else Severity.HIGH
        if block is not None and bucket is not None:
            steps.append(bucket.states(_block_states(block), block.span))
            if block.is_on("BlockPublicPolicy"):
                note = "; as it stands, deployment refuses the policy"
                severity = Severity.LOW if block.written else Severity.MEDIUM
            elif block.is_on("RestrictPublicBuckets"):
                note = "; RestrictPublicBuckets alone keeps strangers out"
                severity = Severity.LOW
        name = bucket.name if bucket is not None else "a bucket outside the run"
        does = " and ".join(sorted(kind.value for kind in access)) or "use"
        return self.fails(
            holder,
            f"{holder.name} lets everyone {does} {name}{note} ({target})",
            evidence=steps,
            fix=f"In {target} of {holder.name}, name the principal, for example "
            "{Service: cloudfront.amazonaws.com} with AWS:SourceArn of the distribution, or remove the statement.",
            at=grant.statement.element_span("Principal", "NotPrincipal"),
            target=target,
            severity=severity,
        )


def _block_states(block: PublicAccessBlock) -> str:
    if not block.written:
        return "has no public access block, so that AWS blocks public policies"
    return f"leaves {', '.join(block.off)} off" if block.off else "switches its whole public access block on"
