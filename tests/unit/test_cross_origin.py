"""Which origins the authorizer allows, and how it treats preflights."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from typing import Any

import pytest

from jmpy.access.errors import REQUIRED
from jmpy.access.identity import Identity, NoIdentity
from jmpy.authorizer import denial
from jmpy.authorizer.service import Authorizer, Unauthorized
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import Cache
from jmpy.gateway import cors
from jmpy.keys import token
from local import __main__ as local_stack
from project import template
from tests import authorizer_events
from tests.authorizer_events import ADDRESS, NO_TOKENS, SETTINGS, effect

APP = "https://app.example.com"
ORIGINS = cors.parse(f"{APP}, http://localhost:5173")
PARAMETER = template.load()["Parameters"]["AllowedOrigins"]
RESPONSES: dict[str, Any] = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"]


class LookedUp(Exception):
    """A key was looked up."""


def look_up(_digest: str) -> None:
    raise LookedUp


def event(*origins: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    sent = {name.replace("_", "-"): [value] for name, value in headers.items()}
    sent |= {"oriGin": list(origins)} if origins else {}
    return authorizer_events.event(sent, method=method)


def authorize(sent: dict[str, Any], origins: frozenset[str] = ORIGINS) -> dict[str, Any]:
    settings = replace(SETTINGS, allowed_origins=origins)
    sessions = SessionAccounts(lambda _: pytest.fail("verified"), look_up, Cache())
    return Authorizer(settings, look_up, Cache(), sessions, NO_TOKENS).authorize(sent)


def context(*origins: str, allowed: frozenset[str] = ORIGINS) -> dict[str, str]:
    """Of a request with a key that is denied."""
    denied: dict[str, str] = authorize(event(*origins, X_API_Key="jmpy_x"), allowed)["context"]
    return denied


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_an_origin_of_the_list_is_in_the_context(origin: str) -> None:
    assert context(origin)["allowed_origin"] == origin


@pytest.mark.parametrize(
    "origins",
    [
        (),
        ("null",),
        ("*",),
        ("",),
        ("https://evil.example",),
        ("http://app.example.com",),
        ("https://app.example.com:8443",),
        ("https://app.example.com/",),
        ("https://app.example.com.evil.example",),
        ("https://sub.app.example.com",),
        ("https://evilapp.example.com",),
        ("HTTPS://APP.EXAMPLE.COM",),  # no browser writes it so
        (APP, APP),
        (f"{APP}, {APP}",),
        (f"{APP} https://evil.example",),
    ],
)
def test_no_other_origin_is(origins: tuple[str, ...]) -> None:
    assert "allowed_origin" not in context(*origins)


def test_by_default_none_is() -> None:
    assert "allowed_origin" not in context(APP, allowed=cors.parse(""))


@pytest.mark.parametrize("key", [{}, {"X_API_Key": token.generate()}])
def test_a_preflight_is_allowed_without_identity_and_no_key_is_looked_up(
    key: dict[str, str],
) -> None:
    sent = event("https://evil.example", method="OPTIONS", **key)
    response = authorize(sent)
    assert (effect(response), response["usageIdentifierKey"]) == ("Allow", "preflight-1")
    assert response["context"] == {"viewer": ADDRESS}
    with pytest.raises(NoIdentity):
        Identity.from_event({"requestContext": {"authorizer": response["context"]}})


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "options", "Options", ""])
def test_no_other_method_is_allowed_without_identity(method: str) -> None:
    with pytest.raises(LookedUp):
        authorize(event(APP, method=method, X_API_Key=token.generate()))
    with pytest.raises(Unauthorized):
        authorize(event(method=method))


def test_a_page_of_an_allowed_origin_can_read_that_a_key_is_missing() -> None:
    """Only a denial has a context; without an allowed origin the gateway's own response is sent."""
    response = authorize(event(APP))
    required = denial.context(REQUIRED, hint=None)
    assert effect(response) == "Deny"
    assert response["context"].items() >= {**required, "allowed_origin": APP}.items()
    with pytest.raises(Unauthorized):
        authorize(event("https://evil.example"))


@pytest.mark.parametrize(
    ("setting", "origins"),
    [
        ("", set()),
        (APP, {APP}),
        (f"{APP}, http://localhost:5173", {APP, "http://localhost:5173"}),
        (f"{APP},https://b.example", {APP, "https://b.example"}),
        ("https://app.example.com:443", {APP}),
        ("http://localhost:80", {"http://localhost"}),
        ("http://127.0.0.1:8000", {"http://127.0.0.1:8000"}),
        ("http://app.localhost", {"http://app.localhost"}),
    ],
)
def test_origins_are_read_as_browsers_write_them(setting: str, origins: set[str]) -> None:
    assert re.fullmatch(PARAMETER["AllowedPattern"], setting)
    assert cors.parse(setting) == origins
    assert local_stack.origins(setting) == setting


@pytest.mark.parametrize(
    "setting",
    [
        "*",
        "null",
        "app.example.com",
        "https://app.example.com/",
        "https://*.example.com",
        "https://App.example.com",
        "http://app.example.com",  # whoever is on the way could read the page's key
        "https://app.example.com https://b.example",
        "https://user@app.example.com",
        "ftp://app.example.com",
    ],
)
def test_the_template_takes_exact_origins_only(setting: str) -> None:
    assert re.fullmatch(PARAMETER["AllowedPattern"], setting) is None
    assert PARAMETER["Default"] == ""


@pytest.mark.parametrize("setting", ["*", "app.example.com", "http://app.example.com", "null"])
def test_make_start_rejects_what_the_template_would(setting: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="an origin is https://"):
        local_stack.origins(setting)


@pytest.mark.parametrize("name", RESPONSES)
def test_every_gateway_response_can_be_read_by_allowed_origins_and_no_other(name: str) -> None:
    """Never `*`, and never the header that the client sent."""
    headers = RESPONSES[name]["ResponseParameters"]["Headers"]
    nothing = {"Ref": "AWS::NoValue"}
    assert headers["Access-Control-Allow-Origin"] == {
        "If": ["HasAllowedOrigins", f"context.authorizer.{cors.CONTEXT_KEY}", nothing]
    }
    assert headers["Vary"] == {"If": ["HasAllowedOrigins", "'Origin'", nothing]}
    condition, exposed, _ = headers["Access-Control-Expose-Headers"]["If"]
    assert condition == "HasAllowedOrigins"
    assert set(exposed.strip("'").split(", ")) <= set(cors.RESPONSE_HEADERS)
    assert "method.request" not in str(headers)
    assert "Credentials" not in str(headers)


def test_a_change_of_the_parameter_is_deployed() -> None:
    """SAM hashes the body with its conditions, not what they come to."""
    assert template.resources("AWS::Serverless::Api")["Api"]["AlwaysDeploy"] is True
