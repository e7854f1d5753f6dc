"""From where a request came, as API Gateway and a CDN in front say, and not the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Source
from jmpy.formats.sent import USER_AGENT_LENGTH, identifier, storable
from jmpy.gateway import viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.audit.model import Channel


def source(event: Mapping[str, Any], channel: Channel) -> Source:
    """Of a proxy event."""
    context = event["requestContext"]
    return Source(
        channel,
        ip_address=viewer.from_event(event).address,
        user_agent=storable(context["identity"].get("userAgent") or "", USER_AGENT_LENGTH),
        request_id=identifier(context["requestId"]),
    )
