"""Query parameters that several questions have in common."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import WithJsonSchema

from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.moment import Moment, ZoneName
from jmpy.analytics.period import ShortPeriod
from jmpy.clicks.model import Bots

Reference = Annotated[str, Path(alias="id", description="UUID, short code or alias")]
When = Moment
Start = Annotated[Moment, Query(description="The first day or hour, ISO 8601")]
End = Annotated[Moment, Query(description="The last day or hour, ISO 8601")]
Group = Annotated[GroupBy, Query(description="By day, or by hour of the last 90 days")]
Zone = Annotated[ZoneName, Query(description="IANA name; days begin there at midnight")]
Counted = Annotated[
    Bots, Query(description="Whether clicks of bots are counted: all, only people's, only bots'")
]
Limit = Annotated[int, Query(ge=1, le=100, description="Links at most")]
ClickLimit = Annotated[int, Query(ge=1, le=1000, description="Clicks at most")]
Offset = Annotated[int, Query(ge=0, description="Clicks to pass over, 10,000 at most")]
RANGE = "`custom` takes `start_date` and `end_date`, and nothing else does"
Period = Annotated[
    ShortPeriod | None,
    Query(description=RANGE),
    WithJsonSchema({"type": "string", "enum": [period.value for period in ShortPeriod]}),
]
