"""GET /payments: what the signed-in member owes and has paid."""

import os
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
# The domain puts the service's name before its paths; the API itself does not know it.
app = APIGatewayRestResolver(enable_validation=True, strip_prefixes=["/payments"])
payments_table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])


class Payment(BaseModel):
    ticket_id: str
    amount_cents: int
    status: str
    paid_at: str | None = None


@app.get("/")
@tracer.capture_method(capture_response=False)
def list_payments(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> list[Payment]:
    answer = payments_table.query(
        KeyConditionExpression=Key("member_id").eq(signed_in_member()), Limit=limit, ConsistentRead=True
    )
    return [Payment.model_validate(item) for item in answer["Items"]]


def signed_in_member() -> str:
    """The member's identifier from the token that API Gateway has checked; never from the request itself."""
    claims: dict[str, Any] = (app.current_event.request_context.authorizer or {}).get("claims") or {}
    if not (member_id := claims.get("sub")):
        raise UnauthorizedError("No signed-in member.")
    return str(member_id)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
