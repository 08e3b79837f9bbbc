"""TIER001: the Internet can open a connection to a data store."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.stores.kinds import SELF_RUN_KINDS, STORE_KINDS, kind_of
from validator.graph.stores.reach import Part, Way, internet_parts
from validator.graph.stores.self_run import is_data_store, self_run
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class StoreReachableFromInternet(Rule):
    """A data store that hosts of the Internet can connect to.

    ## What it proves
    At least one of the things that a connection from the Internet needs is missing: a public address, a
    subnet with a direct route to an internet gateway, a security group that admits public addresses on the
    store's port, a network ACL that lets them in. All of them are looked at; a failure shows each. Stores
    that never get a public address (caches, DocumentDB, file systems, proxies, domains in a VPC) pass. A
    search domain with a public endpoint passes when its access policy or fine-grained access control is
    narrow. Instances and container services that run a database are judged as stores.

    ## Why it matters
    The data tier is reached through the presentation tier's front door and the logic tier's code. A store
    that answers the Internet is guarded by its password alone.

    ## How to fix
    Switch public access off, place the store in private subnets, and admit only the security group of the
    functions.

    ## What it cannot see
    Routes, rules and account settings made outside the templates of the run, and who knows a password.

    ## References
    RDS User Guide, *Working with a DB instance in a VPC*; VPC User Guide, *Subnets*, *Network ACLs*;
    OpenSearch Developer Guide, *Launching domains within a VPC*.
    """

    meta = RuleMeta(
        id="TIER001",
        title="The Internet can connect to a data store",
        category=Category.TIER_SEPARATION,
        severity=Severity.CRITICAL,
        why="A store that answers the Internet is guarded by its credentials alone.",
        subjects=(*(name for name, kind in STORE_KINDS.items() if kind.is_store), *SELF_RUN_KINDS),
        lens=("SEC2.a2",),
        references=(
            "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        ),
    )
    examples = (
        Example.fails(
            "public switch, public subnet, open group",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  AInTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref SubnetA, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      VpcId: !Ref Network
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
  Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref SubnetA]}}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: !Ref Subnets
      VPCSecurityGroups: [!Ref Group]
      PubliclyAccessible: true # <- finding
""",
        ),
        Example.passes(
            "a public switch without a route",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref SubnetA]}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      VpcId: !Ref Network
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: !Ref Subnets
      VPCSecurityGroups: [!Ref Group]
      PubliclyAccessible: true
""",
        ),
        Example.unknown(
            "the subnets are a parameter without value",
            """\
Parameters:
  SubnetIds: {Type: List<AWS::EC2::Subnet::Id>}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Warehouse
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5439, ToPort: 5439, CidrIp: 0.0.0.0/0}]
  Warehouse:
    Type: AWS::RedshiftServerless::Workgroup
    Properties:
      WorkgroupName: warehouse
      SubnetIds: !Ref SubnetIds
      SecurityGroupIds: [!Ref Group]
      PubliclyAccessible: true # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Fails when every condition for a connection is open, passes at the first that is closed."""
        is_store = is_data_store(graph, subject)
        if not is_store:
            if is_store is None:
                yield self._may_be_store(subject, graph)
            return
        parts = internet_parts(graph, subject)
        closed = next((part for part in parts if part.way is Way.CLOSED), None)
        evidence = _evidence(subject, parts)
        if closed is not None:
            message = f"{subject.name} cannot be reached from the Internet: it {closed.because}"
            yield self.passes(subject, message, evidence=evidence, at=parts[0].at)
            return
        if graph.assumed(subject.name) == "private" and any(part.way is Way.UNDECIDED for part in parts):
            yield self._assumed_private(subject, graph)
            return
        missing = [cause for part in parts if part.way is Way.UNDECIDED for cause in part.missing]
        fix = _fix(subject)
        if missing:
            proven = " and ".join(part.because for part in parts if part.way is Way.OPEN and part.evidence)
            lacking = " and ".join(part.because for part in parts if part.way is Way.UNDECIDED)
            known = f"{proven}, and it " if proven else ""
            message = f"{subject.name} may be reached from the Internet: it {known}{lacking}"
            yield self.unknown(subject, message, missing=missing, evidence=evidence, at=parts[0].at, fix=fix)
            return
        reasons = ", it ".join(part.because for part in parts if part.evidence)
        message = f"{subject.name} can be reached from the Internet: it {reasons}"
        severity = None if len(parts) > 1 else Severity.MEDIUM
        yield self.fails(subject, message, evidence=evidence, fix=fix, at=parts[0].at, severity=severity)

    def _assumed_private(self, subject: Resource, graph: Architecture) -> Judgement:
        reason = graph.assumption_reason(subject.name)
        message = f"{subject.name} is assumed private: {reason}"
        return self.passes(subject, message, evidence=[subject.states(f"is assumed private: {reason}")])

    def _may_be_store(self, subject: Resource, graph: Architecture) -> Judgement:
        if graph.assumed(subject.name) == "private":
            return self._assumed_private(subject, graph)
        what = f"whether {subject.name} runs a database shows in one sign only"
        cause = Missing(what, f'assume it: subject = "{subject.name}"', subject.name)
        signs = self_run(graph, subject).signs
        return self.unknown(subject, f"{subject.name} may run a database", missing=[cause], evidence=signs)


def _evidence(subject: Resource, parts: tuple[Part, ...]) -> list[Evidence]:
    steps = [step for part in parts for step in part.evidence or (subject.states(part.because),)]
    if all(part.way is Way.OPEN for part in parts):
        return [Evidence("the Internet", f"can open a connection to {subject.name}", subject.span), *steps]
    return steps


def _fix(subject: Resource) -> str:
    switch = ".".join(kind_of(subject.type).public)
    if subject.type in SELF_RUN_KINDS:
        return f"Place {subject.name} in private subnets without a public address, or use a managed database."
    if subject.type in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"):
        return (
            f"Set VPCOptions on {subject.name} (SubnetIds: private subnets, SecurityGroupIds: a group that admits "
            "the functions), or name the functions' roles as Principal in AccessPolicies."
        )
    if subject.type == "AWS::OpenSearchServerless::Collection":
        return f"Set AllowFromPublic: false and SourceVPCEs in the network policy that matches {subject.name}."
    off = "DISABLED" if subject.type == "AWS::MSK::Cluster" else "false"
    return f"Set {switch}: {off} on {subject.name}, and place it in subnets without a route to an internet gateway."
