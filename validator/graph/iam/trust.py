"""Trust policies: who may assume a role (IAM User Guide, *Roles terms and concepts*, *Confused deputy*)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.conditions import ConditionTest, Effect, narrowing
from validator.graph.iam.documents import Statement
from validator.graph.iam.principals import Principal, PrincipalKind
from validator.graph.resource import Resource
from validator.model import Missing, Severity
from validator.resolve import Text, Value

_COGNITO: Final = "cognito-identity.amazonaws.com"
_GITHUB: Final = "token.actions.githubusercontent.com"
_SHARED: Final = ("gitlab.com", "app.terraform.io", "agent.buildkite.com")
"""Providers that sign for all their customers; the subject starts with a word and the customer's name."""
_OWN_CLAIMS: Final = ("sub", "repository", "repository_owner", "repository_id", "job_workflow_ref", "environment")
_PARTY_KEYS: Final = (
    "aws:principalorgid",
    "aws:principalorgpaths",
    "sts:externalid",
    "aws:principalarn",
    "aws:userid",
)


class TrustVerdict(StrEnum):
    """How a trusted party is judged."""

    OPEN = "open"
    NARROW = "narrow"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trust:
    """The verdict on one principal of a trust statement: a phrase that follows the role's name."""

    verdict: TrustVerdict
    phrase: str
    severity: Severity = Severity.HIGH
    fix: str = ""
    missing: Missing | None = None


def judge_trust(principal: Principal, statement: Statement, graph: Architecture) -> Trust:
    """Whether a statement of a trust policy lets in more than a known party."""
    tests = statement.conditions
    match principal.kind:
        case PrincipalKind.EVERYONE:
            return _everyone(tests)
        case PrincipalKind.AWS:
            return _aws(principal, tests)
        case PrincipalKind.FEDERATED:
            return _federated(principal, _provider(principal, graph), statement)
        case PrincipalKind.UNKNOWN:
            return _unread(principal)
    return Trust(TrustVerdict.NARROW, f"trusts {principal.text}")


def _unread(principal: Principal) -> Trust:
    cause = principal.missing or Missing("the principal is not known", "write it", "principal")
    return Trust(TrustVerdict.UNKNOWN, "trusts a party that is not known", missing=cause)


def _everyone(tests: tuple[ConditionTest, ...]) -> Trust:
    found = narrowing(tests)
    if found.effect is Effect.UNKNOWN and found.missing is not None:
        return Trust(
            TrustVerdict.UNKNOWN, "trusts everyone under a condition that is not known", missing=found.missing
        )
    if found.effect is not Effect.OPEN:
        return Trust(TrustVerdict.NARROW, f"trusts everyone under {found.by}")
    return Trust(
        TrustVerdict.OPEN,
        "trusts everyone with AWS credentials",
        Severity.CRITICAL,
        "name the account or role in Principal",
    )


def _aws(principal: Principal, tests: tuple[ConditionTest, ...]) -> Trust:
    if principal.may_be_anyone is not None:
        return _unread(principal)
    if not principal.is_account_root:
        return Trust(TrustVerdict.NARROW, f"trusts {principal.text}")
    if principal.account == "own":
        return Trust(TrustVerdict.NARROW, "trusts its own account, whose IAM policies decide")
    if any(_is_fixed(test) for test in tests if test.key in _PARTY_KEYS):
        return Trust(TrustVerdict.NARROW, f"trusts {principal.text} under a condition on who comes")
    if principal.missing is not None:
        return _unread(principal)
    return Trust(
        TrustVerdict.OPEN,
        f"trusts every identity of account {principal.text} without a condition",
        Severity.MEDIUM,
        "name the role in Principal, or add Condition: {StringEquals: {sts:ExternalId: <id>}}",
    )


def _is_fixed(test: ConditionTest) -> bool:
    positive = not (test.negated or test.if_exists or test.quantifier == "ForAllValues" or test.operator == "Null")
    return positive and all(_says_something(test, value) for value in test.values)


def _says_something(test: ConditionTest, value: Value) -> bool:
    if not test.takes_wildcards or not isinstance(value, Text):
        return True
    text = str(value)
    if test.key == "aws:principalarn":
        # A pattern over all roles of the account says no more than the account itself.
        return not re.fullmatch(r"[^:]*:[^:]*:iam::[^:]*:(role/)?\*", text)
    return not set(text) <= {"*", "?"}


def _provider(principal: Principal, graph: Architecture) -> str:
    """The provider as its ARN names it, also when it is a resource of the run."""
    found = graph.target(principal.value, "AWS::IAM::OIDCProvider", "AWS::IAM::SAMLProvider")
    if not isinstance(found, Resource):
        return principal.text
    if found.type == "AWS::IAM::SAMLProvider":
        return f"arn:aws:iam::own:saml-provider/{found.logical_id}"
    url = found.prop("Url").literal
    host = "${unknown}" if url is None else url.removeprefix("https://")
    return f"arn:aws:iam::own:oidc-provider/{host}"


