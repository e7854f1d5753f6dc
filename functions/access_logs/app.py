"""The resource `/api/v1/access-logs`: the requests that were made with an account's keys, for its
owner."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from jmpy.access.policy import Caller
from jmpy.activity.request_store import STATUS, AccessLog, RequestFilter, statuses
from jmpy.activity.schema import AccessLogPageBody, log_file
from jmpy.aws import clients
from jmpy.aws.log_query import CursorOutOfRange
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats import csv_file
from jmpy.formats.absent import Absent
from jmpy.formats.cursor import from_cursor
from jmpy.formats.envelope import Success
from jmpy.formats.time_range import ReversedRange
from jmpy.formats.times import seconds
from jmpy.http.operation import operation
from jmpy.http.parameters import From, KeyId, LogCursor, PageSize, Until
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from jmpy.settings import ReadTable

ACCESS_LOGS = "/api/v1/access-logs"

# Reading the log is not counted; the header fields of the responses are about reads.
_get = partial(operation, "GET", limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)

Status = Annotated[
    Annotated[str, Field(pattern=f"^{STATUS}$")] | Absent,
    Query(description="A status such as 403, or a class such as 4xx"),
]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    activity_table: ReadTable


class AccessLogs(Resource):
    tag = "Access log"
    description = "Requests made with the account's keys."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.log = AccessLog(dynamodb, settings.activity_table)

    @_get(
        ACCESS_LOGS,
        summary="List requests made with the account's keys",
        errors=(ReversedRange, CursorOutOfRange),
    )
    def list_access_log(  # noqa: PLR0917 - query parameters
        self,
        key_id: KeyId = None,
        status: Status = None,
        start_date: From = None,
        end_date: Until = None,
        limit: PageSize = 50,
        cursor: LogCursor = None,
    ) -> Success[AccessLogPageBody]:
        """Newest first, including rejected requests, which appear within seconds. Entries
        contain no keys, query strings, headers or raw paths."""
        wanted = RequestFilter(key_id, statuses(status), seconds(start_date), seconds(end_date))
        found = self.log.page(self.account_id, wanted, limit, from_cursor(cursor))
        return Success(data=AccessLogPageBody.from_page(found))

    @_get(
        f"{ACCESS_LOGS}/export",
        summary="Export the access log as CSV",
        errors=(ReversedRange,),
        media_type=csv_file.MEDIA_TYPE,
        headers=csv_file.HEADERS,
    )
    def export_access_log(
        self,
        key_id: KeyId = None,
        status: Status = None,
        start_date: From = None,
        end_date: Until = None,
    ) -> Response[str]:
        """The newest 10,000 entries."""
        wanted = RequestFilter(key_id, statuses(status), seconds(start_date), seconds(end_date))
        return csv_file.response(log_file(self.log, self.account_id, wanted), "access-log")


dynamodb = clients.dynamodb()
resource = AccessLogs(Settings.from_environment(), dynamodb)
handler = resource.handle
