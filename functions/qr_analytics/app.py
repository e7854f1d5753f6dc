"""The resource `/api/v1/qranalytics`: scans of QR codes. The path has no hyphen, as its clients
send it."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.access.permission import Permission
from jmpy.analytics import date_range as ranges
from jmpy.analytics.click_list import ClickList
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.errors import InvalidRange, TooManyLinks
from jmpy.analytics.moment import zone_of
from jmpy.analytics.query import ALL, CampaignId, Counted, End, Group, Start, Zone
from jmpy.analytics.selection import Selection
from jmpy.analytics.service import AnalyticsService
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.clicks.item import qr_subject
from jmpy.clicks.reader import ClickReader
from jmpy.formats.envelope import Success
from jmpy.http.operation import operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from jmpy.links.query import Tags
from jmpy.links.store import LinkStore
from jmpy.qr.errors import QrCodeNotFound
from jmpy.qr.scan_schema import ScanBody, ScanReport
from jmpy.qr.scans import RecentScans
from jmpy.qr.service import QrCodes
from jmpy.qr.store import QrCodeStore
from jmpy.settings import ReadTable, ReadWriteTable

QR_ANALYTICS = "/api/v1/qranalytics"

_get = partial(operation, "GET", permission=Permission.ANALYTICS, limit=LimitClass.ANALYTICS)

QrId = Annotated[str, Path(alias="id", description="Id of a QR code, as listed")]
ScanLimit = Annotated[int, Query(ge=1, le=100, description="Maximum number of scans")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    clicks_table: ReadTable
    links_table: ReadTable
    usage_table: ReadWriteTable
    click_detail_days: int


class QrAnalytics(Resource):
    tag = "QR analytics"
    description = "Scans of QR codes, available within seconds."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        reader = ClickReader(dynamodb, settings.clicks_table)
        self.links = LinkStore(dynamodb, settings.links_table)
        self.analytics = AnalyticsService(reader)
        self.qr_codes = QrCodes(QrCodeStore(dynamodb, settings.links_table))
        clicks = ClickList(reader, self.analytics, self.links, settings.click_detail_days)
        self.scans = RecentScans(clicks, self.qr_codes, self.links.campaigns)

    @_get(
        f"{QR_ANALYTICS}/recent",
        summary="List the newest scans of all QR codes",
        errors=(TooManyLinks,),
    )
    def list_recent_scans(
        self,
        limit: ScanLimit = 20,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[list[ScanBody]]:
        """Newest minute first, as far back as single clicks are retained, among the newest 11,000
        clicks. Scans of deleted QR codes are not listed."""
        selection = Selection.from_parameters(campaign_id, tags)
        selected = selection.subjects(self.links, self.account_id) if selection else None
        found = self.scans.newest(
            self.account_id, limit, now=self.now, bots=bots, selected=selected
        )
        return Success(data=[ScanBody.from_scan(scan) for scan in found])

    @_get(
        f"{QR_ANALYTICS}/<id>",
        summary="Get the scans of a QR code",
        errors=(QrCodeNotFound, InvalidRange),
    )
    def get_scans(  # noqa: PLR0917 - the parameters of `/analytics`
        self,
        qr_id: QrId,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        timezone: Zone = "UTC",
        bots: Counted = ALL,
    ) -> Success[ScanReport]:
        """Over time, and by country, device, browser, operating system and referrer. A static QR
        code has no scans: it does not lead through a short URL."""
        span = ranges.span(start_date, end_date, group_by, self.now, zone_of(timezone))
        found = self.qr_codes.stored(self.account_id, qr_id)
        detailed = self.analytics.detailed(qr_subject(found.id), span, bots)
        return Success(data=ScanReport.from_detailed(found.id, detailed))


dynamodb = clients.dynamodb()
resource = QrAnalytics(Settings.from_environment(), dynamodb)
handler = resource.handle
