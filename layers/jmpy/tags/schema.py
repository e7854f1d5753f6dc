"""Tags as the API represents them, and what it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from jmpy.formats.envelope import Success
from jmpy.formats.request_body import RequestBody
from jmpy.links.fields import Tag
from jmpy.links.listing import SEARCHED

if TYPE_CHECKING:
    from typing import Self

    from jmpy.tags.service import Progress, TagCounts


class RenameTag(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Autumn sale"}]})

    name: Tag = Field(description="The tag that takes its place")


class TagBody(BaseModel):
    name: str = Field(examples=["sale"])
    url_count: int = Field(description="Short URLs that have it", examples=[12])


class TagsMeta(BaseModel):
    total: int = Field(description="Number of tags", examples=[1])
    complete: bool = Field(
        description=f"false if the account has more than the newest {SEARCHED:,} short URLs, which "
        "were counted",
        examples=[True],
    )


class TagList(Success[list[TagBody]]):
    meta: TagsMeta

    @classmethod
    def from_counts(cls, counts: TagCounts) -> Self:
        tags = [TagBody(name=tag.name, url_count=tag.links) for tag in counts.tags]
        return cls(data=tags, meta=TagsMeta(total=len(tags), complete=counts.is_complete))


class TagProgress(BaseModel):
    changed: int = Field(description="Short URLs that this request changed", examples=[100])
    remaining: int = Field(
        description="Short URLs still to be changed; send the request again until it is 0",
        examples=[0],
    )

    @classmethod
    def from_progress(cls, progress: Progress) -> Self:
        return cls(changed=progress.changed, remaining=progress.remaining)
