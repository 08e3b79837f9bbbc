"""DATA002: a data store may be placed in a public subnet."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.network.subnets import SubnetExposure
from validator.graph.stores.addressing import is_public_place_for
from validator.graph.stores.kinds import SELF_RUN_KINDS, STORE_KINDS, kind_of
from validator.graph.stores.placement import Home, Placement, cluster_of, placement_of
from validator.graph.stores.self_run import is_data_store
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class StoreInPublicSubnet(Rule):
    """A data store whose subnets are not all private.

    ## What it proves
    No subnet that the store names, directly or through its subnet group, has a direct route to an internet
    gateway, whatever its destination, or is reached from one through an inspection endpoint. Routes to NAT
    gateways, egress-only gateways, VPNs and other networks are private, and so is a route for IPv6 alone to a
    store that has no IPv6 address. Every subnet has to be proven: AWS
    picks any of them, and again at a failover.

    ## Why it matters
    In a private subnet a store stays unreachable when somebody switches its public access on or opens its
    security group by mistake.

    ## How to fix
    Name private subnets only in the subnet group or the store.

    ## What it cannot see
    Subnets that no template of the run defines (parameters, imports, literal ids): *unknown*, until the
    template that makes them is added or the configuration assumes what they are.

    ## References
    VPC User Guide, *Subnets*, *Configure route tables*; RDS User Guide, *Working with a DB instance in a VPC*.
    """

    meta = RuleMeta(
        id="DATA002",
        title="A data store may be placed in a public subnet",
        category=Category.PRIVATE_DATA,
        severity=Severity.HIGH,
        why="A private subnet keeps a store unreachable when its other guards are opened by mistake.",
        subjects=(
            *(
                name
                for name, kind in STORE_KINDS.items()
                if kind.is_store and (kind.subnets or kind.subnet_group or kind.cluster)
            ),
            *SELF_RUN_KINDS,
        ),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",),
    )
    examples = (
        Example.fails(
            "half of the Internet is routed to a gateway",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Half:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/1, GatewayId: !Ref Gateway}
  BInTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref SubnetB, RouteTableId: !Ref Table}
  Subnets:
    Type: AWS::DocDB::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref SubnetA, !Ref SubnetB]}
  Tickets:
    Type: AWS::DocDB::DBCluster
    Properties:
      DBSubnetGroupName: !Ref Subnets # <- finding
""",
        ),
        Example.passes(
            "a NAT gateway is a way out only",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1}}
  SubnetA:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  AInTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref SubnetA, RouteTableId: !Ref Table}
  Subnets: {Type: AWS::DocDB::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref SubnetA]}}
  Tickets:
    Type: AWS::DocDB::DBCluster
    Properties:
      DBSubnetGroupName: !Ref Subnets
""",
        ),
        Example.unknown(
            "the subnets are a parameter without value",
            """\
Parameters:
  SubnetIds: {Type: List<AWS::EC2::Subnet::Id>}
Resources:
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: !Ref SubnetIds # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Fails for each public subnet. A cluster's member is judged at its cluster, a default VPC by DATA003."""
        if isinstance(cluster_of(graph, subject), Resource) or not is_data_store(graph, subject):
            return
        placement = placement_of(graph, subject)
        if placement.home is not Home.SUBNETS:
            return
        exposures = placement.exposures(graph)
        verdicts = [(exposure, is_public_place_for(graph, subject, exposure)) for exposure in exposures]
        public = [exposure for exposure, verdict in verdicts if verdict is True]
        unknown = [exposure for exposure, verdict in verdicts if exposure.is_unknown or isinstance(verdict, Missing)]
        more = [verdict for _, verdict in verdicts if isinstance(verdict, Missing)]
        if public:
            yield self._fails(subject, placement, public)
        elif unknown or not exposures:
            yield self._unknown(subject, placement, unknown, more)
        else:
            labels = ", ".join(f"{exposure.label} ({_kind(exposure)})" for exposure in _distinct(exposures))
            steps = [step for exposure in _distinct(exposures) for step in _steps(placement, exposure)]
            message = f"{subject.name} is placed in private subnets only: {labels}"
            yield self.passes(subject, message, evidence=steps, at=placement.at)

    def _fails(self, subject: Resource, placement: Placement, public: list[SubnetExposure]) -> Judgement:
        first, *others = _distinct(public)
        more = f" (and {', '.join(exposure.label for exposure in others)})" if others else ""
        steps = [step for exposure in (first, *others) for step in _steps(placement, exposure)]
        holder = "its subnet group" if kind_of(subject.type).subnet_group else subject.name
        return self.fails(
            subject,
            f"{subject.name} may be placed in public subnet {first.label}{more}, which {first.because}",
            evidence=[*placement.evidence, *steps],
            fix=f"In {holder}, name only subnets whose route table has no route to an internet gateway; "
            f"remove {', '.join(exposure.label for exposure in (first, *others))}.",
            at=placement.at,
        )

    def _unknown(
        self, subject: Resource, placement: Placement, unknown: list[SubnetExposure], more: list[Missing]
    ) -> Judgement:
        labels = ", ".join(exposure.label for exposure in _distinct(unknown)) or "none is named"
        steps = [step for exposure in unknown for step in _steps(placement, exposure)]
        missing = [*(cause for exposure in unknown for cause in exposure.missing), *more]
        empty = Missing(f"the list of subnets of {subject.name} is empty", "name its subnets", subject.name)
        return self.unknown(
            subject,
            f"{subject.name} is placed in subnets that are not decided: {labels}",
            missing=missing or [empty],
            evidence=[*placement.evidence, *steps],
            at=placement.at,
        )


def _kind(exposure: SubnetExposure) -> str:
    """What the subnet is to a store; one that is public over IPv6 alone is private to a store of IPv4."""
    return "private over IPv4, and the store has no IPv6 address" if exposure.ipv6_only else str(exposure.exposure)


def _distinct(exposures: list[SubnetExposure] | tuple[SubnetExposure, ...]) -> list[SubnetExposure]:
    return list({exposure.label: exposure for exposure in exposures}.values())


def _steps(placement: Placement, exposure: SubnetExposure) -> tuple[Evidence, ...]:
    return exposure.evidence or (Evidence(exposure.label, exposure.because or "is not decided", placement.at),)
