"""What the service of tickets tells: a ticket is reserved, a payment is due. Each event may come more than once."""

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
payments_table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])


class TicketReserved(BaseModel):
    """Of all that is told of a reservation, what paying needs."""

    ticket_id: str
    member_id: str
    price_cents: int


def learn(record: SQSRecord) -> None:
    event = json.loads(record.body)
    if event["detail-type"] != "TicketReserved":
        raise ValueError(f"Nobody knows what to do with {event['detail-type']}.")
    note_payment_due(TicketReserved.model_validate(event["detail"]))


def note_payment_due(reserved: TicketReserved) -> None:
    try:
        payments_table.put_item(
            Item={
                "member_id": reserved.member_id,
                "ticket_id": reserved.ticket_id,
                "amount_cents": reserved.price_cents,
                "status": "due",
            },
            ConditionExpression="attribute_not_exists(ticket_id)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        # The event has been here before; what was noted stands, also where it is paid by now.
        logger.info("Payment was noted before", extra={"ticket_id": reserved.ticket_id})


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return dict(process_partial_response(event, learn, processor, context))
