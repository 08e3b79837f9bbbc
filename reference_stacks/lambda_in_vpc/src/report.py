"""The nightly report: what was sold on the day before, show by show, as CSV in the bucket of reports."""

import csv
import io
import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from database import query

logger = Logger()
tracer = Tracer()
s3 = boto3.client("s3")

SALES = """
SELECT show_id, count(*), sum(amount_cents)
FROM orders
WHERE ordered_at >= :begin AND ordered_at < :end
GROUP BY show_id
ORDER BY show_id
"""


class InvalidEventError(ValueError):
    """The event does not say when it was sent."""


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    day = day_before(event)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = query(SALES, begin=begin, end=begin + timedelta(days=1))
    # The day alone makes the key: a repeated event writes the same report again.
    key = f"daily/{day.isoformat()}.csv"
    s3.put_object(
        Bucket=os.environ["REPORT_BUCKET"], Key=key, Body=as_csv(rows).encode(), ContentType="text/csv; charset=utf-8"
    )
    logger.info("Report written", extra={"key": key, "shows": len(rows)})
    return {"key": key, "shows": len(rows)}


def day_before(event: dict[str, Any]) -> date:
    """The day before the schedule's event was sent, in UTC."""
    try:
        sent = datetime.fromisoformat(event["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidEventError('The event needs a "time" such as 2026-04-12T03:00:00Z.') from error
    return (sent.astimezone(UTC) - timedelta(days=1)).date()


def as_csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["show_id", "orders", "amount_cents"])
    writer.writerows(rows)
    return text.getvalue()
