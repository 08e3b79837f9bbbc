"""DATA004: a function uses a store in a VPC and is not attached to it, or stands in a public subnet."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.network.functions import Attached, FunctionPlace, place_of
from validator.graph.stores.networks import apart
from validator.graph.stores.usage import FUNCTION, Use, fed_by_stores, lives_in_vpc, uses_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class FunctionApartFromItsStore(Rule):
    """A function that uses a store in a VPC from outside it, or from a public subnet.

    ## What it proves
    Every function that connects to a store in a VPC is attached to private subnets of that VPC, or of one that
    the run joins to it. Use shows in an
    environment variable with the store's address, a mounted file system, the store's secret, or a grant to
    connect. Callers of the RDS Data API and functions that an event source mapping of Kafka, MQ or
    DocumentDB feeds need no attachment. No function is attached to a public subnet: it gets no public
    address there, and no way out.

    ## Why it matters
    A function outside the VPC reaches the store only if the store is public; so somebody will make it public.

    ## How to fix
    Set `VpcConfig` with private subnets and a security group that the store admits.

    ## What it cannot see
    An address that comes from a parameter or from code, and whether VPC and store are the same network where
    the run does not make them. Subnets that no template defines: *unknown*.

    ## References
    Lambda Developer Guide, *Configuring VPC access*, *Configuring your MSK cluster and VPC network*; Aurora
    User Guide, *Using RDS Data API*.
    """

    meta = RuleMeta(
        id="DATA004",
        title="A function is not in the private network of the store it uses",
        category=Category.PRIVATE_DATA,
        severity=Severity.MEDIUM,
        why="A function outside the VPC reaches a store only if the store is public.",
        subjects=(FUNCTION,),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
    )
    examples = (
        Example.fails(
            "the cache's address in a function without VpcConfig",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: [subnet-1, subnet-2]
      SecurityGroupIds: [sg-1]
  Shows: # <- finding
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      Environment:
        Variables: {CACHE: !GetAtt Sessions.Endpoint.Address}
""",
        ),
        Example.passes(
            "the Data API needs no attachment",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      DBSubnetGroupName: private
      EnableHttpEndpoint: true
      ManageMasterUserPassword: true
  Shows:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      VpcConfig: {SubnetIds: [!Ref SubnetA], SecurityGroupIds: [sg-1]}
      Environment:
        Variables: {SECRET: !GetAtt Orders.MasterUserSecret.SecretArn}
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
""",
        ),
        Example.unknown(
            "attached to subnets that are a parameter",
            """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  SubnetIds: {Type: List<AWS::EC2::Subnet::Id>}
Resources:
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties: {Engine: valkey, ServerlessCacheName: sessions, SubnetIds: !Ref SubnetIds}
  Shows:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      VpcConfig:
        SecurityGroupIds: [sg-1]
        SubnetIds: !Ref SubnetIds # <- finding
      Environment:
        Variables: {CACHE: !GetAtt Sessions.Endpoint.Address}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges users of stores in VPCs, and functions attached to a public subnet whatever they use."""
        uses = uses_of(graph, subject)
        place = place_of(graph, subject)
        if place.attached is Attached.NO:
            yield from self._outside(subject, graph, uses, place)
        elif place.attached is Attached.UNDECIDED:
            if uses:
                message = f"{subject.name} {uses[0].because} and may not be attached to its VPC"
                yield self.unknown(
                    subject, message, missing=place.missing, evidence=[uses[0].step, place.step], at=place.at
                )
        else:
            yield from self._attached(subject, graph, uses, place)

    def _outside(
        self, subject: Resource, graph: Architecture, uses: tuple[Use, ...], place: FunctionPlace
    ) -> Iterator[Judgement]:
        for use in {use.store: use for use in reversed(uses)}.values():
            yield self.fails(
                subject,
                f"{subject.name} {use.because}, which lives in a VPC, and is not attached to one",
                evidence=[use.step, place.step],
                fix=f"Set VpcConfig (SubnetIds: private subnets, SecurityGroupIds: a group that {use.store.name} "
                f"admits) on {subject.name}.",
                at=place.at,
            )
        fed_by = [store for store in fed_by_stores(graph, subject) if lives_in_vpc(graph, store)]
        if fed_by and not uses:
            because = f"is fed by an event source mapping of {fed_by[0].name}, which Lambda polls from its own side"
            yield self.passes(subject, f"{subject.name} {because}", evidence=[subject.states(because)])

    def _attached(
        self, subject: Resource, graph: Architecture, uses: tuple[Use, ...], place: FunctionPlace
    ) -> Iterator[Judgement]:
        exposures = place.exposures(graph)
        steps = [place.step, *(use.step for use in uses)]
        public = [exposure for exposure in exposures if exposure.is_public and not exposure.ipv6_only]
        if public:
            labels = ", ".join(dict.fromkeys(exposure.label for exposure in public))
            yield self.fails(
                subject,
                f"{subject.name} is attached to public subnet {labels}, where it gets no address and no way out",
                evidence=[*steps, *public[0].evidence],
                fix=f"In VpcConfig.SubnetIds of {subject.name}, name private subnets in place of {labels}.",
                at=place.at,
            )
            return
        distant = [(use, vpcs) for use in uses if (vpcs := apart(graph, place.subnets, use.store)) is not None]
        for use, (own, other) in {use.store: (use, vpcs) for use, vpcs in reversed(distant)}.values():
            yield self.fails(
                subject,
                f"{subject.name} {use.because}, which lives in {other.name}, and is attached to {own.name}",
                evidence=[use.step, place.step, use.store.states(f"stands in subnets of {other.name}")],
                fix=f"In VpcConfig of {subject.name}, name private subnets and a security group of {other.name}.",
                at=place.at,
            )
        if distant:
            return
        unknown = [exposure for exposure in exposures if exposure.is_unknown]
        if unknown and uses:
            labels = ", ".join(dict.fromkeys(exposure.label for exposure in unknown))
            yield self.unknown(
                subject,
                f"{subject.name} {uses[0].because} from subnets that are not decided: {labels}",
                missing=[cause for exposure in unknown for cause in exposure.missing],
                evidence=steps,
                at=place.at,
            )
        elif not unknown:
            labels = ", ".join(dict.fromkeys(exposure.label for exposure in exposures))
            yield self.passes(subject, f"{subject.name} is attached to private subnets ({labels})", evidence=steps)
