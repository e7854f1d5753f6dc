"""Signs in as a person would, over HTTP, on the page that the emulator's Cognito shows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from jmpy.sessions.encryption import decrypt
from local import demo_user
from project.stack import Stack


class Person:
    """One browser and its user."""

    def __init__(self, stack: Stack) -> None:
        self.env = stack.env
        self._secrets = stack.secrets
        self.http = httpx.Client(base_url=stack.env.base_url, timeout=60, trust_env=False)

    def to_login_page(self, path: str = "/dashboard") -> httpx.Response:
        """Requests a page, and is redirected to Cognito."""
        response = self.http.get(path)
        return self.follow(response)

    def to_callback(self, path: str = "/dashboard", password: str | None = None) -> httpx.Response:
        """Fills in Cognito's form; the response leads back to us."""
        page = self.to_login_page(path)
        fields = {
            name: html.unescape(value)
            for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page.text)
        }
        fields["username"] = self.env.dashboard_email
        fields["password"] = password or self.env.dashboard_password
        return self.http.post(f"{self.env.endpoint}/login", data=fields)

    def sign_in(self, path: str = "/dashboard") -> httpx.Response:
        """The requested page, after signing in."""
        response = self.to_callback(path)
        return self.follow(response)

    def follow(self, response: httpx.Response) -> httpx.Response:
        while response.next_request is not None:
            response = self.http.send(response.next_request)
        if self.session_id:
            self._secrets.append(self.session_id)  # test_secrets.py looks for it, last of all
        return response

    def csrf_token(self) -> str:
        return self.tokens()["csrf_token"]

    def tokens(self) -> dict[str, str]:
        """Of a form, each time another."""
        page = self.http.get("/dashboard").text
        return {
            name: re.findall(rf'name="{name}" value="(\w+)"', page)[0]
            for name in ("csrf_token", "form_token")
        }

    @property
    def session_id(self) -> str | None:
        return self.http.cookies.get("jmpy_session")


def session_items(stack: Stack) -> list[dict[str, Any]]:
    client = stack.env.session().client("dynamodb", endpoint_url=stack.env.endpoint)
    table = next(name for name in client.list_tables()["TableNames"] if "SessionsTable" in name)
    items = client.scan(TableName=table)["Items"]
    return [item for item in items if item["pk"]["S"].startswith("session#")]


def refresher(stack: Stack, person: Person) -> Callable[[], httpx.Response]:
    """Signs in, and gets tokens from Cognito as our server would: with the table's data and the
    cookie."""
    before = {item["pk"]["S"] for item in session_items(stack)}
    client_id = parse_qs(urlsplit(str(person.to_login_page().url)).query)["client_id"][0]
    person.sign_in()
    (item,) = [found for found in session_items(stack) if found["pk"]["S"] not in before]
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "refresh_token": decrypt(person.session_id or "", item["refresh_token"]["B"]),
    }
    url = f"{stack.env.endpoint}/oauth2/token"
    return lambda: httpx.post(url, data=form, timeout=60, trust_env=False)


def newcomer(stack: Stack, email: str) -> tuple[str, str]:
    """A new person's account, and their ID token."""
    account = demo_user.ensure(stack.deployment, stack.env.dashboard_password, email)
    person = Person(stack)
    person.env = replace(stack.env, dashboard_email=email)
    token: str = refresher(stack, person)().json()["id_token"]
    person.http.close()
    stack.secrets.append(token)
    return account, token
