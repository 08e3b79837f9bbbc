"""FUNC007: a secret stands in clear in a function's configuration."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.secrets import Exposure, SecretVariable, secret_variables
from validator.graph.functions.triggers import FUNCTION
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Vault: {{Type: AWS::SecretsManager::Secret, Properties: {{GenerateSecretString: {{PasswordLength: 40}}}}}}
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      Role: arn:aws:iam::111122223333:role/r
      Code: {{ZipFile: ""}}
      Environment:
        Variables:
          {variable}
"""


class SecretInEnvironment(Rule):
    """An environment variable holds a secret.

    ## What it proves
    No variable holds a password, token, private key or API key: by its value (an access key, a private key, a known
    form of token) or by its name together with a written value or a parameter. The address of a secret
    (`DB_SECRET_ARN`, a `Ref` to a secret, the name of a parameter) is none. A reference that CloudFormation resolves
    (`{{resolve:secretsmanager:…}}`) passes with a note: no secret is in the template, yet the value stands in the
    function's configuration and does not follow rotation.

    ## Why it matters
    Whoever may read the function's configuration or the template reads the secret, no log says so, and it is changed
    by a deployment only.

    ## How to fix
    Keep it in Secrets Manager or as a SecureString, hand the function its ARN, and read it at run time
    (`secretsmanager:GetSecretValue` on that ARN).

    ## What it cannot see
    Secrets in code or packages, and secrets under harmless names. A word that may be the name of a secret
    (`TOKEN: partner-token`): *unknown*. A parameter without `NoEcho` shows in the console too: the finding says so.

    ## References
    Lambda Developer Guide, *Working with Lambda environment variables*; Serverless Lens, SEC 2 and SEC 3.
    """

    meta = RuleMeta(
        id="FUNC007",
        title="A secret stands in a function's environment",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.HIGH,
        why="Everyone who may read the function's configuration reads the secret, and nothing records it.",
        subjects=(FUNCTION,),
        lens=("SEC3.a4", "SEC2.a4"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",),
        since="0.2",
    )
    examples = (
        Example.fails("a password", _TEMPLATE.format(variable="DB_PASSWORD: tr0ub4dor-3 # <- finding")),
        Example.passes("the secret's address", _TEMPLATE.format(variable="DB_PASSWORD_SECRET: !Ref Vault")),
        Example.unknown(
            "a word that may be a secret's name",
            _TEMPLATE.format(variable="PARTNER_TOKEN: partner-token # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each variable that holds a secret or its address."""
        for variable in secret_variables(graph, subject):
            yield self._verdict(subject, variable)

    def _verdict(self, subject: Resource, variable: SecretVariable) -> Judgement:
        message = f"{subject.name}: variable {variable.name} {variable.because}"
        step = subject.states(f"has variable {variable.name}, which {variable.because}", variable.span)
        target, at = f"variable {variable.name}", variable.span
        if variable.exposure is Exposure.ADDRESS:
            return self.passes(subject, message, evidence=[step], at=at, target=target)
        if variable.missing is not None:
            return self.unknown(subject, message, missing=[variable.missing], evidence=[step], at=at, target=target)
        severity = {Exposure.SHOWN: Severity.MEDIUM, Exposure.HIDDEN: Severity.LOW}.get(variable.exposure)
        return self.fails(
            subject,
            message,
            evidence=[step],
            fix=f"Keep it in an AWS::SecretsManager::Secret, set {variable.name}_SECRET_ARN: !Ref <Secret> on "
            f"{subject.name}, and read it at run time.",
            at=at,
            target=target,
            severity=severity,
        )
