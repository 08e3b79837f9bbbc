"""FUNC008: a secret is written in the template."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.secret_texts import Kept, SecretText, secret_text
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_PASSWORDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::SecretsManager::Secret": (("SecretString",),),
    "AWS::RDS::DBInstance": (("MasterUserPassword",),),
    "AWS::RDS::DBCluster": (("MasterUserPassword",),),
    "AWS::DocDB::DBCluster": (("MasterUserPassword",),),
    "AWS::Redshift::Cluster": (("MasterUserPassword",),),
    "AWS::RedshiftServerless::Namespace": (("AdminUserPassword",),),
    "AWS::ElastiCache::ReplicationGroup": (("AuthToken",),),
    "AWS::DMS::Endpoint": (("Password",),),
    "AWS::OpenSearchService::Domain": (("AdvancedSecurityOptions", "MasterUserOptions", "MasterUserPassword"),),
    "AWS::Cognito::UserPoolIdentityProvider": (("ProviderDetails", "client_secret"),),
}
"""Properties that are secrets by their definition (CloudFormation resource reference)."""


class SecretInTemplate(Rule):
    """A password, token or secret text is written in the template.

    ## What it proves
    A property that is a secret by its definition (a master password, a secret's text, an AUTH token, a client secret)
    is neither written out nor filled from a parameter with a default. A dynamic reference, a generated secret or a
    parameter without default passes; a parameter without `NoEcho` fails at low severity.

    ## Why it matters
    The template is in a repository and in the stack's history: everyone who may read either knows the secret.

    ## How to fix
    Let the service keep it (`ManageMasterUserPassword: true`), generate it (`GenerateSecretString`), or read it by
    `{{resolve:secretsmanager:…}}`. Take the default from the parameter and set `NoEcho: true`.

    ## What it cannot see
    Whether a given value is a real secret; secrets in files beside the template.

    ## References
    CloudFormation User Guide, *Security best practices: do not embed credentials in your templates*.
    """

    meta = RuleMeta(
        id="FUNC008",
        title="A secret is written in the template",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.HIGH,
        why="Everyone who may read the repository or the stack knows the secret.",
        subjects=tuple(_PASSWORDS),
        lens=("SEC3.a4",),
        references=("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a secret's text",
            """\
Resources:
  Partner:
    Type: AWS::SecretsManager::Secret
    Properties: {SecretString: tr0ub4dor-3} # <- finding
""",
        ),
        Example.passes(
            "the database's password comes from the store",
            """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUsername: shop
      MasterUserPassword: "{{resolve:secretsmanager:shop-database:SecretString:password}}"
""",
        ),
        Example.unknown(
            "another stack's output",
            """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: !ImportValue shop-password} # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each secret property that is written."""
        for path in _PASSWORDS[subject.type]:
            value = subject.prop(*path)
            if not value.is_absent:
                yield self._verdict(subject, path, value)

    def _verdict(self, subject: Resource, path: tuple[str, ...], value: Value) -> Judgement:
        name, at = path[-1], value.span
        step = subject.states(f"has {name}", at)
        secret = secret_text(subject, path, value)
        message = f"{subject.name}: {name} {secret.because}"
        match secret.kept:
            case Kept.SAFELY:
                return self.passes(subject, message, evidence=[step], at=at, target=name)
            case Kept.UNDECIDED:
                cause = secret.missing or Missing(
                    f"whether {name} of {subject.name} is a secret is not written",
                    "generate it, or suppress with a reason",
                    f"secret:{subject.name}:{name}",
                )
                return self.unknown(subject, message, missing=[cause], evidence=[step], at=at, target=name)
        return self.fails(
            subject,
            message,
            evidence=[subject.states(f"has {name}, which {secret.because}", at)],
            fix=_fix_of(subject, name, secret),
            at=at,
            target=name,
            severity={Kept.AS_DEFAULT: Severity.MEDIUM, Kept.SHOWN: Severity.LOW}.get(secret.kept),
        )


def _fix_of(subject: Resource, name: str, secret: SecretText) -> str:
    if secret.kept is Kept.AS_DEFAULT:
        return f"Remove the Default of {secret.parameter}, set NoEcho: true, and hand the value in."
    if secret.kept is Kept.SHOWN:
        return f"Set NoEcho: true on parameter {secret.parameter}."
    return _fix(subject, name)


def _fix(subject: Resource, name: str) -> str:
    if subject.type == "AWS::SecretsManager::Secret":
        return "Generate it: GenerateSecretString: {PasswordLength: 40}, or set its value outside the template."
    if subject.type in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster"):
        return f"Set ManageMasterUserPassword: true in place of {name}."
    return f'Set {name}: "{{{{resolve:secretsmanager:<secret>:SecretString:password}}}}".'
