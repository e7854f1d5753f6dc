"""What requests about links say beside their bodies: path, query and header parameters.

Where the code itself checks a parameter, to say in words what is wrong, the document has the rule
in its own terms. No parameter is ever null: it is sent or left out.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from jmpy.clicks.model import Bots
from jmpy.formats.times import Time
from jmpy.links.model import LinkStatus
from jmpy.links.safety import SafetyStatus

Reference = Annotated[str, Path(alias="id", description="UUID, short code or alias")]
Release = Annotated[
    bool, Query(description="Whether others may have its code at once, and not only in 90 days")
]
Absent = SkipJsonSchema[None]
Cursor = Annotated[
    str | Absent, Query(description="Where the answer before ended, as it says; not with `page`")
]
HeldCursor = Annotated[str | Absent, Query(description="`next_cursor` of the page before")]
_MOMENT = WithJsonSchema({"type": "string", "format": "date-time"})
CreatedFrom = Annotated[Time, Query(description="Made then or later, ISO 8601"), _MOMENT]
CreatedUntil = Annotated[Time, Query(description="Made then or earlier, ISO 8601"), _MOMENT]
CountedBots = Annotated[
    Bots, Query(description="Whether clicks of bots are counted, and sorted by")
]
Search = Annotated[str | Absent, Query(max_length=255, description="In name, destination or code")]
Status = Annotated[LinkStatus | Absent, Query(description="Those with it")]
Safety = Annotated[SafetyStatus | Absent, Query(description="What the operator holds against it")]
CampaignId = Annotated[str | Absent, Query(max_length=100, description="Of a campaign")]
Source = Annotated[str | Absent, Query(max_length=50, description="How they were made")]
UrlType = Annotated[
    str | None,
    Query(description="The one type that there is"),
    WithJsonSchema({"enum": ["standard"]}),
]
NoQrCode = Annotated[
    bool | None,
    Query(description="QR codes are not there yet"),
    WithJsonSchema({"type": "boolean", "enum": [False]}),
]
NotThereYet = Annotated[str | Absent, Query(description="Not there yet: refused")]
