"""Counts the clicks that redirects queued."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import TypeAdapter, ValidationError

from jmpy import metrics
from jmpy.aws import clients
from jmpy.clicks.model import Click
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.metrics import Metric
from jmpy.settings import FunctionSettings, ReadWriteTable

ENOUGH_TIME = 15_000
"""Milliseconds that a part of a batch may take, with every retry; with less left, it is delivered
again."""


@dataclass(frozen=True)
class Settings(FunctionSettings):
    clicks_table: ReadWriteTable
    links_table: ReadWriteTable
    click_detail_days: int


settings = Settings.from_environment()
logger = Logger()
recorder = ClickRecorder(
    ClickStore(
        clients.dynamodb(),
        settings.clicks_table,
        settings.links_table,
        settings.click_detail_days,
    )
)
_processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
_message = TypeAdapter(Click)


class NotCounted(Exception):
    """The message has to come again."""


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    clicks = _clicks(event["Records"])
    left = recorder.record(
        clicks.values(), lambda: context.get_remaining_time_in_millis() > ENOUGH_TIME
    )

    def check(record: SQSRecord) -> None:
        click = clicks.get(record.message_id)
        if click is None or click.id in left:
            raise NotCounted

    received = len(event["Records"])
    counted = sum(click.id not in left for click in clicks.values())
    logger.info("clicks", received=received, left=received - counted)
    metrics.count(Metric.CLICKS_COUNTED, counted)
    metrics.count(Metric.CLICKS_RETURNED, received - counted)
    return process_partial_response(event, check, _processor, context)


def _clicks(records: list[dict[str, Any]]) -> dict[str, Click]:
    """By id of the message. One that is no click ends in the dead-letter queue."""
    clicks = {}
    for record in records:
        try:
            clicks[record["messageId"]] = _message.validate_json(record["body"])
        except ValidationError:
            logger.exception("not a click", message_id=record["messageId"])
    return clicks
