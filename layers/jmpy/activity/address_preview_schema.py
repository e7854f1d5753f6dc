"""The preview of a list of allowed addresses as the API speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from jmpy.activity.address_preview import LISTED, PERIOD
from jmpy.activity.schema import Country
from jmpy.formats.request_body import RequestBody
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.keys.request_schema import AllowedIps
from jmpy.keys.schema import Adjusted, adjusted_ips

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from jmpy.activity.address_preview import DeniedAddress, Preview


class PreviewAllowedIps(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"allowed_ips": ["203.0.113.0/24", "2001:db8::7"]}]},
    )

    allowed_ips: AllowedIps


class DeniedAddressBody(BaseModel):
    ip_address: str = Field(examples=["192.0.2.1"])
    country: Country
    requests: int = Field(examples=[7])
    last_at: Timestamp = Field(examples=["2029-12-31T17:30:00Z"])
    route: str = Field(description="Route of the last request", examples=["GET /api/v1/short-urls"])

    @classmethod
    def from_address(cls, found: DeniedAddress) -> Self:
        return cls(
            ip_address=found.ip,
            country=found.country,
            requests=found.requests,
            last_at=iso(found.last_at),
            route=found.route,
        )


class AddressPreviewBody(BaseModel):
    allowed_ips: list[str] = Field(
        description="The list as it would be stored", examples=[["203.0.113.0/24", "2001:db8::7"]]
    )
    adjusted_ips: Adjusted
    since: Timestamp = Field(
        description=f"Start of the period: {PERIOD} days ago, or later if the access log or the "
        "key is not that old, or there were more requests than can be evaluated",
        examples=["2029-12-01T18:04:05Z"],
    )
    until: Timestamp = Field(description="End of the period", examples=["2029-12-31T18:04:05Z"])
    requests: int = Field(
        description="Requests that were accepted, or denied for their address alone", examples=[120]
    )
    denied: int = Field(description="Those that this list denies", examples=[7])
    addresses: list[DeniedAddressBody] = Field(
        description=f"Where those came from: up to {LISTED} addresses, the latest first"
    )
    left_out: int = Field(description="Number of addresses beyond those", examples=[0])
    truncated: bool = Field(
        description="Whether there were more requests than can be evaluated, so that older ones "
        "are missing",
        examples=[False],
    )

    @classmethod
    def from_preview(
        cls, preview: Preview, sent: Iterable[str], allowed_ips: Sequence[str]
    ) -> Self:
        return cls(
            allowed_ips=list(allowed_ips),
            adjusted_ips=adjusted_ips(sent),
            since=iso(preview.since),
            until=iso(preview.until),
            requests=preview.requests,
            denied=preview.denied,
            addresses=[DeniedAddressBody.from_address(found) for found in preview.addresses],
            left_out=preview.left_out,
            truncated=preview.is_truncated,
        )
