"""Where this deployment is reached from outside, without a slash at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_event(event: Mapping[str, Any]) -> str:
    """The operator's `PublicBaseUrl`, else the endpoint that the request came to.

    API Gateway's own fields are used, never the `Host` header, which a client writes. What stands
    before `path` in `requestContext.path` is the stage, and nothing behind a custom domain.
    """
    if configured := os.environ.get("PUBLIC_BASE_URL"):
        return configured.rstrip("/")
    context = event["requestContext"]
    stage = str(context["path"]).removesuffix(str(event["path"])).rstrip("/")
    return f"https://{context['domainName']}{stage}"
