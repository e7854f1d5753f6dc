"""Removes the links on domains that are being deleted, then the domains.

A message is a domain. What an invocation has no time for is left to the next delivery of it.
"""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jmpy.aws import clients
from jmpy.domains.removals import RemovalJob
from jmpy.domains.store import DomainStore
from jmpy.links.domain_links import DomainLinks
from jmpy.settings import FunctionSettings, ReadWriteTable

RESERVED_MILLISECONDS = 20_000
"""In which the last transaction completes, even if it is retried."""


@dataclass(frozen=True)
class Settings(FunctionSettings):
    links_table: ReadWriteTable


class Unfinished(Exception):
    """There was no more time; the queue delivers the message again."""


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
job = RemovalJob(
    DomainStore(dynamodb, settings.links_table), DomainLinks(dynamodb, settings.links_table)
)
_processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    remove = partial(_remove, context)
    return process_partial_response(event, remove, _processor, context)


def _remove(context: LambdaContext, record: SQSRecord) -> None:
    message = json.loads(record.body)

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > RESERVED_MILLISECONDS

    finished = job.run(message["account_id"], message["domain_id"], has_time)
    logger.info("domain removed", finished=finished, domain_id=message["domain_id"])
    if not finished:
        raise Unfinished
