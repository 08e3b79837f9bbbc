"""/info: what there is to know about the venues, topic by topic, from PostgreSQL."""

from typing import Annotated, Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from database import query
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)


class Topic(BaseModel):
    topic: str
    title: str


class Article(Topic):
    body: str


@app.get("/info")
@tracer.capture_method(capture_response=False)
def list_topics() -> list[Topic]:
    rows = query("SELECT topic, title FROM articles ORDER BY topic LIMIT 200")
    return [Topic(topic=topic, title=title) for topic, title in rows]


@app.get("/info/<topic>")
@tracer.capture_method(capture_response=False)
def get_article(topic: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]) -> Article:
    rows = query("SELECT topic, title, body FROM articles WHERE topic = :topic", topic=topic)
    if not rows:
        raise NotFoundError(f"There is nothing about {topic}.")
    found, title, body = rows[0]
    return Article(topic=found, title=title, body=body)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
