"""The links of a campaign as the API describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from jmpy.campaigns.links import MAX_ASSIGNED, Assignment, AssignmentOutcome
from jmpy.formats.envelope import Success
from jmpy.formats.request_body import RequestBody
from jmpy.links.schema import LinkBody

if TYPE_CHECKING:
    from jmpy.links.listing import Page, Request

MAX_REFERENCE = 350


class AssignLinks(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"short_urls": ["autumn-sale"]}]})
    also_called = dict.fromkeys(("urls", "links", "ids", "url_ids", "short_url"), "short_urls")

    short_urls: list[Annotated[str, Field(min_length=1, max_length=MAX_REFERENCE)]] = Field(
        min_length=1,
        max_length=MAX_ASSIGNED,
        description="Each by UUID, short code or alias; with its host, as in "
        "`promo.go.example.com/sale`, if you have the code on several domains",
    )


class AssignmentBody(BaseModel):
    short_url: str = Field(description="As it was sent", examples=["autumn-sale"])
    outcome: AssignmentOutcome = Field(
        description="`assigned`, or `assigned_before` if the campaign had it; `not_found`; "
        "`ambiguous` if you have the code on several domains; "
        "`contended` or `not_attempted`: send it again"
    )
    id: str | None = Field(
        description="null if it was not assigned", examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"]
    )

    @classmethod
    def from_assignment(cls, assignment: Assignment) -> AssignmentBody:
        link = assignment.link
        return cls(
            short_url=assignment.reference,
            outcome=assignment.outcome,
            id=None if link is None else link.id,
        )


class Assignments(BaseModel):
    total: int = Field(description="Short URLs that were sent, each counted once")
    assigned: int = Field(description="Those that the campaign has now")
    failed: int
    short_urls: list[AssignmentBody]

    @classmethod
    def from_assignments(cls, assignments: list[Assignment]) -> Assignments:
        assigned = sum(assignment.link is not None for assignment in assignments)
        return cls(
            total=len(assignments),
            assigned=assigned,
            failed=len(assignments) - assigned,
            short_urls=[AssignmentBody.from_assignment(one) for one in assignments],
        )


class CampaignLinkMeta(BaseModel):
    page: int
    limit: int = Field(examples=[20])
    total: int = Field(description="Number of short URLs of the campaign")
    total_pages: int
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", examples=[None]
    )


class CampaignLinkList(Success[list[LinkBody]]):
    meta: CampaignLinkMeta

    @classmethod
    def from_page(
        cls, found: Page, request: Request, base_url: str, now: float
    ) -> CampaignLinkList:
        """`now` in seconds since the Unix epoch."""
        return cls(
            data=[LinkBody.from_link(link, base_url, now) for link in found.links],
            meta=CampaignLinkMeta(
                page=request.page,
                limit=request.limit,
                total=found.total,
                total_pages=-(-found.total // request.limit),
                next_cursor=found.next_cursor,
            ),
        )
