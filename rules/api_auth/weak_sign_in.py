"""AUTH009: guests and weak sign-in."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.model import Category, Evidence, Severity, Span
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_IDENTITY_POOL = "AWS::Cognito::IdentityPool"
_USER_POOL = "AWS::Cognito::UserPool"
_SHORTEST = 8


class WeakSignIn(Rule):
    """An identity pool with guests, or a user pool whose sign-in is weak.

    ## What it proves
    An identity pool gives AWS credentials to signed-in identities only. A user pool offers multi-factor
    authentication, demands passwords of eight characters or more, and has threat protection switched on.

    ## Why it matters
    With guests, AWS credentials are public: whatever the unauthenticated role may do, anyone may do. A user
    pool is the door for people; a guessed password opens everything behind it.

    ## How to fix
    Set `AllowUnauthenticatedIdentities: false`. On the user pool set `MfaConfiguration: OPTIONAL` or `ON`
    with `EnabledMfas: [SOFTWARE_TOKEN_MFA]`, a `PasswordPolicy` of at least eight characters, and
    `UserPoolAddOns.AdvancedSecurityMode: ENFORCED`.

    ## What it cannot see
    What a guest is for: a pool that needs guests is suppressed with a reason. Identity providers outside.

    ## References
    Cognito Developer Guide: *Identity pools*, *Adding MFA to a user pool*, *Threat protection*.
    """

    meta = RuleMeta(
        id="AUTH009",
        title="Guests get credentials, or sign-in is weak",
        category=Category.API_AUTH,
        severity=Severity.MEDIUM,
        why="The identity that every authorization rests on is easy to get.",
        subjects=(_IDENTITY_POOL, _USER_POOL),
        lens=("SEC1.a1", "SEC1.a2"),
        references=(
            "https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html",
            "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
        ),
    )
    examples = (
        Example.fails(
            "an identity pool with guests",
            """\
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: true  # <- finding
""",
        ),
        Example.passes(
            "signed-in identities only",
            """\
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
""",
        ),
        Example.unknown(
            "a parameter decides",
            """\
Parameters:
  Guests: {Type: String}
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: !Ref Guests  # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A verdict on guests, and on each of MFA, password and threat protection."""
        if subject.type == _IDENTITY_POOL:
            yield self._guests(subject)
            return
        yield self._mfa(subject)
        yield self._password(subject)
        yield self._threats(subject)

    def _guests(self, subject: Resource) -> Judgement:
        value = subject.prop("AllowUnauthenticatedIdentities")
        if value.boolean():
            message = f"{subject.name} gives AWS credentials to guests"
            step = Evidence(subject.name, "allows unauthenticated identities", value.span)
            fix = f"set AllowUnauthenticatedIdentities: false on {subject.name}"
            return self.fails(subject, message, evidence=(step,), fix=fix, at=value.span, target="guests")
        if value.missing is not None:
            return self._undecided(subject, value, "guests")
        message = f"{subject.name} gives AWS credentials to signed-in identities only"
        return self.passes(subject, message, at=value.span, target="guests")

    def _mfa(self, subject: Resource) -> Judgement:
        value = subject.prop("MfaConfiguration")
        if value.literal in ("ON", "OPTIONAL"):
            message = f"{subject.name} offers multi-factor authentication ({value.literal})"
            return self.passes(subject, message, at=value.span, target="MFA")
        if value.missing is not None:
            return self._undecided(subject, value, "MFA")
        at = subject.span if value.is_absent else value.span
        fix = f"set MfaConfiguration: OPTIONAL and EnabledMfas: [SOFTWARE_TOKEN_MFA] on {subject.name}"
        return self._advice(subject, "offers no multi-factor authentication", fix, at, "MFA")

    def _password(self, subject: Resource) -> Judgement:
        value = subject.prop("Policies", "PasswordPolicy", "MinimumLength")
        length = value.integer()
        if value.missing is not None:
            return self._undecided(subject, value, "passwords")
        if length is not None and length < _SHORTEST:
            fix = f"set Policies.PasswordPolicy.MinimumLength of {subject.name} to {_SHORTEST} or more"
            return self._advice(subject, f"accepts passwords of {length} characters", fix, value.span, "passwords")
        message = f"{subject.name} demands passwords of {length or _SHORTEST} characters or more"
        return self.passes(subject, message, at=value.span, target="passwords")

    def _threats(self, subject: Resource) -> Judgement:
        value = subject.prop("UserPoolAddOns", "AdvancedSecurityMode")
        if value.literal in ("ENFORCED", "AUDIT"):
            message = f"{subject.name} has threat protection ({value.literal})"
            return self.passes(subject, message, at=value.span, target="threat protection")
        if value.missing is not None:
            return self._undecided(subject, value, "threat protection")
        at = subject.span if value.is_absent else value.span
        fix = f"set UserPoolAddOns.AdvancedSecurityMode of {subject.name} to ENFORCED (plan PLUS)"
        return self._advice(subject, "has no threat protection", fix, at, "threat protection")

    def _advice(self, subject: Resource, fact: str, fix: str, at: Span, target: str) -> Judgement:
        step = Evidence(subject.name, fact, at)
        return self.fails(
            subject,
            f"{subject.name} {fact}",
            evidence=(step,),
            fix=fix,
            at=at,
            target=target,
            severity=Severity.LOW,
        )

    def _undecided(self, subject: Resource, value: Value, target: str) -> Judgement:
        assert value.missing is not None
        message = f"{subject.name} has {target} that are not decided: {value.missing.what}"
        return self.unknown(subject, message, missing=(value.missing,), at=value.span, target=target)
