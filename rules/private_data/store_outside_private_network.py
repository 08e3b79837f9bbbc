"""DATA003: a data store is placed in no VPC, or in the default one."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import Home, cluster_of, placement_of
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class StoreOutsidePrivateNetwork(Rule):
    """A data store that could live in a VPC of its own and does not.

    ## What it proves
    The store names its subnets: directly, by a subnet group other than `default`, or by `VPCOptions`.

    ## Why it matters
    Without them it stands in the default VPC, whose subnets are public, or, for a search domain, in no VPC at
    all with a public endpoint.

    ## How to fix
    Declare a subnet group of private subnets and name it in the store.

    ## What it cannot see
    Where the subnet group of another template lies: DATA002 says so. A parameter without value may be
    `default`: *unknown*.

    ## References
    RDS API Reference, `CreateDBInstance` (`DBSubnetGroupName`); OpenSearch Developer Guide, *Launching domains
    within a VPC*; VPC User Guide, *Default VPCs*; the CloudFormation page of each type.
    """

    meta = RuleMeta(
        id="DATA003",
        title="A data store is placed in no VPC or in the default one",
        category=Category.PRIVATE_DATA,
        severity=Severity.MEDIUM,
        why="By default a store stands in public subnets or has a public endpoint.",
        subjects=tuple(
            name
            for name, kind in STORE_KINDS.items()
            if kind.is_store and (kind.subnets or kind.subnet_group) and name != "AWS::EFS::MountTarget"
        ),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",),
    )
    examples = (
        Example.fails(
            "a search domain without VPCOptions",
            """\
Resources:
  Search: # <- finding
    Type: AWS::OpenSearchService::Domain
    Properties:
      EngineVersion: OpenSearch_2.17
""",
        ),
        Example.fails(
            "the subnet group default",
            """\
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: default # <- finding
      PubliclyAccessible: false
""",
        ),
        Example.passes(
            "a subnet group is named",
            """\
Resources:
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: Private, SubnetIds: [subnet-1, subnet-2]}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: !Ref Subnets
""",
        ),
        Example.unknown(
            "the subnet group is a parameter without value",
            """\
Parameters:
  SubnetGroup: {Type: String}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: !Ref SubnetGroup # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """The verdict of the store's placement; a cluster's member is judged at its cluster."""
        if cluster_of(graph, subject) is not None:
            return
        placement = placement_of(graph, subject)
        if placement.home is not Home.SUBNETS:
            message = f"{subject.name} {placement.because}"
            yield self.fails(subject, message, evidence=placement.evidence, fix=_fix(subject), at=placement.at)
            return
        named = placement.named
        cause = named.missing if named is not None else None
        if not placement.is_decided and cause is not None and _may_be_default(subject, cause, graph):
            message = f"{subject.name} may be placed in the default VPC: it {placement.because}"
            yield self.unknown(subject, message, missing=[cause], evidence=placement.evidence, at=placement.at)
            return
        message = f"{subject.name} {placement.because}"
        evidence = placement.evidence or (subject.states(placement.because, placement.at),)
        yield self.passes(subject, message, evidence=evidence, at=placement.at)


def _may_be_default(subject: Resource, cause: Missing, graph: Architecture) -> bool:
    """An unknown name of a subnet group may be ``default``; an unknown list of subnets is a list all the same."""
    if STORE_KINDS[subject.type].subnet_group == "" and not cause.key.startswith(("opaque", "macro", "empty")):
        return False
    return graph.assumed(cause.key) is None


def _fix(subject: Resource) -> str:
    kind = STORE_KINDS[subject.type]
    if kind.subnet_group:
        return f"Set {kind.subnet_group} on {subject.name} to a subnet group of private subnets."
    path = ".".join(part for part in kind.subnets[0] if part != "*")
    return f"Set {path} on {subject.name} to private subnets."
