"""Checks the destinations of links that were created or changed.

The stream of the links' table delivers the changes. The codes wait in a queue, because a provider
that is down is called again for an hour, which would block a stream. No request waits for either.
Off unless the operator has a provider's key (docs/operations.md).
"""

import json
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
from pydantic import TypeAdapter

from jmpy import metrics
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.cache import Cache
from jmpy.checks.provider import MAX_URLS, ProviderUnavailable
from jmpy.checks.safe_browsing import SafeBrowsing
from jmpy.checks.service import DestinationChecks
from jmpy.checks.verdicts import Verdicts
from jmpy.links.takedown import TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.metrics import Metric
from jmpy.notices.takedowns import TakedownNotices
from jmpy.settings import FunctionSettings, ReadWriteTable, WriteTable

KEY_CACHED = 300.0
"""Seconds after which a replaced key takes effect."""


@dataclass(frozen=True)
class Settings(FunctionSettings):
    links_table: ReadWriteTable
    audit_table: WriteTable
    activity_table: WriteTable
    link_checks_queue_url: str
    safe_browsing_key_parameter: str
    safe_browsing_url: str


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
sqs = clients.sqs()
_table = settings.links_table
_keys: Cache[str, str] = Cache(KEY_CACHED, capacity=1)
_store = TakedownStore(dynamodb, _table)
_provider = SafeBrowsing(
    lambda: _keys.get(settings.safe_browsing_key_parameter, clients.secret_parameter),
    settings.safe_browsing_url,
)
checks = DestinationChecks(
    _store,
    Verdicts(dynamodb, _table, _provider.id),
    _provider,
    TakedownService(
        _store,
        AuditLog(dynamodb, settings.audit_table),
        TakedownNotices(dynamodb, settings.activity_table),
    ),
)
_message = TypeAdapter(list[str])
_processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    if event["Records"][0]["eventSource"] == "aws:dynamodb":
        return _queue(event["Records"])
    return process_partial_response(event, _check, _processor, context)


def _queue(records: list[dict[str, Any]]) -> None:
    """Raises `aws.faults()`; then the stream delivers the records again."""
    keys = (record["dynamodb"]["Keys"]["pk"]["S"] for record in records)
    codes = list(dict.fromkeys(key.removeprefix("code#") for key in keys))
    for start in range(0, len(codes), MAX_URLS):
        body = json.dumps(codes[start : start + MAX_URLS])
        sqs.send_message(QueueUrl=settings.link_checks_queue_url, MessageBody=body)


def _check(record: SQSRecord) -> None:
    codes = _message.validate_json(record.body)
    try:
        taken_down = checks.check(codes)
    except ProviderUnavailable as unavailable:
        logger.warning("links not checked", reason=str(unavailable))
        raise
    logger.info("links checked", checked=len(codes), taken_down=len(taken_down))
    for link in taken_down:
        logger.warning("unsafe link", link_id=link.id, account_id=link.account_id)
    metrics.count(Metric.LINKS_CHECKED, len(codes))
    metrics.count(Metric.UNSAFE_LINKS, len(taken_down))
