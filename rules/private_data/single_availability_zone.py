"""DATA006: a store or function stands in one availability zone only."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.network.functions import Attached, place_of
from validator.graph.network.identity import label_of
from validator.graph.network.zones import Zones, zones_of
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import Home, cluster_of, placement_of
from validator.graph.stores.usage import FUNCTION
from validator.model import Category, Severity, Span
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

FILE_SYSTEM = "AWS::EFS::FileSystem"
_BY_DESIGN = ("AWS::EFS::MountTarget", "AWS::FSx::FileSystem", "AWS::Redshift::EndpointAccess")
"""Types that stand in one subnet, or whose deployment type asks for two."""


class SingleAvailabilityZone(Rule):
    """A store or function whose subnets lie in one availability zone.

    ## What it proves
    The subnets that a store or a function in a VPC names lie in at least two availability zones. For a file
    system its mount targets count.

    ## Why it matters
    When the zone fails, the store or the function fails with it, and there is nowhere to fail over to.

    ## How to fix
    Name subnets of at least two availability zones.

    ## What it cannot see
    The zone of a subnet that no template defines or that leaves `AvailabilityZone` to AWS: *unknown*. Whether
    the store keeps a copy in the second zone (`MultiAZ`, replicas). Stores that keep to one zone by a setting of
    their own (a search domain without zone awareness, a Redshift cluster without `MultiAZ`) are not judged.

    ## References
    Lambda Developer Guide, *Configuring VPC access*; RDS User Guide, *Working with DB subnet groups*.
    """

    meta = RuleMeta(
        id="DATA006",
        title="A store or function stands in one availability zone only",
        category=Category.PRIVATE_DATA,
        severity=Severity.LOW,
        why="When the zone fails, everything that stands in it alone fails too.",
        subjects=(
            FUNCTION,
            FILE_SYSTEM,
            *(
                name
                for name, kind in STORE_KINDS.items()
                if kind.is_store and (kind.subnets or kind.subnet_group) and name not in _BY_DESIGN
            ),
        ),
        lens=("REL2",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
    )
    examples = (
        Example.fails(
            "two subnets of one zone",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
  SubnetB:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: [!Ref SubnetA, !Ref SubnetB] # <- finding
""",
        ),
        Example.passes(
            "two zones",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
  SubnetB:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [1, !GetAZs ""]}
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: [!Ref SubnetA, !Ref SubnetB]
""",
        ),
        Example.unknown(
            "the zones are left to AWS",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: [!Ref SubnetA, !Ref SubnetB] # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges what names subnets; a cluster's member is judged at its cluster."""
        named = _subnets(subject, graph)
        if named is None:
            return
        subnets, at = named
        zones = zones_of(graph, subnets)
        labels = ", ".join(dict.fromkeys(map(label_of, subnets))) or "no subnets"
        if zones.are_several:
            message = f"{subject.name} stands in several availability zones ({labels})"
            yield self.passes(subject, message, evidence=[subject.states(f"names {labels}", at)], at=at)
        elif zones.missing:
            message = f"{subject.name} may stand in one availability zone only ({labels})"
            evidence = [subject.states(f"names {labels}", at)]
            yield self.unknown(subject, message, missing=zones.missing, evidence=evidence, at=at)
        else:
            yield self._fails(subject, zones, labels, at)

    def _fails(self, subject: Resource, zones: Zones, labels: str, at: Span) -> Judgement:
        return self.fails(
            subject,
            f"{subject.name} stands in one availability zone only: {zones.because}",
            evidence=[subject.states(f"names {labels}", at), *zones.evidence],
            fix=f"Name subnets of at least two availability zones for {subject.name}.",
            at=at,
        )


def _subnets(subject: Resource, graph: Architecture) -> tuple[tuple[Value, ...], Span] | None:
    """The values that name the subject's subnets, and where; None when it names none."""
    if subject.type == FUNCTION:
        place = place_of(graph, subject)
        return (place.subnets, place.at) if place.attached is Attached.YES else None
    if subject.type == FILE_SYSTEM:
        targets = graph.referrers(subject, "AWS::EFS::MountTarget")
        one_zone = subject.prop("AvailabilityZoneName")
        if not targets or not one_zone.is_absent:
            return None
        return tuple(target.prop("SubnetId") for target in targets), subject.span
    if cluster_of(graph, subject) is not None or _keeps_to_one_zone(subject):
        return None
    placement = placement_of(graph, subject)
    return (placement.subnets, placement.at) if placement.home is Home.SUBNETS else None


_ZONE_SWITCHES = {
    "AWS::OpenSearchService::Domain": ("ClusterConfig", "ZoneAwarenessEnabled"),
    "AWS::Elasticsearch::Domain": ("ElasticsearchClusterConfig", "ZoneAwarenessEnabled"),
    "AWS::Redshift::Cluster": ("MultiAZ",),
}


def _keeps_to_one_zone(store: Resource) -> bool:
    """Whether the store takes subnets of one zone only, until a setting of its own says otherwise (CFN)."""
    switch = _ZONE_SWITCHES.get(store.type)
    return switch is not None and store.prop(*switch).boolean() is not True
