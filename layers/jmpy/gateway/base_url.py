"""The public address of this deployment, without a slash at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_event(event: Mapping[str, Any]) -> str:
    """The operator's `PublicBaseUrl`, else the endpoint that the request was sent to.

    API Gateway's own fields are used, never the `Host` header, which clients write. The part before
    `path` in `requestContext.path` is the stage; behind a custom domain it is empty.
    """
    if configured := os.environ.get("PUBLIC_BASE_URL"):
        return configured.rstrip("/")
    context = event["requestContext"]
    stage = str(context["path"]).removesuffix(str(event["path"])).rstrip("/")
    return f"https://{context['domainName']}{stage}"
