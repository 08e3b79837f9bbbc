"""POST /tickets: reserves one seat of a show for the signed-in member; the other services are told."""

import json
import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError, UnauthorizedError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field

logger = Logger()
tracer = Tracer()
# The domain puts the service's name before its paths; the API itself does not know it.
app = APIGatewayRestResolver(enable_validation=True, strip_prefixes=["/tickets"])
dynamodb = boto3.resource("dynamodb")
tickets_table = dynamodb.Table(os.environ["TICKETS_TABLE"])
shows_on_sale_table = dynamodb.Table(os.environ["SHOWS_ON_SALE_TABLE"])
events = boto3.client("events")


class TicketOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    show_id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    seat: str = Field(pattern=r"^[A-Z]{1,2}[1-9][0-9]{0,2}$")


class Ticket(TicketOrder):
    ticket_id: str
    price_cents: int
    status: str
    reserved_at: str


@app.post("/")
@tracer.capture_method(capture_response=False)
def reserve_ticket(order: TicketOrder) -> Response[Ticket]:
    now = datetime.now(UTC)
    member_id = signed_in_member()
    ticket = Ticket(
        **order.model_dump(),
        ticket_id=f"{order.show_id}.{order.seat}",
        price_cents=price_of_coming_show(order.show_id, now),
        status="reserved",
        reserved_at=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    )
    reserve(ticket, member_id)
    publish("TicketReserved", ticket.model_dump() | {"member_id": member_id})
    logger.info("Ticket reserved", extra={"ticket_id": ticket.ticket_id})
    return Response(HTTPStatus.CREATED, content_type="application/json", body=ticket)


def price_of_coming_show(show_id: str, now: datetime) -> int:
    show = shows_on_sale_table.get_item(Key={"show_id": show_id}).get("Item")
    if show is None or show["starts_at"] <= now.strftime("%Y-%m-%dT%H:%M:%SZ"):
        raise NotFoundError(f"There is no show {show_id} to come.")
    return int(show["price_cents"])


def reserve(ticket: Ticket, member_id: str) -> None:
    """Writes the ticket. The same member may ask again: then the other services are told again."""
    try:
        tickets_table.put_item(
            Item=ticket.model_dump() | {"member_id": member_id},
            ConditionExpression="attribute_not_exists(seat) OR (member_id = :member AND #status = :reserved)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":member": member_id, ":reserved": "reserved"},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise ServiceError(HTTPStatus.CONFLICT, f"Seat {ticket.seat} is taken.") from error
        raise


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
