"""The names under which this deployment is reached, as far as a request and the operator tell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jmpy.gateway import base_url
from jmpy.gateway.own_names import OwnNames

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_event(event: Mapping[str, Any]) -> OwnNames:
    """The base URL, the name that the request came to, API Gateway's own, and `OwnDomains`: what
    else leads here, such as a CDN, no request shows."""
    context = event["requestContext"]
    return OwnNames.from_urls(
        [
            base_url.from_event(event),
            f"https://{context['domainName']}",
            *(f"https://{name.strip()}" for name in os.environ.get("OWN_DOMAINS", "").split(",")),
        ],
        [context.get("apiId", "")],
    )
