"""From where a request came, as API Gateway tells it and not as the client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.activity.access_log import USER_AGENT_LENGTH
from jmpy.audit.model import Source

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
        user_agent=_stored(caller.get("userAgent") or "")[:USER_AGENT_LENGTH],
        request_id=context["requestId"],
    )


def _stored(text: str) -> str:
    """With what no table can hold replaced: half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()
