"""What requests about links say beside their bodies: path, query and header parameters.

Where the code itself checks a parameter, to say in words what is wrong, the document has the rule
in its own terms. No parameter is ever null: it is sent or left out.
"""

from enum import StrEnum
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import WithJsonSchema

from jmpy.clicks.model import Bots
from jmpy.domains.choice import UrlType
from jmpy.formats.absent import Absent
from jmpy.formats.time_field import Time
from jmpy.links.domain_schema import Host, Subdomain
from jmpy.links.model import LinkStatus
from jmpy.links.safety import SafetyStatus

Reference = Annotated[str, Path(alias="id", description="UUID, short code or alias")]
Release = Annotated[
    bool, Query(description="Release its code immediately instead of after 90 days")
]
Cursor = Annotated[
    str | Absent, Query(description="`next_cursor` of the previous page; not with `page`")
]
FileCursor = Annotated[
    str | Absent, Query(description="As in the `Link` header of the previous file")
]
HeldCursor = Annotated[str | Absent, Query(description="`next_cursor` of the previous page")]
_MOMENT = WithJsonSchema({"type": "string", "format": "date-time"})
CreatedFrom = Annotated[Time, Query(description="Created at or after, ISO 8601"), _MOMENT]
CreatedUntil = Annotated[Time, Query(description="Created at or before, ISO 8601"), _MOMENT]
CountedBots = Annotated[
    Bots, Query(description="Whether bot clicks are included in counts and sorting")
]
Search = Annotated[str | Absent, Query(max_length=255, description="In name, destination or code")]
Status = Annotated[LinkStatus | Absent, Query(description="Filter by status")]
Safety = Annotated[SafetyStatus | Absent, Query(description="Filter by safety status")]
CampaignId = Annotated[
    str | Absent, Query(max_length=100, description="UUID or name of a campaign")
]
Tags = Annotated[str, Query(max_length=1000, description="Filter by tags, any of: a,b")]
Source = Annotated[str | Absent, Query(max_length=50, description="How the short URL was created")]
UrlTypeOfLink = Annotated[UrlType | Absent, Query(description="The kind of domain")]
SubdomainOfLink = Annotated[
    Subdomain | Absent,
    Query(description="One of your subdomains; with `branded_domain` one of that"),
]
BrandedDomainOfLink = Annotated[Host | Absent, Query(description="One of your branded domains")]
DomainOfHeld = Annotated[
    Host | Absent,
    Query(alias="domain", description="The host that it is held on; the default domain if omitted"),
]
DomainOfCode = Annotated[
    Host | Absent,
    Query(
        alias="domain",
        description="The host that a code is on; needed only if you have it on several domains",
    ),
]


class QrFormat(StrEnum):
    IMAGE = "image"
    JSON = "json"
    """Without the image."""


WithQrCode = Annotated[bool, Query(description="Whether each short URL has its QR code")]
QrFormatOfPage = Annotated[
    QrFormat, Query(description="`json` leaves the images out of the response")
]
