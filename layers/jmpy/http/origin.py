"""From where a request came, as API Gateway tells it and not as the client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Source
from jmpy.sent import USER_AGENT_LENGTH, identifier, storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.audit.model import Channel


def source(event: Mapping[str, Any], channel: Channel) -> Source:
    """Of a proxy event. The address is the one that called: of a proxy, where one is in front."""
    context = event["requestContext"]
    caller = context["identity"]
    return Source(
        channel,
        ip_address=caller["sourceIp"],
        user_agent=storable(caller.get("userAgent") or "", USER_AGENT_LENGTH),
        request_id=identifier(context["requestId"]),
    )
