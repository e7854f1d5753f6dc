"""What the stage takes from everybody together, by route and method."""

from __future__ import annotations

import re
from typing import NamedTuple

from project import functions, template

ACCOUNT = 10_000
"""Requests a second that AWS gives an account in most regions, over all its APIs."""


class Route(NamedTuple):
    method: str
    path: str


def settings() -> dict[Route, int]:
    """The rate by route, at the parameters' defaults; the burst is the same."""
    api = template.resources("AWS::Serverless::Api")["Api"]
    found = {}
    for setting in api["MethodSettings"]:
        path = setting["ResourcePath"]
        assert path == "/*" or path.startswith("/~1"), "AWS wants slashes encoded"
        parameter = setting["ThrottlingRateLimit"]["Ref"]
        assert setting["ThrottlingBurstLimit"]["Ref"] == parameter
        rate = template.load()["Parameters"][parameter]["Default"]
        found[Route(setting["HttpMethod"], path.removeprefix("/").replace("~1", "/"))] = rate
    return found


def served() -> set[Route]:
    """Each public route but redirects, with each method that does more than say 405."""
    sites = functions.site_paths() | functions.declared("docs").site.methods
    public = {event.path for event in template.api_events() if event.public}
    routes = {Route("POST", "/api/v1/leaked-keys")}
    for path, methods in sites.items():
        known = path if path in public else re.sub(r"^(/\w+)/.*", r"\1/{proxy+}", path)
        assert known in public
        routes |= {Route(method, known) for method in methods}
    return routes


def test_every_public_page_has_a_limit_of_its_own_below_that_of_other_routes() -> None:
    limits = settings()
    everywhere = limits.pop(Route("*", "*"))
    assert set(limits) == served()
    assert max(limits.values()) < everywhere


def test_all_public_routes_together_leave_the_api_a_third_of_the_account() -> None:
    limits = settings()
    redirects = limits.pop(Route("*", "*"))
    assert sum(limits.values()) + redirects <= ACCOUNT * 2 / 3


def test_no_single_route_takes_more_than_a_quarter_of_the_account() -> None:
    assert max(settings().values()) <= ACCOUNT / 4


def test_responses_are_compressed_at_the_gateway_and_uploads_stay_text() -> None:
    api = template.resources("AWS::Serverless::Api")["Api"]
    assert 0 < api["MinimumCompressionSize"] <= 2048
    assert "BinaryMediaTypes" not in api
