"""The files that pages load. Public: the sign-in errors look like the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from jmpy.dashboard.asset import asset
from jmpy.http.site_errors import NoPage

if TYPE_CHECKING:
    from jmpy.http.site import Site

A_YEAR = 365 * 24 * 3600


def declare_assets(site: Site) -> None:
    @site.public_page("/dashboard/assets/<name>")
    def serve(name: str) -> Response[str]:
        found = asset(name)
        if found is None:
            raise NoPage
        content_type, content = found
        # Their addresses change with their content.
        headers = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
        return Response(200, content_type, content.decode(), headers)
