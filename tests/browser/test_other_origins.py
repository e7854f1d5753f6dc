"""The local stack is no way into the machine of whoever started it: what a page of another origin
can have a browser send arrives nowhere. A link on such a page still leads to a short URL."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from jmpy.authorizer.hints import Hint
from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.test_sign_in import another_site, sign_in
from tests.e2e.conftest import ALLOWED_ORIGIN, UNAUTHORIZED

ROLE = "arn:aws:iam::000000000000:role/planted"
PLANTED = "/2015-03-31/functions/planted"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

ATTACK = """
async requests => {
  const read = [];
  for (const [method, url, body] of requests) {
    const init = {method, body: body || undefined};
    // A simple request goes out whatever the page may read of the response.
    await fetch(url, {...init, mode: "no-cors"}).catch(() => 0);
    const text = await fetch(url, init).then(response => response.text()).catch(() => null);
    if (text !== null) read.push(url);
  }
  return read;
}
"""


AS_ROOT = urlencode({"AWSAccessKeyId": "test"})
"""In the query, where a page may put it: plain MiniStack wants no more."""


def program(marker: Path) -> str:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        text = f"def handler(event, context): open({str(marker)!r}, 'w').close()\n"
        file.writestr("planted.py", text)
    return base64.b64encode(archive.getvalue()).decode()


def requests(endpoint: str, marker: Path) -> list[tuple[str, str, str]]:
    """To create a function, to run it, to read, and to reset."""
    role = {
        "Action": "CreateRole", "Version": "2010-05-08", "RoleName": "planted",
        "AssumeRolePolicyDocument": json.dumps(TRUST),
    }  # fmt: skip
    function = {
        "FunctionName": "planted", "Runtime": "python3.13", "Handler": "planted.handler",
        "Role": ROLE, "Code": {"ZipFile": program(marker)},
    }  # fmt: skip
    functions = f"{endpoint}/2015-03-31/functions"
    return [
        ("POST", f"{endpoint}/?{urlencode(role)}&{AS_ROOT}", ""),
        ("POST", f"{functions}?{AS_ROOT}", json.dumps(function)),
        ("POST", f"{endpoint}{PLANTED}/invocations?{AS_ROOT}", "{}"),
        ("GET", f"{functions}/?{AS_ROOT}", ""),
        ("GET", f"{endpoint}/_ministack/ses/messages", ""),
        ("GET", f"{endpoint}/_ministack/health", ""),
        ("POST", f"{endpoint}/_ministack/reset", ""),
    ]


@pytest.fixture(scope="module", params=["localhost", "127.0.0.1"])
def origin(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of another site, and of this one: to browsers, ports of one address are one site."""
    with another_site("<h1>Elsewhere</h1>") as address:
        yield address.replace("localhost", request.param)


