"""A browser as far as the dashboard's function can tell: it keeps cookies and fills in forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from project import functions
from project.functions import LambdaContext, Response
from tests.cognito import FakeCognito

STAGE = "https://api123.execute-api.eu-west-1.amazonaws.com/live"
"""The base URL of `functions.event`."""


class Browser:
    def __init__(self, pool: FakeCognito, base_url: str = STAGE) -> None:
        self.app = functions.load("dashboard")
        self.pool = pool
        self.base_url = base_url
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        """Of the last answer."""

    def get(self, url: str, **headers: str) -> Response:
        return self._send("GET", url, None, headers)

    def post(self, url: str, form: Mapping[str, str | list[str]], **headers: str) -> Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._send("POST", url, urlencode(form, doseq=True), headers)

    def submit(self, url: str, form: dict[str, str]) -> Response:
        """Sends a form of a page of ours, that was opened for it."""
        return self.post(url, {**self.tokens(), **form})

    def tokens(self) -> dict[str, str]:
        """Of a form, each time another."""
        page = self.get("/dashboard").text
        return {
            name: re.findall(rf'name="{name}" value="(\w+)"', page)[0]
            for name in ("csrf_token", "form_token")
        }

    def opened(self, page: str) -> dict[str, str]:
        """The version that the forms of a page of ours carry."""
        return self.hidden(self.get(page))

    @staticmethod
    def hidden(response: Response) -> dict[str, str]:
        versions = set(re.findall(r'name="version" value="(\w+)"', response.text))
        (version,) = versions
        return {"version": version}

    def start(self, path: str = "/login") -> str:
        """The state of a new sign-in, which the pool answers next."""
        response = self.get(path)
        assert response.status == 302
        query = parse_qs(urlsplit(response.headers["location"]).query)
        self.pool.nonce = query["nonce"][0]
        self.pool.codes.add("code")
        return query["state"][0]

    def sign_in(self, path: str = "/login") -> Response:
        return self.get(f"/login/callback?{urlencode({'code': 'code', 'state': self.start(path)})}")

    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="(\w+)"', self.get("/dashboard").text)
        assert found is not None
        return found[1]

    @property
    def session_id(self) -> str | None:
        return next((v for name, v in self.cookies.items() if "jmpy_session" in name), None)

    def _send(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Response:
        path, _, query = url.removeprefix(self.base_url).partition("?")
        if self.cookies:
            sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": sent, **headers}
        parameters = parse_qs(query, keep_blank_values=True)
        event = functions.event(method, path, body=body, headers=headers, query=parameters)
        raw: dict[str, Any] = self.app.handler(event, LambdaContext())
        self.set_cookies = raw["multiValueHeaders"].get("Set-Cookie", [])
        self._keep()
        names = {k.lower(): ", ".join(v) for k, v in raw["multiValueHeaders"].items()}
        return Response(raw["statusCode"], names, raw["body"])

    def _keep(self) -> None:
        for line in self.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
