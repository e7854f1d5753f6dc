"""Which origins the authorizer allows, and what it makes of preflights."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pytest

from jmpy.access import identity
from jmpy.access.errors import REQUIRED
from jmpy.authorizer import denial, policy
from jmpy.authorizer.cross_origin import CrossOrigin
from jmpy.authorizer.decision import Unauthorized
from jmpy.gateway import cors
from local import __main__ as local_stack
from project import template
from tests.unit.test_decision import ARN, effect

APP = "https://app.example.com"
ORIGINS = cors.parse(f"{APP}, http://localhost:5173")
PARAMETER = template.load()["Parameters"]["AllowedOrigins"]
RESPONSES: dict[str, Any] = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"]


class Asked(Exception):
    """A credential was looked for."""


def denied(event: dict[str, Any]) -> dict[str, Any]:
    return policy.deny(event["methodArn"], "malformed")


def asked(_event: dict[str, Any]) -> dict[str, Any]:
    raise Asked


def unauthorized(_event: dict[str, Any]) -> dict[str, Any]:
    raise Unauthorized


def event(*origins: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    sent = {name.replace("_", "-"): [value] for name, value in headers.items()}
    sent |= {"oriGin": list(origins)} if origins else {}
    return {"methodArn": ARN, "httpMethod": method, "multiValueHeaders": sent}


def context(
    sent: dict[str, Any], decide: Any = denied, origins: frozenset[str] = ORIGINS
) -> dict[str, str]:
    made: dict[str, str] = CrossOrigin(decide, origins, "preflight-1").decide(sent)["context"]
    return made


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_an_origin_of_the_list_is_in_the_context(origin: str) -> None:
    assert context(event(origin))["allowed_origin"] == origin


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
    assert "allowed_origin" not in context(event(*origins))


def test_by_default_none_is() -> None:
    assert "allowed_origin" not in context(event(APP), origins=cors.parse(""))


def test_a_preflight_is_let_through_as_nobodys_and_no_credential_is_looked_for() -> None:
    sent = event("https://evil.example", method="OPTIONS", Access_Control_Request_Method="DELETE")
    response = CrossOrigin(asked, ORIGINS, "preflight-1").decide(sent)
    assert (effect(response), response["usageIdentifierKey"]) == ("Allow", "preflight-1")
    assert response["context"] == {}
    with pytest.raises(identity.NoIdentity):
        identity.from_event({"requestContext": {"authorizer": response["context"]}})


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "options", "Options", ""])
def test_no_other_method_is_let_through(method: str) -> None:
    with pytest.raises(Asked):
        context(event(APP, method=method), asked)


def test_who_sends_no_key_is_told_so_where_a_page_can_read_it() -> None:
    """Only a denial has a context; without an allowed origin the gateway says it by itself."""
    told = denial.context(REQUIRED, hint=None)
    assert context(event(APP), unauthorized).items() >= {**told, "allowed_origin": APP}.items()
    with pytest.raises(Unauthorized):
        context(event("https://evil.example"), unauthorized)


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
