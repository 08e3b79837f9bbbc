"""GET /shows and GET /shows/{show_id}: the coming shows of a city, and one show."""

import os
from datetime import UTC, datetime
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
# The domain puts the service's name before its paths; the API itself does not know it.
app = APIGatewayRestResolver(enable_validation=True, strip_prefixes=["/shows"])
shows_table = boto3.resource("dynamodb").Table(os.environ["SHOWS_TABLE"])


class Show(BaseModel):
    show_id: str
    city: str
    starts_at: str
    title: str
    price_cents: int


@app.get("/")
@tracer.capture_method(capture_response=False)
def list_shows(
    city: Annotated[str, Query(min_length=1, max_length=64)],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Show]:
    answer = shows_table.query(
        IndexName="by-city",
        KeyConditionExpression=Key("city").eq(city) & Key("starts_at").gte(now()),
        Limit=limit,
    )
    return [Show.model_validate(item) for item in answer["Items"]]


@app.get("/<show_id>")
@tracer.capture_method(capture_response=False)
def get_show(show_id: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]) -> Show:
    item = shows_table.get_item(Key={"show_id": show_id}).get("Item")
    if item is None:
        raise NotFoundError(f"There is no show {show_id}.")
    return Show.model_validate(item)


def now() -> str:
    """The time as the table writes it, so that texts compare as times do."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
