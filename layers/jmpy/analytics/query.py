"""Query parameters that several operations have in common."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import WithJsonSchema

from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.export import Report
from jmpy.analytics.moment import Moment, ZoneName
from jmpy.analytics.period import LongPeriod, ShortPeriod
from jmpy.analytics.selection import UrlTypeFilter
from jmpy.clicks.model import Bots

ALL = Bots.INCLUDE

Reference = Annotated[str, Path(alias="id", description="UUID, short code or alias")]
When = Moment
Start = Annotated[Moment, Query(description="The first day or hour, ISO 8601")]
End = Annotated[Moment, Query(description="The last day or hour, ISO 8601")]
DayCount = Annotated[int, Query(ge=1, le=365, description="Days, including today")]
Group = Annotated[GroupBy, Query(description="By day, or by hour within the last 90 days")]
Zone = Annotated[ZoneName, Query(description="IANA time zone whose midnight starts a day")]
Counted = Annotated[
    Bots, Query(description="Which clicks are counted: all, without bots, or bots only")
]
Limit = Annotated[int, Query(ge=1, le=100, description="Maximum number of links")]
ClickLimit = Annotated[int, Query(ge=1, le=1000, description="Maximum number of clicks")]
Offset = Annotated[int, Query(ge=0, description="Clicks to skip, at most 10,000")]
Reported = Annotated[Report, Query(description="Counts over time, or the newest single clicks")]
TypeOfUrl = Annotated[UrlTypeFilter, Query(description="Filter by type")]
CampaignId = Annotated[str, Query(max_length=100, description="UUID or name of a campaign")]
_CUSTOM_ONLY = "`start_date` and `end_date` are valid with `custom` only"
Long = Annotated[LongPeriod, Query(description=_CUSTOM_ONLY)]
Short = Annotated[
    ShortPeriod | None,
    Query(description=_CUSTOM_ONLY),
    WithJsonSchema({"type": "string", "enum": [period.value for period in ShortPeriod]}),
]
