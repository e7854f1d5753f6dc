"""What the API accepts to create or update a campaign."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool

from jmpy.campaigns import name
from jmpy.campaigns.changes import CampaignUpdate, NewCampaign
from jmpy.formats.request_body import RequestBody
from jmpy.formats.time_field import Time
from jmpy.formats.times import seconds
from jmpy.links.fields import Tags
from jmpy.links.tags import unique
from jmpy.links.utm_schema import UtmFields

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_IN_NAME = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*"

_ELSEWHERE = {
    **dict.fromkeys(("title", "label"), "name"),
    **dict.fromkeys(("starts_at", "starts", "start"), "start_date"),
    **dict.fromkeys(("ends_at", "ends", "end", "expires_at"), "end_date"),
}

Name = Annotated[
    str,
    AfterValidator(name.normalized),
    Field(
        json_schema_extra={
            "pattern": rf"^{_IN_NAME}[^\u0000-\u001f\u007f-\u009f\u2028\u2029\s]{_IN_NAME}$",
            "minLength": 1,
            "maxLength": name.MAX_LENGTH,
        }
    ),
]
Description = Annotated[str, Field(max_length=500)]


def _last_moment(value: Any) -> Any:
    """A date without a time of day ends with its last second, in UTC."""
    is_date = isinstance(value, str) and _DATE.fullmatch(value.strip())
    return f"{value.strip()}T23:59:59Z" if is_date else value


class CampaignFields(RequestBody):
    """What create and change have in common."""

    also_called = _ELSEWHERE

    description: Description | None = Field(default=None, description="What it is for")
    start_date: Time = Field(
        default=None,
        description="When it starts, ISO 8601, in UTC without an offset. Before, its status is "
        "`scheduled`",
    )
    end_date: Annotated[Time, BeforeValidator(_last_moment)] = Field(
        default=None,
        description="When it ends, ISO 8601; a date without a time is its last day. Afterwards its "
        "status is `ended`, and its short URLs continue to work",
    )
    tags: Tags | None = Field(default=None, description="Without commas and vertical bars")


class CreateCampaign(UtmFields, CampaignFields):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Autumn 2026"},
                {
                    "name": "Winter sale",
                    "description": "Newsletter and posters",
                    "start_date": "2029-12-01T00:00:00Z",
                    "end_date": "2029-12-31",
                    "tags": ["sale"],
                },
            ]
        }
    )

    name: Name = Field(description="Unique in the account, whatever the case of its letters")

    def new_campaign(self) -> NewCampaign:
        return NewCampaign(
            name=self.name,
            description=self.description,
            start_date=seconds(self.start_date),
            end_date=seconds(self.end_date),
            tags=unique(self.tags),
            utm=self.set_utm(),
        )


class UpdateCampaign(UtmFields, CampaignFields):
    """Only the fields that are present are changed; `null` clears a field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Winter sale 2029", "end_date": None, "archived": False}]
        }
    )

    name: Name = Field(
        default="", description="Unique in the account, whatever the case of its letters"
    )
    archived: StrictBool = Field(
        default=False, description="Whether its status is `archived`, whatever its dates"
    )

    def update(self) -> CampaignUpdate:
        """The fields that were sent."""
        values = CampaignUpdate(
            name=self.name,
            description=self.description,
            start_date=seconds(self.start_date),
            end_date=seconds(self.end_date),
            tags=unique(self.tags),
            archived=self.archived,
        )
        sent = {name: value for name, value in values.items() if name in self.model_fields_set}
        if utm := self.sent_utm():
            sent["utm"] = utm
        return cast("CampaignUpdate", sent)
