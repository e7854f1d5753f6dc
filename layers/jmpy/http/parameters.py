"""Query parameters that several resources have. None is ever null: it is sent or left out."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field, WithJsonSchema

from jmpy.formats.absent import Absent
from jmpy.formats.cursor import CURSOR
from jmpy.formats.time_field import Time

KeyId = Annotated[str | Absent, Query(max_length=64, description="Filter by API key")]

DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time"})
From = Annotated[Time, Query(description="At or after this time, ISO 8601"), DATE_TIME]
Until = Annotated[Time, Query(description="At or before this time, ISO 8601"), DATE_TIME]

PageSize = Annotated[int, Query(ge=1, le=100, description="Entries per page")]
# The pattern on the text alone: on a union of types it would not be in the document.
LogCursor = Annotated[
    Annotated[str, Field(pattern=CURSOR)] | Absent,
    Query(description="`next_cursor` of the previous page"),
]
