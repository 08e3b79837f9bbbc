"""GET /shows/{show_id}: one show, with what there is to say about it."""

import os
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True, cors=CORSConfig(allow_origin=os.environ["SITE_ORIGIN"]))
shows_table = boto3.resource("dynamodb").Table(os.environ["SHOWS_TABLE"])


class Show(BaseModel):
    show_id: str
    city: str
    starts_at: str
    title: str
    description: str = ""


@app.get("/shows/<show_id>")
@tracer.capture_method(capture_response=False)
def get_show(show_id: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]) -> Show:
    item = shows_table.get_item(Key={"show_id": show_id}).get("Item")
    if item is None:
        raise NotFoundError(f"There is no show {show_id}.")
    return Show.model_validate(item)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
