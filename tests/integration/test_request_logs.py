"""What a function logs about a request can be found by the X-Request-Id of its response, which is
what the saved query "One request" searches for."""

from __future__ import annotations

import json
import logging
import re

import pytest

from project import functions, template

ROUTES = {event.function: event for event in template.api_events()}
"""One of each function."""


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("function", ROUTES)
def test_each_line_about_a_request_has_its_id(
    function: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", function.removesuffix("Function")).lower()
    route = ROUTES[function]
    path = re.sub(r"\{[^}]+\}", "nothing", route.path)
    event = functions.event(
        "GET", path, resource=route.path, parameters={"id": "nothing", "proxy": "nothing"},
        authorizer=None if route.public else functions.session_context(),
    )  # fmt: skip
    handler = functions.load(folder).handler
    caplog.clear()  # of what is logged once, when the first client is created
    response = functions.call(handler, event)
    entries = [json.loads(written(record)) for record in caplog.records]
    assert response.headers["x-request-id"] == "request-1"
    assert {entry.get("request_id") for entry in entries} == {"request-1"}


def written(record: logging.LogRecord) -> str:
    """The line, with the fields that the function has added to all of its lines."""
    (handler,) = logging.getLogger(record.name).handlers
    return handler.format(record)
