"""Reads the access log as CloudWatch Logs hands it on: who used which key, for what, how often, and
what of it is unusual.

A batch that fails is tried twice more by Lambda, and then waits in a queue that hands it on again.
"""

import json
import os
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes import CloudWatchLogsEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jmpy import aws
from jmpy.activity import access_log
from jmpy.activity.log import AccessLogWriter
from jmpy.activity.service import KeyUsage
from jmpy.activity.store import KeyUseStore
from jmpy.alerts.delivery import Outbox
from jmpy.alerts.service import Alerts
from jmpy.alerts.settings import AlertSettings
from jmpy.alerts.store import AlertStore, BaselineStore

logger = Logger()
_dynamodb = aws.dynamodb()
_table = os.environ["ACTIVITY_TABLE"]
usage = KeyUsage(KeyUseStore(_dynamodb, _table))
log = AccessLogWriter(_dynamodb, _table, int(os.environ["ACCESS_LOG_DAYS"]))
alerts = Alerts(
    BaselineStore(_dynamodb, _table),
    AlertStore(_dynamodb, _table),
    AlertSettings(_dynamodb, _table),
    Outbox(
        aws.sns(),
        os.environ["ALERT_TOPIC"],
        aws.sqs(),
        os.environ["ALERTS_QUEUE_URL"],
        os.environ["BASE_URL"],
    ),
)
_processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    if "Records" in event:
        return process_partial_response(event, _again, _processor, context)
    return _record(event)


def _again(record: SQSRecord) -> None:
    """What Lambda says of an invocation that failed, with the event that it was."""
    _record(json.loads(record.body)["requestPayload"])


def _record(event: dict[str, Any]) -> None:
    """Raises AlertsFailed, for the batch to come again."""
    lines = [entry.message for entry in CloudWatchLogsEvent(event).parse_logs_data().log_events]
    requests = access_log.read(lines)
    log.record(requests)
    usage.record(requests)
    alerts.notice(requests)
    logger.info("read", lines=len(lines), requests=len(requests))
