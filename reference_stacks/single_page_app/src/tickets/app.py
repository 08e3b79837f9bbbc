"""/tickets: sell a seat once, and list what the signed-in member has bought."""

import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError, UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)
tickets_table = boto3.resource("dynamodb").Table(os.environ["TICKETS_TABLE"])


class TicketOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    show_id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    seat: str = Field(pattern=r"^[A-Z]{1,2}[1-9][0-9]{0,2}$")


class Ticket(TicketOrder):
    bought_at: str


@app.post("/tickets")
@tracer.capture_method(capture_response=False)
def buy_ticket(order: TicketOrder) -> Response[Ticket]:
    ticket = Ticket(
        show_id=order.show_id, seat=order.seat, bought_at=datetime.now(UTC).isoformat(timespec="milliseconds")
    )
    try:
        tickets_table.put_item(
            Item={**ticket.model_dump(), "member_id": signed_in_member()},
            ConditionExpression="attribute_not_exists(seat)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise ServiceError(HTTPStatus.CONFLICT, f"Seat {order.seat} is taken.") from error
        raise
    logger.info("Ticket sold", extra={"show_id": ticket.show_id, "seat": ticket.seat})
    return Response(HTTPStatus.CREATED, content_type="application/json", body=ticket)


@app.get("/tickets")
@tracer.capture_method(capture_response=False)
def list_tickets(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> list[Ticket]:
    answer = tickets_table.query(
        IndexName="by-member",
        KeyConditionExpression=Key("member_id").eq(signed_in_member()),
        ScanIndexForward=False,
        Limit=limit,
    )
    return [Ticket(show_id=i["show_id"], seat=i["seat"], bought_at=i["bought_at"]) for i in answer["Items"]]


def signed_in_member() -> str:
    """The member's identifier from the token that the authorizer has checked; never from the request itself."""
    authorizer: Any = app.current_event.request_context.authorizer or {}
    if not (member_id := authorizer.get("principalId")):
        raise UnauthorizedError("No signed-in member.")
    return str(member_id)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
