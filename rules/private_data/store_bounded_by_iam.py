"""DATA007: a store without placement in a VPC, whose boundary is IAM."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.buckets.usage import use_of
from validator.graph.stores.kinds import IAM_BOUNDED
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class StoreBoundedByIam(Rule):
    """A store that no VPC surrounds: IAM and resource policies are its boundary.

    ## What it proves
    Nothing is missing here: DynamoDB, S3, Keyspaces, Timestream for LiveAnalytics, QLDB and Aurora DSQL have no
    subnets, so that no subnet can be wrong. The review says so, so that nobody looks for it.

    ## Why it matters
    What the private subnet is to a database, the policy is to these stores: see TIER003, TIER005 and the
    least-privilege checks.

    ## How to fix
    Nothing has to be fixed. QLDB ended on 31 July 2025: move a ledger to another store.

    ## What it cannot see
    Who may use the store: that is judged by the checks named above.

    ## References
    DynamoDB Developer Guide, *Security*; S3 User Guide, *Blocking public access*; QLDB Developer Guide,
    *Document history*.
    """

    meta = RuleMeta(
        id="DATA007",
        title="A store without a VPC is bounded by IAM",
        category=Category.PRIVATE_DATA,
        severity=Severity.LOW,
        why="Stores without subnets are as private as their policies.",
        subjects=tuple(IAM_BOUNDED),
        lens=("SEC2.a1",),
        references=("https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/security-iam.html",),
    )
    examples = (
        Example.passes(
            "a DynamoDB table has no subnets",
            """\
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A pass that names the boundary; a bucket that serves a site and nothing else is no data store."""
        if subject.type == "AWS::S3::Bucket" and use_of(subject, graph).is_site_only:
            return
        noun = IAM_BOUNDED[subject.type]
        message = f"{subject.name} is a {noun}: it has no subnets, IAM and its policies are its boundary"
        if subject.type == "AWS::QLDB::Ledger":
            message += "; QLDB ended on 31 July 2025, move the ledger"
        yield self.passes(subject, message, evidence=[subject.states(f"is a {noun}, which no VPC surrounds")])
