"""POST /shows: the back office announces a show, or announces it anew; the other services are told."""

import json
import os
from http import HTTPStatus
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field

logger = Logger()
tracer = Tracer()
# The domain puts the service's name before its paths; the API itself does not know it.
app = APIGatewayRestResolver(enable_validation=True, strip_prefixes=["/shows"])
shows_table = boto3.resource("dynamodb").Table(os.environ["SHOWS_TABLE"])
events = boto3.client("events")


class Show(BaseModel):
    model_config = ConfigDict(extra="forbid")

    show_id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    city: str = Field(min_length=1, max_length=64)
    starts_at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")
    title: str = Field(min_length=1, max_length=200)
    price_cents: int = Field(ge=0, le=10_000_000)


@app.post("/")
@tracer.capture_method(capture_response=False)
def announce_show(show: Show) -> Response[Show]:
    # Both can be done again: where the bus refuses, the back office sends the same show once more.
    shows_table.put_item(Item=show.model_dump())
    publish("ShowAnnounced", show.model_dump())
    logger.info("Show announced", extra={"show_id": show.show_id})
    return Response(HTTPStatus.CREATED, content_type="application/json", body=show)


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


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