def test_a_page_of_another_origin_does_not_run_reset_or_read_anything(
    stack: Stack, page: Page, origin: str, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    page.goto(origin)
    read = page.evaluate(ATTACK, requests(stack.env.endpoint, marker))
    assert not marker.exists()
    assert read == []
    assert stack.deployment.outputs  # The stack is still there.
    names = stack.deployment.session.client("lambda", endpoint_url=stack.env.endpoint)
    with pytest.raises(names.exceptions.ResourceNotFoundException):
        names.get_function(FunctionName="planted")


def test_nor_does_one_whose_name_was_bound_to_this_machine(
    stack: Stack, browser: Browser, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    rules = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    rebound = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
    try:
        page = rebound.new_page()
        public = page.goto(f"http://rebound.example:{stack.port}/docs")
        assert public is not None
        assert public.status == 404
        endpoint = f"http://rebound.example:{stack.env.emulator_port}"
        # Now of the same origin as what it asks.
        answered = page.goto(f"{endpoint}/_ministack/health")
        assert answered is not None
        assert answered.status == 403
        page.evaluate(ATTACK, requests(endpoint, marker))
    finally:
        rebound.close()
    assert not marker.exists()
    assert stack.deployment.outputs


def test_nor_do_forms_frames_and_sockets_of_another_origin(
    stack: Stack, page: Page, origin: str
) -> None:
    page.goto(origin)
    port = stack.env.base_url.removeprefix("http")
    opened = page.evaluate(
        """address => new Promise(done => {
          const socket = new WebSocket(address);
          socket.onopen = () => done(true);
          socket.onerror = () => done(false);
        })""",
        f"ws{port}",
    )
    assert opened is False
    action = f"{stack.env.endpoint}/_ministack/reset"
    form = f"<form method=post action='{action}'><button>Go</button></form>"
    page.evaluate("form => { document.body.innerHTML = form; }", form)
    with page.expect_navigation() as sent:
        page.get_by_role("button").click()
    assert sent.value.status == 403
    page.goto(origin)
    with page.expect_response(stack.env.dashboard_url) as framed:
        page.evaluate(
            "address => { document.body.innerHTML = `<iframe src='${address}'></iframe>`; }",
            stack.env.dashboard_url,
        )
    assert framed.value.status == 403
    assert stack.deployment.outputs


CALLS = """
async ([base, key]) => {
  const call = async (path, init) => {
    const response = await fetch(base + path, init);
    const text = await response.text();
    return [response.status, response.headers.get("X-Request-Id") !== null, JSON.parse(text)];
  };
  const headers = {Authorization: `Bearer ${key}`, "Content-Type": "application/json"};
  const body = JSON.stringify({url: "https://example.com/from-a-page"});
  try {
    return [
      await call("/api/v1/short-urls", {method: "POST", headers, body}),
      await call("/api/v1/short-urls", {headers: {Authorization: "Bearer $KEY"}}),
      await call("/api/v1/short-urls"),
    ];
  } catch (error) {
    return error.name;
  }
}
"""


def test_a_page_of_an_allowed_origin_calls_the_api_and_reads_its_errors(
    stack: Stack, browser: Browser
) -> None:
    key = stack.key("read", "write")[0]
    with another_site("<h1>An app</h1>") as address:
        port = address.rstrip("/").rpartition(":")[2]
        names = [f"MAP {name}.localhost 127.0.0.1:{port}" for name in ("app", "another")]
        rules = f"--host-resolver-rules={','.join(names)}"
        here = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
        try:
            page = here.new_page()
            page.goto(ALLOWED_ORIGIN)
            created, mistyped, without = page.evaluate(CALLS, [stack.env.base_url, key])
            page.goto("http://another.localhost/")
            elsewhere = page.evaluate(CALLS, [stack.env.base_url, key])
        finally:
            here.close()
    assert created[:2] == [201, True]
    assert created[2]["data"]["original_url"] == "https://example.com/from-a-page"
    assert mistyped[:2] == [401, True]
    assert mistyped[2]["error"]["details"] == {"hint": Hint.PLACEHOLDER}
    assert without == [401, True, UNAUTHORIZED]
    assert elsewhere == "TypeError"  # the browser tells a page no more


def test_a_link_on_another_page_leads_to_a_short_url_and_to_the_sign_in(
    stack: Stack, page: Page, origin: str
) -> None:
    made = httpx.post(
        f"{stack.env.base_url}{SHORT_URLS}", headers=bearer(stack.key("write")[0]), timeout=60,
        json={"url": "https://example.com/", "password": "a password"}, trust_env=False,
    ).json()["data"]  # fmt: skip
    for address, label in ((made["short_url"], "Password"), (stack.env.dashboard_url, "Username")):
        page.goto(origin)
        page.evaluate(
            "address => { document.body.innerHTML = `<a href='${address}'>There</a>`; }", address
        )
        page.get_by_role("link").click()
        expect(page.get_by_label(label)).to_be_visible()


def test_our_own_pages_work_when_people_came_from_another(
    stack: Stack, page: Page, origin: str
) -> None:
    page.goto(origin)
    sign_in(page, stack)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Username")).to_be_visible()
