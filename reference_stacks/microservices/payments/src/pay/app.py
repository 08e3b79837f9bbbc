"""PUT /payments/{ticket_id}: the signed-in member pays what is due for a ticket; the other services are told."""

import json
import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import ServiceError, UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field

logger = Logger()
tracer = Tracer()
# The domain puts the service's name before its paths; the API itself does not know it.
app = APIGatewayRestResolver(enable_validation=True, strip_prefixes=["/payments"])
payments_table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])
events = boto3.client("events")


class Payment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount_cents: int = Field(ge=0, le=10_000_000)


class Receipt(BaseModel):
    ticket_id: str
    amount_cents: int
    paid_at: str


@app.put("/<ticket_id>")
@tracer.capture_method(capture_response=False)
def pay(
    ticket_id: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}\.[A-Z]{1,2}[1-9][0-9]{0,2}$")], payment: Payment
) -> Receipt:
    member_id = signed_in_member()
    receipt = settle(ticket_id, payment.amount_cents, member_id)
    publish("TicketPaid", {"ticket_id": ticket_id, "member_id": member_id, "paid_at": receipt.paid_at})
    logger.info("Ticket paid", extra={"ticket_id": ticket_id})
    return receipt


def settle(ticket_id: str, amount_cents: int, member_id: str) -> Receipt:
    """Marks the payment as made, once; asked again, it answers with the first receipt."""
    try:
        answer = payments_table.update_item(
            Key={"member_id": member_id, "ticket_id": ticket_id},
            UpdateExpression="SET #status = :paid, paid_at = if_not_exists(paid_at, :now)",
            ConditionExpression="amount_cents = :amount",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":paid": "paid",
                ":now": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                ":amount": amount_cents,
            },
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise ServiceError(
                HTTPStatus.CONFLICT, f"No payment of {amount_cents} cents is due for {ticket_id}."
            ) from error
        raise
    return Receipt.model_validate(answer["Attributes"])


def publish(detail_type: str, detail: dict[str, Any]) -> None:
    """Tells the other services. Raises where the bus did not take it, so that the caller asks again."""
    entry = {
        "EventBusName": os.environ["EVENT_BUS"],
        "Source": os.environ["EVENT_SOURCE"],
        "DetailType": detail_type,
        "Detail": json.dumps(detail),
    }
    answer = events.put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"The event bus refused {detail_type}: {answer['Entries'][0].get('ErrorCode')}.")


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
