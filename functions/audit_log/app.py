"""The resource `/api/v1/audit-log`: the changes of an account's links, keys, plan and alert
settings, for its owner."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from jmpy.access.policy import Caller
from jmpy.audit.errors import TwoTargets
from jmpy.audit.model import Action
from jmpy.audit.schema import AuditLogPageBody, log_file, target_of
from jmpy.audit.store import AuditLog, EntryFilter
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

AUDIT_LOG = "/api/v1/audit-log"

# Reading the log is not counted; the header fields of the responses are about reads.
_get = partial(operation, "GET", limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)

LinkId = Annotated[
    str | Absent,
    Query(max_length=64, description="Filter by the id of a short URL, including deleted ones"),
]
ActorId = Annotated[
    str | Absent,
    Query(max_length=64, description="Filter by actor: id of an API key, or of the account"),
]
Did = Annotated[Action | Absent, Query(description="Filter by action")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    audit_table: ReadTable


class AuditLogs(Resource):
    tag = "Audit log"
    description = "Who changed the account's keys, plan and alert settings, and from where."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.log = AuditLog(dynamodb, settings.audit_table)

    @_get(
        AUDIT_LOG,
        summary="List changes to the account's links, keys, plan and alert settings",
        errors=(TwoTargets, ReversedRange, CursorOutOfRange),
    )
    def list_audit_log(  # noqa: PLR0917 - query parameters
        self,
        key_id: KeyId = None,
        link_id: LinkId = None,
        actor_id: ActorId = None,
        action: Did = None,
        start_date: From = None,
        end_date: Until = None,
        limit: PageSize = 50,
        cursor: LogCursor = None,
    ) -> Success[AuditLogPageBody]:
        """Newest first, retained indefinitely: who changed what, from where, and the values
        before and after. Each entry is written in one transaction with its change. With `key_id`
        or `link_id`, the list may lag by moments."""
        wanted = EntryFilter(
            target_of(key_id, link_id), actor_id, action, seconds(start_date), seconds(end_date)
        )
        found = self.log.page(self.account_id, wanted, limit, from_cursor(cursor))
        return Success(data=AuditLogPageBody.from_page(found))

    @_get(
        f"{AUDIT_LOG}/export",
        summary="Export the audit log as CSV",
        errors=(TwoTargets, ReversedRange),
        media_type=csv_file.MEDIA_TYPE,
        headers=csv_file.HEADERS,
    )
    def export_audit_log(  # noqa: PLR0917 - query parameters
        self,
        key_id: KeyId = None,
        link_id: LinkId = None,
        actor_id: ActorId = None,
        action: Did = None,
        start_date: From = None,
        end_date: Until = None,
    ) -> Response[str]:
        """The newest 10,000 entries."""
        wanted = EntryFilter(
            target_of(key_id, link_id), actor_id, action, seconds(start_date), seconds(end_date)
        )
        return csv_file.response(log_file(self.log, self.account_id, wanted), "audit-log")


dynamodb = clients.dynamodb()
resource = AuditLogs(Settings.from_environment(), dynamodb)
handler = resource.handle
