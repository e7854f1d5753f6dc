"""Who typed a link's password is not asked again, and needs nobody's leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links import passes
from jmpy.links.attempts import NETWORK
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project import functions
from project.tables import LINKS
from tests.clocks import later
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/"
SECRET = "correct horse"


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    service = SomebodysLinks(LinkStore(dynamodb, LINKS))
    for alias in ("locked", "other"):
        service.create("a", NewLink(f"{URL}{alias}", custom_alias=alias, password=SECRET))
    return service


@pytest.fixture
def app(links: SomebodysLinks) -> Any:
    return functions.load("redirect")


def ask(
    app: Any, cookie: str = "", code: str = "locked", password: str | None = None, **headers: str
) -> functions.Response:
    """GET; with a password, POST."""
    sent = functions.event(
        "GET" if password is None else "POST",
        f"/{code}",
        parameters={"proxy": code},
        body=None if password is None else f"password={password}",
        headers={"Cookie": cookie, **headers} if cookie else headers,
    )
    return functions.call(app.handler, sent)


def passed(app: Any, code: str = "locked") -> str:
    """What a browser sends that got the password right."""
    set_cookie = ask(app, code=code, password=SECRET).headers["set-cookie"]
    return set_cookie.partition(";")[0]


def test_who_passed_before_is_admitted_even_where_nobody_may_try(app: Any) -> None:
    cookie = passed(app)
    for _ in range(NETWORK.free):
        ask(app, password="wrong horse")
    assert ask(app, password=SECRET).status == 429
    for response in (ask(app, cookie), ask(app, cookie, password=SECRET)):
        assert response.headers["location"] == f"{URL}locked"
        assert response.headers["cache-control"] == "private, no-store"


def test_a_pass_opens_its_own_link_for_a_week(app: Any) -> None:
    cookie = passed(app)
    assert ask(app, cookie, code="other").status == 401
    with later(passes.LIFETIME - 60):
        assert ask(app, cookie).status == 302
    with later(passes.LIFETIME + 60):
        assert ask(app, cookie).status == 401


@pytest.mark.parametrize("password", ["another horse", SECRET])
def test_a_password_that_is_set_anew_ends_every_pass(
    links: SomebodysLinks, app: Any, password: str
) -> None:
    cookie = passed(app)
    link = links.get("a", "locked")
    links.change("a", link.id, {"password": password})
    assert ask(functions.load("redirect"), cookie).status == 401


def test_a_pass_to_a_link_that_is_gone_opens_nothing(links: SomebodysLinks, app: Any) -> None:
    cookie = passed(app)
    links.remove("a", links.get("a", "locked").id)
    assert ask(functions.load("redirect"), cookie).status == 404


def test_the_cookie_is_for_the_link_alone_and_closed_to_scripts(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = "Max-Age=604800; HttpOnly; Secure; SameSite=Lax"
    set_cookie = ask(app, password=SECRET).headers["set-cookie"]
    assert set_cookie.startswith("__Secure-jmpy_pass=")
    assert set_cookie.endswith(f"; Path=/live/locked; {flags}")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert f"; Path=/locked; {flags}" in ask(app, password=SECRET).headers["set-cookie"]


def test_nobody_gets_a_pass_for_a_wrong_password(app: Any) -> None:
    assert "set-cookie" not in ask(app, password="wrong horse").headers
    assert "set-cookie" not in ask(app).headers


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: "9" + text[1:],
        lambda text: text.upper(),
        lambda text: text + "0",
        lambda text: text.partition("-")[0],
        lambda text: text[:0],
        lambda text: text[:0] + "\ud800",
        lambda text: "\u0664" + text[1:],  # a digit, but not of ours
    ],
)
def test_a_forged_pass_opens_nothing_and_is_no_fault(app: Any, change: Any) -> None:
    name, _, text = passed(app).partition("=")
    assert ask(app, f"{name}={change(text)}").status == 401


def test_an_invalid_cookie_hides_no_valid_one(app: Any) -> None:
    cookie = passed(app)
    name = cookie.partition("=")[0]
    assert ask(app, f"{name}=x; {cookie}; {name}=y").status == 302


def test_a_pass_reveals_nothing_of_the_password(app: Any, dynamodb: DynamoDBClient) -> None:
    item = dynamodb.get_item(
        TableName=LINKS, Key={"pk": {"S": "code#locked"}, "sk": {"S": "code"}}
    )["Item"]
    cookie = passed(app)
    assert SECRET not in cookie
    for part in item["password_hash"]["S"].split("$")[-2:]:
        assert part not in cookie
