"""The authorizer's answer: which methods a caller may call, and what API Gateway makes of the rest."""

from types import ModuleType
from typing import Any

import pytest
from issuer import KEYS, OTHER_RSA_KEY, token
from keys import KeySet, KeysUnavailableError

STAGE = "arn:aws:execute-api:us-east-1:123456789012:example/api"


@pytest.fixture
def asked(authorizer: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any) -> Any:
    monkeypatch.setattr(authorizer, "issuer_keys", KeySet("jwks", fetch=lambda _: KEYS))

    def ask(header: str) -> dict[str, Any]:
        return authorizer.handler({**event("authorize"), "authorizationToken": header}, context)

    return ask


def test_the_policy_names_the_methods_of_the_scopes_on_this_stage(asked: Any) -> None:
    assert asked(f"Bearer {token(scope='tickets.buy shows.read something.else')}") == {
        "principalId": "auth0|11111111",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": [f"{STAGE}/GET/shows", f"{STAGE}/GET/shows/*", f"{STAGE}/POST/tickets"],
                }
            ],
        },
        "context": {"scope": "shows.read something.else tickets.buy"},
    }


@pytest.mark.parametrize("scope", [None, "", "something.else"])
def test_a_good_token_without_a_scope_of_ours_may_call_nothing(asked: Any, scope: str | None) -> None:
    [statement] = asked(f"Bearer {token(scope=scope)}")["policyDocument"]["Statement"]

    assert (statement["Effect"], statement["Resource"]) == ("Deny", [f"{STAGE}/*"])


def test_all_scopes_together_name_every_method_of_the_api(authorizer: ModuleType) -> None:
    methods = {method for named in authorizer.METHODS_OF_SCOPE.values() for method in named}

    assert methods == {
        "GET/shows",
        "GET/shows/*",
        "GET/tickets",
        "POST/tickets",
        "GET/info",
        "GET/info/*",
    }


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", f"Basic {token()}", token(), f"Bearer {token(OTHER_RSA_KEY)}", f"Bearer {token()}x"],
    ids=["none", "no-token", "blank", "basic", "no-scheme", "another-key", "altered"],
)
def test_what_is_refused_says_unauthorized_and_nothing_more(asked: Any, authorizer: ModuleType, header: str) -> None:
    with pytest.raises(authorizer.UnauthorizedError) as refused:
        asked(header)

    assert str(refused.value) == "Unauthorized"


def test_keys_out_of_reach_are_our_fault_and_not_the_caller_s(
    asked: Any, authorizer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_reach(_: str) -> dict[str, Any]:
        raise KeysUnavailableError("down")

    monkeypatch.setattr(authorizer, "issuer_keys", KeySet("jwks", fetch=out_of_reach))

    with pytest.raises(KeysUnavailableError, match="down"):
        asked(f"Bearer {token()}")
