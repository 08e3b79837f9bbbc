"""POST /tickets: sells one seat of a show, once, to the signed-in member."""

import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError, UnauthorizedError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True, cors=CORSConfig(allow_origin=os.environ["SITE_ORIGIN"]))
dynamodb = boto3.client("dynamodb")
tickets_table, shows_table = os.environ["TICKETS_TABLE"], os.environ["SHOWS_TABLE"]


class TicketOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    show_id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    seat: str = Field(pattern=r"^[A-Z]{1,2}[1-9][0-9]{0,2}$")


class Ticket(TicketOrder):
    bought_at: str


@app.post("/tickets")
@tracer.capture_method(capture_response=False)
def buy_ticket(order: TicketOrder) -> Response[Ticket]:
    now = datetime.now(UTC)
    ticket = Ticket(show_id=order.show_id, seat=order.seat, bought_at=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    # Both or neither: no ticket for a show that is not on, and no seat twice.
    try:
        dynamodb.transact_write_items(
            TransactItems=[
                {"ConditionCheck": show_is_to_come(order.show_id, now)},
                {"Put": seat_is_sold(ticket, signed_in_member())},
            ]
        )
    except ClientError as error:
        raise reason_of(error, order) from error
    logger.info("Ticket sold", extra={"show_id": ticket.show_id, "seat": ticket.seat})
    return Response(HTTPStatus.CREATED, content_type="application/json", body=ticket)


def show_is_to_come(show_id: str, now: datetime) -> dict[str, Any]:
    return {
        "TableName": shows_table,
        "Key": {"show_id": {"S": show_id}},
        "ConditionExpression": "starts_at > :now",
        "ExpressionAttributeValues": {":now": {"S": now.strftime("%Y-%m-%dT%H:%M:%SZ")}},
    }


def seat_is_sold(ticket: Ticket, member_id: str) -> dict[str, Any]:
    item = {**ticket.model_dump(), "member_id": member_id}
    return {
        "TableName": tickets_table,
        "Item": {name: {"S": value} for name, value in item.items()},
        "ConditionExpression": "attribute_not_exists(seat)",
    }


def reason_of(error: ClientError, order: TicketOrder) -> Exception:
    """What to tell the member; the error itself where it is none of the two conditions."""
    reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
    match reasons:
        case ["ConditionalCheckFailed", _]:
            return NotFoundError(f"There is no show {order.show_id} to come.")
        case [_, "ConditionalCheckFailed"]:
            return ServiceError(HTTPStatus.CONFLICT, f"Seat {order.seat} is taken.")
        case [*codes] if "TransactionConflict" in codes:
            return ServiceError(HTTPStatus.CONFLICT, f"Somebody is buying seat {order.seat} right now; try again.")
        case _:
            return error


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
