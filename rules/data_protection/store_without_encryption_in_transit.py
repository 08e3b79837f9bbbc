"""PROT002: a data store that takes connections without TLS."""

from rules.data_protection.protection_rule import ProtectionRule
from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.graph.protection.in_transit import SUBJECTS, encryption_in_transit
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class StoreWithoutEncryptionInTransit(ProtectionRule):
    """A data store that takes connections without TLS.

    ## What it proves
    The store refuses connections that are not encrypted: by a switch of its own (proxy, cache, search domain,
    Kafka), or by its parameter group (`rds.force_ssl`, `require_secure_transport`, `require_ssl`, `tls`).

    ## Why it matters
    A client that does not ask for TLS gets none, and nobody notices.

    ## How to fix
    Set the switch or the parameter that the finding names.

    ## What it cannot see
    Whether clients verify the certificate. Defaults that depend on an engine version which the template does not
    give: *unknown*.

    ## References
    RDS User Guide, *Requiring an SSL connection to a PostgreSQL DB instance*; Redshift Management Guide, *Parameter
    groups*.
    """

    meta = RuleMeta(
        id="PROT002",
        title="A data store takes plain connections",
        category=Category.DATA_PROTECTION,
        severity=Severity.LOW,
        why="Credentials and data can cross the network in clear.",
        subjects=SUBJECTS,
        lens=("SEC2",),
        references=("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a parameter group switches it off",
            """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "17.6", DBParameterGroupName: !Ref Settings}
  Settings:
    Type: AWS::RDS::DBParameterGroup
    Properties:
      Family: postgres17
      Description: connections
      Parameters:
        rds.force_ssl: "0" # <- finding
""",
        ),
        Example.passes(
            "PostgreSQL 17 forces it by default",
            """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "17.6"}
""",
        ),
        Example.unknown(
            "a parameter group from elsewhere",
            """\
Parameters: {Group: {Type: String}}
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "17.6", DBParameterGroupName: !Ref Group} # <- finding
""",
        ),
    )

    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """Whether plain connections are refused."""
        return encryption_in_transit(graph, subject)
