"""/shows: the coming shows of a city, and one show by its identifier; the cache first, then the table."""

import json
import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from cache import Answer, answer
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)
shows_table = boto3.resource("dynamodb").Table(os.environ["SHOWS_TABLE"])


class Show(BaseModel):
    show_id: str
    city: str
    starts_at: str
    title: str


@app.get("/shows")
@tracer.capture_method(capture_response=False)
def list_shows(
    city: Annotated[str, Query(pattern=r"^[^\W_]([^\W_]|[ .'-]){0,63}$")],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response[list[Show]]:
    def read() -> str:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        found = shows_table.query(
            IndexName="by-city",
            KeyConditionExpression=Key("city").eq(city) & Key("starts_at").gte(now),
            Limit=limit,
        )
        return json.dumps([Show.model_validate(item).model_dump() for item in found["Items"]])

    found = answer(f"shows:1:city:{limit}:{city}", read)
    return _response(found, [Show.model_validate(item) for item in json.loads(found.text)])


@app.get("/shows/<show_id>")
@tracer.capture_method(capture_response=False)
def get_show(show_id: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]) -> Response[Show]:
    def read() -> str:
        # A show that is missing is kept as well: asking for it again and again costs no read of the table.
        item = shows_table.get_item(Key={"show_id": show_id}).get("Item")
        return json.dumps(Show.model_validate(item).model_dump() if item else None)

    found = answer(f"shows:1:show:{show_id}", read)
    if (show := json.loads(found.text)) is None:
        raise NotFoundError(f"There is no show {show_id}.")
    return _response(found, Show.model_validate(show))


def _response(found: Answer, body: Any) -> Response[Any]:
    return Response(HTTPStatus.OK, content_type="application/json", body=body, headers={"X-Shows-Cache": found.cache})


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
