"""The names of this deployment, as far as a request and the operator's settings show them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.gateway import base_url
from jmpy.gateway.own_names import OwnNames

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_event(event: Mapping[str, Any]) -> OwnNames:
    """The base URL, the name in the request, API Gateway's own, `OwnDomains`, for names that no
    request shows, such as a CDN's, and the hosts of domains: `SubdomainZone`, `BrandedDomains`."""
    context = event["requestContext"]
    names = OwnNames.from_urls(
        [
            base_url.from_event(event),
            f"https://{context['domainName']}",
            *(f"https://{name.strip()}" for name in os.environ.get("OWN_DOMAINS", "").split(",")),
        ],
        [context.get("apiId", "")],
    )
    return replace(
        names,
        zone=os.environ.get("SUBDOMAIN_ZONE", ""),
        have_others=os.environ.get("BRANDED_DOMAINS", "off") != "off",
    )


def named_host(event: Mapping[str, Any], domain: str | None) -> str | None:
    """The host of the domain that a request names for a code: empty for one of the names of the
    default domain, None if it names none."""
    if domain is None:
        return None
    return "" if from_event(event).are_default(domain) else domain
