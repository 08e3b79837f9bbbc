"""What the other services tell: a show is on sale, a ticket is paid. Each event may come more than once."""

import json
import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
processor = BatchProcessor(event_type=EventType.SQS)
dynamodb = boto3.resource("dynamodb")
tickets_table = dynamodb.Table(os.environ["TICKETS_TABLE"])
shows_on_sale_table = dynamodb.Table(os.environ["SHOWS_ON_SALE_TABLE"])


class ShowAnnounced(BaseModel):
    """Of all that is announced, what selling needs."""

    show_id: str
    starts_at: str
    price_cents: int


class TicketPaid(BaseModel):
    ticket_id: str
    member_id: str


def learn(record: SQSRecord) -> None:
    event = json.loads(record.body)
    match event["detail-type"]:
        case "ShowAnnounced":
            shows_on_sale_table.put_item(Item=ShowAnnounced.model_validate(event["detail"]).model_dump())
        case "TicketPaid":
            mark_paid(TicketPaid.model_validate(event["detail"]))
        case other:
            raise ValueError(f"Nobody knows what to do with {other}.")


def mark_paid(paid: TicketPaid) -> None:
    show_id, seat = paid.ticket_id.split(".")
    try:
        tickets_table.update_item(
            Key={"show_id": show_id, "seat": seat},
            UpdateExpression="SET #status = :paid",
            ConditionExpression="member_id = :member",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":paid": "paid", ":member": paid.member_id},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        # To the dead-letter queue: a person decides about money for a ticket that is not there.
        raise ValueError(f"{paid.ticket_id} is paid and not reserved for that member.") from error


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return dict(process_partial_response(event, learn, processor, context))
