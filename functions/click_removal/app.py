"""Deletes the analytics of deleted links, QR codes and campaigns, and the memberships of deleted
campaigns, which the stream of the links' table delivers."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jmpy.aws import clients
from jmpy.campaigns.removal import MembershipRemoval
from jmpy.clicks.removal import ClickRemoval
from jmpy.settings import FunctionSettings, ReadWriteTable


@dataclass(frozen=True)
class Settings(FunctionSettings):
    clicks_table: ReadWriteTable
    links_table: ReadWriteTable


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
removal = ClickRemoval(dynamodb, settings.clicks_table)
memberships = MembershipRemoval(dynamodb, settings.links_table)
_REMOVALS = {
    "link": removal.remove,
    "qr": removal.remove_scans,
    "campaign": removal.remove_campaign,
}
_processor = BatchProcessor(EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, _remove, _processor, context)


def _remove(record: DynamoDBRecord) -> None:
    keys = record.raw_event["dynamodb"]["Keys"]
    kind, _, record_id = keys["sk"]["S"].partition("#")
    items = _REMOVALS[kind](record_id)
    if kind == "campaign":
        items += memberships.remove(keys["pk"]["S"].removeprefix("account#"), record_id)
    logger.info("removed", kind=kind, id=record_id, items=items)