def _federated(principal: Principal, text: str, statement: Statement) -> Trust:
    tests = statement.conditions
    if _COGNITO in text:
        return _web(
            text, tests, f"{_COGNITO}:aud", f"{_COGNITO}:amr", "any identity pool", "guests and signed-in people"
        )
    if ":saml-provider/" in text:
        wanted = ("saml:aud", "saml:iss", "saml:sub")
        if any(test.key in wanted and _is_fixed(test) for test in tests):
            return Trust(TrustVerdict.NARROW, f"trusts {text} for a fixed audience")
        fix = "add Condition: {StringEquals: {SAML:aud: https://signin.aws.amazon.com/saml}}"
        return Trust(TrustVerdict.OPEN, f"trusts {text} for any audience", Severity.MEDIUM, fix)
    if ":oidc-provider/" in text:
        return _oidc(text.partition(":oidc-provider/")[2].lower(), text, tests)
    if principal.missing is not None:
        return _unread(principal)
    host = text.lower()
    key = {"accounts.google.com": "accounts.google.com:aud", "graph.facebook.com": "graph.facebook.com:app_id"}.get(
        host, f"{host}:app_id"
    )
    if any(test.key == key and _is_fixed(test) for test in tests):
        return Trust(TrustVerdict.NARROW, f"trusts {text} for one application")
    fix = f"add Condition: {{StringEquals: {{{key}: <application>}}}}"
    return Trust(TrustVerdict.OPEN, f"trusts anyone who signs in with {text}", Severity.HIGH, fix)


def _web(
    text: str, tests: tuple[ConditionTest, ...], audience: str, kind: str, any_audience: str, both: str
) -> Trust:
    found = {test.key: test for test in tests}
    aud, amr = found.get(audience), found.get(kind)
    if aud is None or not _is_fixed(aud):
        fix = f"add Condition: {{StringEquals: {{{audience}: !Ref IdentityPool}}}}"
        return Trust(TrustVerdict.OPEN, f"trusts {any_audience} of any account", Severity.HIGH, fix)
    if amr is None or not _is_fixed(amr) or len({value.literal for value in amr.values}) > 1:
        fix = f"add Condition: {{'ForAnyValue:StringLike': {{{kind}: authenticated}}}}"
        return Trust(TrustVerdict.OPEN, f"trusts {both} of the pool alike", Severity.MEDIUM, fix)
    return Trust(TrustVerdict.NARROW, f"trusts {text} for one pool and one kind of visitor")


def _oidc(host: str, text: str, tests: tuple[ConditionTest, ...]) -> Trust:
    claims = {test.key.rpartition(":")[2]: test for test in tests if test.key.rpartition(":")[0] in (host, "")}
    named = {claim: test for claim, test in claims.items() if claim in _OWN_CLAIMS or claim.startswith("custom")}
    unknown = next((cause for test in tests if (cause := _unknown_claim(test)) is not None), None)
    holding = [test for test in named.values() if _narrows_claim(test, host)]
    if "${" in host and not holding and any(test.key.endswith(":sub") and _is_fixed(test) for test in tests):
        return Trust(TrustVerdict.NARROW, f"trusts {text} for named subjects")
    audience = claims.get("aud")
    if holding and ((audience is not None and _is_fixed(audience)) or host != _GITHUB):
        if audience is None:
            fix = f"add {host}:aud to the condition"
            return Trust(TrustVerdict.OPEN, f"trusts {text} for any audience", Severity.LOW, fix)
        return Trust(TrustVerdict.NARROW, f"trusts {text} for named subjects")
    if unknown is not None and not holding:
        return Trust(TrustVerdict.UNKNOWN, f"trusts {text} for a subject that is not known", missing=unknown)
    lacking = "any subject" if not holding else "any audience"
    fix = f"add Condition: {{StringEquals: {{{host}:aud: <audience>, {host}:sub: <subject>}}}}"
    return Trust(
        TrustVerdict.OPEN, f"trusts {text} for {lacking}", Severity.HIGH if not holding else Severity.LOW, fix
    )


def _unknown_claim(test: ConditionTest) -> Missing | None:
    if not test.key.endswith(":sub") or test.negated or test.if_exists or test.quantifier == "ForAllValues":
        return None
    return next((value.missing for value in test.values if value.missing is not None), None)


def _narrows_claim(test: ConditionTest, host: str) -> bool:
    if not _is_fixed(test) or any(value.missing is not None for value in test.values if not isinstance(value, Text)):
        return False
    if not test.key.endswith(":sub") or not test.takes_wildcards:
        return True
    if host in _SHARED:
        return all(re.match(r"[\w-]+:[*?]", str(value)) is None for value in test.values)
    if host != _GITHUB:
        return True
    return all(re.match(r"repo:[^*?/]+/", str(value)) is not None for value in test.values)
