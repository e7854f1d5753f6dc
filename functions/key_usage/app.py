"""The use of an API key: its requests and callers, and which of them a list of allowed addresses
would deny. For the owner of the key; changes nothing."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.access.policy import Caller
from jmpy.activity.address_preview import AddressPreview
from jmpy.activity.address_preview_schema import AddressPreviewBody, PreviewAllowedIps
from jmpy.activity.callers import KeyCallers
from jmpy.activity.item import key_subject
from jmpy.activity.request_store import AccessLog
from jmpy.activity.request_writer import USAGE_RETENTION
from jmpy.activity.schema import KeyCallersBody, KeyUsageBody
from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.clock import DAY
from jmpy.formats.envelope import Success
from jmpy.formats.times import seconds
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.parameters import From
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.keys.allowed_ips import checked
from jmpy.keys.errors import KeyNotFound
from jmpy.keys.reader import KeyReader
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import LimitClass
from jmpy.settings import ReadTable

ONE = "/api/v1/api-keys/<id>"

# Reading about keys is not counted; the header fields of the responses are about reads.
_operation = partial(operation, limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)

KeyId = Annotated[str, Path(alias="id", description="Id of an API key, as listed")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    accounts_table: ReadTable
    activity_table: ReadTable
    access_log_days: int


class KeyUsage(Resource):
    tag = "API key usage"
    description = "What a key is used for, and by whom; for its owner."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.keys = KeyReader(KeyStore(dynamodb, settings.accounts_table))
        self.log = AccessLog(dynamodb, settings.activity_table)
        self.baselines = BaselineStore(dynamodb, settings.activity_table)
        self.callers = KeyCallers(self.log, settings.access_log_days)
        self.address_preview = AddressPreview(self.log, settings.access_log_days)

    @_operation("GET", f"{ONE}/usage", summary="Get an API key's usage", errors=(KeyNotFound,))
    def get_api_key_usage(
        self,
        key_id: KeyId,
        days: Annotated[
            int, Query(ge=1, le=USAGE_RETENTION, description="Days, including today")
        ] = 30,
    ) -> Success[KeyUsageBody]:
        """Requests by route, status and UTC day; how much of its daily limits the key, with
        those that it replaced, has used today; and the last countries that it was used from."""
        key = self.keys.get(self.account_id, key_id)
        today = datetime.fromtimestamp(self.now, UTC).date()
        used = self.log.usage(key_subject(key.id), today - timedelta(days=days - 1), today)
        today_used = self.budget_today(key.budget)
        countries = self.baselines.countries(key.id)
        return Success(data=KeyUsageBody.from_days(used, today_used, self.now, countries))

    @_operation("GET", f"{ONE}/callers", summary="List an API key's callers", errors=(KeyNotFound,))
    def list_api_key_callers(
        self, key_id: KeyId, start_date: From = None
    ) -> Success[KeyCallersBody]:
        """Each address and user agent, with its number of requests and the times of the first
        and the last; and whether the key is safe to revoke, because it was not used for a day.
        Without `start_date`, the list starts at the rotation of a key that was replaced,
        otherwise 24 hours ago."""
        key, now = self.keys.get(self.account_id, key_id), int(self.now)
        since = seconds(start_date) or self.keys.rotated_at(key) or now - DAY
        return Success(data=KeyCallersBody.from_callers(self.callers.find(key, since, now)))

    @_operation(
        "POST",
        f"{ONE}/allowed-ips/preview",
        summary="Preview a list of allowed addresses",
        errors=(KeyNotFound, *WITH_BODY),
    )
    def preview_allowed_ips(
        self, key_id: KeyId, body: PreviewAllowedIps
    ) -> Success[AddressPreviewBody]:
        """Which of the key's requests in the last 30 days the list would have denied, and where
        they came from. Changes nothing."""
        key = self.keys.get(self.account_id, key_id)
        allowed = checked(body.allowed_ips)
        preview = self.address_preview.find(key, allowed, int(self.now))
        return Success(data=AddressPreviewBody.from_preview(preview, body.allowed_ips, allowed))


dynamodb = clients.dynamodb()
resource = KeyUsage(Settings.from_environment(), dynamodb)
handler = resource.handle
