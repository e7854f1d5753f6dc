"""Reads the access log as CloudWatch Logs hands it on: keeps how each key is used, and tells what
is unusual."""

import os

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import CloudWatchLogsEvent, event_source

from jmpy import aws
from jmpy.activity import access_log
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


@event_source(data_class=CloudWatchLogsEvent)
def handler(event: CloudWatchLogsEvent, _context: object) -> None:
    """Raises AlertsFailed, for Lambda to bring the batch again."""
    requests = access_log.read(entry.message for entry in event.parse_logs_data().log_events)
    usage.record(requests)
    alerts.notice(requests)
    logger.debug("read", extra={"requests": len(requests)})
