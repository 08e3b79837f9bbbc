"""/info: what there is to know about the venues, topic by topic, from objects in S3."""

import json
import os
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)
s3 = boto3.client("s3")

PREFIX, SUFFIX = "info/", ".json"
MOST_TOPICS = 200


class Topic(BaseModel):
    topic: str


class Article(Topic):
    title: str
    body: str


@app.get("/info")
@tracer.capture_method(capture_response=False)
def list_topics() -> list[Topic]:
    found = s3.list_objects_v2(Bucket=os.environ["INFO_BUCKET"], Prefix=PREFIX, MaxKeys=MOST_TOPICS)
    keys = [item["Key"] for item in found.get("Contents", []) if item["Key"].endswith(SUFFIX)]
    return [Topic(topic=key.removeprefix(PREFIX).removesuffix(SUFFIX)) for key in keys]


@app.get("/info/<topic>")
@tracer.capture_method(capture_response=False)
def get_article(topic: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]) -> Article:
    try:
        found = s3.get_object(Bucket=os.environ["INFO_BUCKET"], Key=f"{PREFIX}{topic}{SUFFIX}")
    except s3.exceptions.NoSuchKey:
        raise NotFoundError(f"There is nothing about {topic}.") from None
    article = json.loads(found["Body"].read())
    return Article(topic=topic, title=article["title"], body=article["body"])


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
