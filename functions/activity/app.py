"""Reads the access log as CloudWatch Logs hands it on, and keeps how each key is used."""

import os

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import CloudWatchLogsEvent, event_source

from jmpy import aws
from jmpy.activity import access_log
from jmpy.activity.service import KeyUsage
from jmpy.activity.store import KeyUseStore

logger = Logger()
usage = KeyUsage(KeyUseStore(aws.dynamodb(), os.environ["ACTIVITY_TABLE"]))


@event_source(data_class=CloudWatchLogsEvent)
def handler(event: CloudWatchLogsEvent, _context: object) -> None:
    lines = [entry.message for entry in event.parse_logs_data().log_events]
    usage.record(access_log.read(lines))
    logger.debug("read", extra={"lines": len(lines)})
