"""Reads the access log as CloudWatch Logs delivers it: records who used which key, for what and how
often, and sends alerts about unusual use.

An account's lines that could not be recorded wait in a queue, and are delivered again; those of the
other accounts are done. If the function could not even begin, Lambda retries the batch twice, and
then sends it to the same queue.
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
from aws_lambda_powertools.utilities.data_classes import CloudWatchLogsEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jmpy.activity.intake import Intake, Part
from jmpy.activity.key_usage import KeyUsage
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.request_writer import AccessLogWriter
from jmpy.activity.retry import RetryQueue
from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.alerts.detection.service import AlertDetection
from jmpy.alerts.notifications.outbox import Outbox
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertStore
from jmpy.aws import clients
from jmpy.notices.queue import mail_queue
from jmpy.settings import FunctionSettings, ReadWriteTable

ENOUGH_TIME = 15_000
"""Milliseconds that an account's share of a batch may take; with less left, it is retried."""


@dataclass(frozen=True)
class Settings(FunctionSettings):
    activity_table: ReadWriteTable
    access_log_days: int
    alert_topic: str
    alerts_queue_url: str
    owner_mails_queue_url: str
    activity_retry_queue_url: str
    base_url: str


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
_table = settings.activity_table
usage = KeyUsage(KeyUseStore(dynamodb, _table))
log = AccessLogWriter(dynamodb, _table, settings.access_log_days)
detection = AlertDetection(
    BaselineStore(dynamodb, _table),
    AlertStore(dynamodb, _table),
    ThresholdStore(dynamodb, _table),
    Outbox(
        clients.sns(),
        settings.alert_topic,
        clients.sqs(),
        settings.alerts_queue_url,
        settings.base_url,
        mails=mail_queue(clients.sqs(), settings.owner_mails_queue_url),
    ),
)
# All are idempotent: a batch comes again. Alerts are sent before anything else is stored.
consumers = (detection.evaluate, usage.record, log.record)
intake = Intake(consumers)
retries = RetryQueue(clients.sqs(), settings.activity_retry_queue_url)
_processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


class NotRecorded(Exception):
    """The message has to come again."""


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    if "Records" in event:

        def again(record: SQSRecord) -> None:
            _again(json.loads(record.body), context)

        return process_partial_response(event, again, _processor, context)
    retries.put(_left(_lines(event), context))
    return None


def _again(waiting: dict[str, Any], context: LambdaContext) -> None:
    """What was put back, or what Lambda says of an invocation that failed, with the event that it
    was. Raises NotRecorded."""
    lines = waiting["lines"] if "lines" in waiting else _lines(waiting["requestPayload"])
    left = _left(lines, context)
    if len(left) == 1 and len(left[0].lines) == len(lines):
        # Nothing to divide: the message stays, and grows older, which an alarm watches.
        raise NotRecorded
    retries.put(left)


def _left(lines: list[str], context: LambdaContext) -> list[Part]:
    return intake.process(lines, lambda: context.get_remaining_time_in_millis() > ENOUGH_TIME)


def _lines(event: dict[str, Any]) -> list[str]:
    """None, if CloudWatch Logs only checks that the function can be reached."""
    data = CloudWatchLogsEvent(event).parse_logs_data()
    if data.message_type == "CONTROL_MESSAGE":
        return []
    return [entry.message for entry in data.log_events]
