"""The API's authorizer: who has a good token may call the methods that the token's scopes name, and no other.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

import os
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from keys import KeySet
from tokens import Caller, TokenRefusedError, check

logger = Logger()
tracer = Tracer()
# Kept as long as this copy of the function lives.
issuer_keys = KeySet(os.environ["JWKS_URL"])

METHODS_OF_SCOPE = {
    "shows.read": ("GET/shows", "GET/shows/*"),
    "tickets.read": ("GET/tickets",),
    "tickets.buy": ("POST/tickets",),
    "info.read": ("GET/info", "GET/info/*"),
}


class UnauthorizedError(Exception):
    """API Gateway answers 401 to an error that says exactly `Unauthorized`, and 500 to any other."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    scheme, _, token = event.get("authorizationToken", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise UnauthorizedError
    try:
        caller = check(token, issuer_keys, issuer=os.environ["TOKEN_ISSUER"], audience=os.environ["TOKEN_AUDIENCE"])
    except TokenRefusedError as error:
        logger.info("Token refused", extra={"reason": str(error)})
        raise UnauthorizedError from error
    return policy(caller, event["methodArn"])


def policy(caller: Caller, method_arn: str) -> dict[str, Any]:
    """What the caller may do on the whole stage: the answer is kept and used for every method.

    A method ARN is `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`.
    """
    stage_arn = "/".join(method_arn.split("/", 2)[:2])
    methods = [method for scope in sorted(caller.scopes) for method in METHODS_OF_SCOPE.get(scope, ())]
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if methods else "Deny",
        "Resource": [f"{stage_arn}/{method}" for method in methods or ["*"]],
    }
    return {
        "principalId": caller.subject,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"scope": " ".join(sorted(caller.scopes))},
    }
