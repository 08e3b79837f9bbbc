"""/orders: one order, or the orders of a customer, for the workloads that IAM lets in. Reads only."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from database import query
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)


class Order(BaseModel):
    order_id: UUID
    customer_id: str
    show_id: str
    seat: str
    amount_cents: int
    ordered_at: datetime


COLUMNS = ", ".join(Order.model_fields)


@app.get("/orders")
@tracer.capture_method(capture_response=False)
def list_orders(
    customer_id: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,64}$")],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Order]:
    rows = query(
        f"SELECT {COLUMNS} FROM orders WHERE customer_id = :customer_id ORDER BY ordered_at DESC LIMIT :limit",
        customer_id=customer_id,
        limit=limit,
    )
    return [_order(row) for row in rows]


@app.get("/orders/<order_id>")
@tracer.capture_method(capture_response=False)
def get_order(order_id: Annotated[UUID, Path()]) -> Order:
    rows = query(f"SELECT {COLUMNS} FROM orders WHERE order_id = :order_id", order_id=order_id)
    if not rows:
        raise NotFoundError(f"There is no order {order_id}.")
    return _order(rows[0])


def _order(row: list[Any]) -> Order:
    return Order.model_validate(dict(zip(Order.model_fields, row, strict=True)))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
