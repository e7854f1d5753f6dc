"""What requests about campaigns say beside their bodies. No parameter is ever null: it is sent or
left out."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.analytics.moment import Moment
from jmpy.campaigns.model import CampaignStatus
from jmpy.campaigns.statistics import Range
from jmpy.formats.absent import Absent
from jmpy.formats.path_text import UNESCAPED

Reference = Annotated[str, Path(alias="id", description="UUID, or URL-encoded name"), UNESCAPED]
LinkReference = Annotated[str, Path(alias="link_id", description="UUID, short code or alias")]
Status = Annotated[CampaignStatus | Absent, Query(description="Filter by status")]
Search = Annotated[str | Absent, Query(max_length=255, description="In the name")]
Name = Annotated[str | Absent, Query(max_length=255, description="The same as `search`")]
CountedRange = Annotated[
    Range | Absent,
    Query(
        alias="range",
        description="Which clicks `total_clicks` counts: those of the last days, in UTC; not with "
        "`start_date` and `end_date`",
    ),
]
First = Annotated[Moment, Query(description="`total_clicks` counts from this UTC day, ISO 8601")]
Last = Annotated[Moment, Query(description="`total_clicks` counts until this UTC day, ISO 8601")]
Reported = Annotated[
    Range | Absent,
    Query(
        alias="range",
        description="The last days, in UTC; not with `start_date` and `end_date`",
    ),
]
Force = Annotated[
    bool, Query(description="Delete it although it has short URLs; they remain, in no campaign")
]
