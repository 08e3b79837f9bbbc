"""FUNC008: a secret is written in the template."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.parameters import is_default, parameter_holding, parameters_in
from validator.model import Category, ParameterDeclaration, Severity
from validator.resolve import DynamicReference, Text, Value
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
        given = parameters_in(subject, *path)
        step = subject.states(f"has {name}", at)
        if value.literal is not None:
            if not value.literal or value.literal == "{}":
                return self.passes(subject, f"{subject.name}: {name} is empty", evidence=[step], at=at, target=name)
            holding = parameter_holding(subject, given, value.literal)
            if holding is None or is_default(subject, holding, value.literal):
                return self._written(subject, name, value, holding)
        if given:
            return self._of_parameters(subject, name, value, given)
        if isinstance(value, Text) and any(isinstance(part, DynamicReference) for part in value.parts):
            message = f"{subject.name}: {name} is read from where it is kept when the stack is deployed"
            return self.passes(subject, message, evidence=[step], at=at, target=name)
        if value.missing is not None:
            message = f"{subject.name}: where {name} comes from is not known"
            return self.unknown(subject, message, missing=[value.missing], evidence=[step], at=at, target=name)
        message = f"{subject.name}: {name} is made when the stack is deployed"
        return self.passes(subject, message, evidence=[step], at=at, target=name)

    def _written(
        self, subject: Resource, name: str, value: Value, parameter: ParameterDeclaration | None
    ) -> Judgement:
        where = f"is the default of parameter {parameter.name}" if parameter else "is written in the template"
        return self.fails(
            subject,
            f"{subject.name}: {name} {where}",
            evidence=[subject.states(f"has {name}, which {where}", value.span)],
            fix=f"Remove the Default of {parameter.name}, set NoEcho: true, and hand the value in at deployment."
            if parameter
            else _fix(subject, name),
            at=value.span,
            target=name,
            severity=Severity.MEDIUM if parameter else None,
        )

    def _of_parameters(
        self, subject: Resource, name: str, value: Value, given: tuple[ParameterDeclaration, ...]
    ) -> Judgement:
        shown = [one for one in given if not one.no_echo and not one.type.startswith("AWS::SSM::Parameter")]
        step = subject.states(f"takes {name} from {', '.join(one.name for one in given)}", value.span)
        if not shown:
            message = f"{subject.name}: {name} is handed in and not shown"
            return self.passes(subject, message, evidence=[step], at=value.span, target=name)
        return self.fails(
            subject,
            f"{subject.name}: {name} is filled from parameter {shown[0].name}, which the console shows",
            evidence=[step],
            fix=f"Set NoEcho: true on parameter {shown[0].name}, or {_lower(_fix(subject, name))}",
            at=value.span,
            target=name,
            severity=Severity.LOW,
        )


def _fix(subject: Resource, name: str) -> str:
    if subject.type == "AWS::SecretsManager::Secret":
        return "Generate it: GenerateSecretString: {PasswordLength: 40}, or set its value outside the template."
    if subject.type in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster"):
        return f"Set ManageMasterUserPassword: true in place of {name}."
    return f'Set {name}: "{{{{resolve:secretsmanager:<secret>:SecretString:password}}}}".'


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
