"""A time as a field of a body or a query parameter."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from jmpy.formats.times import parse_time

_TimeText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Time = Annotated[
    datetime | None, BeforeValidator(parse_time, json_schema_input_type=_TimeText | None)
]

Timestamp = Annotated[
    str, Field(examples=["2029-12-01T09:30:00Z"], json_schema_extra={"format": "date-time"})
]
"""In responses, as `iso` writes it."""
