"""Query parameters that several questions have in common."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import WithJsonSchema

from jmpy.analytics.moment import Moment, ZoneName
from jmpy.analytics.period import ShortPeriod
from jmpy.analytics.range import GroupBy

Reference = Annotated[str, Path(alias="id", description="UUID, short code or alias")]
When = Annotated[Moment, Query()]
Group = Annotated[GroupBy, Query()]
Zone = Annotated[ZoneName, Query()]
Limit = Annotated[int, Query(ge=1, le=100)]
ClickLimit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0)]
Period = Annotated[
    ShortPeriod | None,
    Query(),
    WithJsonSchema({"type": "string", "enum": [period.value for period in ShortPeriod]}),
]
