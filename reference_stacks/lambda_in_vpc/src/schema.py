"""Creates or updates tables and the reader's rights. Run by hand after a deployment; may be run again."""

from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from database import connect

logger = Logger()

SCHEMA = Path(__file__).with_name("schema.sql")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    connection = connect()
    try:
        # Without parameters the whole script is one simple query: all of it takes effect, or nothing.
        connection.run(SCHEMA.read_text(encoding="utf-8"))
        [[orders]] = connection.run("SELECT count(*) FROM orders") or [[0]]
    finally:
        connection.close()
    logger.info("Schema is up to date", extra={"orders": orders})
    return {"orders": orders}
