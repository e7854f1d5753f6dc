"""Links as the API speaks of them: what it accepts, what it answers.

Where the public sources differ in a name, both are sent (`clicks` and `click_count`, `short_url`
and `full_url`). An unknown field is refused rather than silently ignored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from jmpy.links.model import Link

LAST_YEAR = 9998
"""So that no time zone offset can push an expiry beyond what a calendar can write."""


def parse_time(value: Any) -> datetime | None:
    """ISO 8601 text; without an offset it is UTC. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("Write the time as ISO 8601 text, such as 2027-01-31T12:00:00Z")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            "Not a valid ISO 8601 time; write it such as 2027-01-31T12:00:00Z"
        ) from None
    if time.year > LAST_YEAR:
        raise ValueError(f"The year is beyond {LAST_YEAR}")
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def seconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())


def iso(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Name = Annotated[str, Field(min_length=1, max_length=255)]
Time = Annotated[datetime | None, BeforeValidator(parse_time)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CreateLink(_Input):
    url: str
    custom_alias: str | None = None
    name: Name | None = None
    expires_at: Time = None
    tracking_enabled: StrictBool = True


class ChangeLink(_Input):
    """Only the fields that are present change; `null` clears a name or an expiry."""

    url: str = ""
    name: Name | None = None
    expires_at: Time = None
    tracking_enabled: StrictBool = True

    def changes(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.model_fields_set}
        if "expires_at" in values:
            values["expires_at"] = seconds(values["expires_at"])
        return values


class LinkBody(BaseModel):
    id: str
    short_code: str
    short_url: str
    full_url: str
    original_url: str
    name: str | None
    custom_alias: str | None
    url_type: Literal["standard"] = "standard"
    clicks: int
    click_count: int
    tracking_enabled: bool
    expires_at: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, link: Link, base_url: str) -> LinkBody:
        short_url = f"{base_url}/{link.short_code}"
        return cls(
            id=link.id,
            short_code=link.short_code,
            short_url=short_url,
            full_url=short_url,
            original_url=link.url,
            name=link.name,
            custom_alias=link.custom_alias,
            clicks=link.click_count,
            click_count=link.click_count,
            tracking_enabled=link.tracking_enabled,
            expires_at=None if link.expires_at is None else iso(link.expires_at),
            created_at=iso(link.created_at),
            updated_at=iso(link.updated_at),
        )


class Pagination(BaseModel):
    limit: int
    next_cursor: str | None


class LinkPage(BaseModel):
    shortUrls: list[LinkBody]
    pagination: Pagination


Data = TypeVar("Data")


class Success(BaseModel, Generic[Data]):
    success: Literal[True] = True
    data: Data


class LinkPageAnswer(Success[LinkPage]):
    pagination: Pagination
    """The same as in `data`: the sources show it in both places."""


class Message(BaseModel):
    message: str


class DeletedAnswer(Success[Message]):
    timestamp: str
