"""What only a browser can show: that cookies, policies and forms work together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Page, expect

from local import demo_user
from project.stack import Stack


def sign_in(
    page: Page, stack: Stack, path: str = "/dashboard", email: str = demo_user.EMAIL
) -> None:
    """Everybody here has the demo user's password."""
    page.goto(f"{stack.env.base_url}{path}")
    page.get_by_label("Username").fill(email)
    page.get_by_label("Password").fill(stack.env.dashboard_password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{stack.env.base_url}/dashboard**")


def test_a_person_signs_in_and_out(stack: Stack, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, stack, "/dashboard?page=2")
    assert page.url == f"{stack.env.dashboard_url}?page=2"
    expect(page.get_by_text("demo@example.com", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Username")).to_be_visible()
    page.goto(stack.env.dashboard_url)
    expect(page.get_by_label("Username")).to_be_visible()
    assert problems == []


def test_a_script_sees_no_cookie(stack: Stack, page: Page) -> None:
    sign_in(page, stack)
    assert page.evaluate("document.cookie") == ""
    (session,) = [kept for kept in page.context.cookies() if kept["name"] == "jmpy_session"]
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert session["path"] == "/"
    assert [kept["name"] for kept in page.context.cookies()] == ["jmpy_session"]


def test_an_injected_script_does_not_run(stack: Stack, page: Page) -> None:
    sign_in(page, stack)
    page.evaluate(
        "const script = document.createElement('script');"
        "script.textContent = 'window.ran = true';"
        "document.body.append(script)"
    )
    assert page.evaluate("window.ran") is None


@contextmanager
def another_site(document: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(document.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        # "localhost", because SameSite takes no notice of the port.
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_no_page_shows_one_of_ours_in_a_frame(stack: Stack, page: Page) -> None:
    """On another site the emulator would not even send it (test_other_origins.py)."""
    sign_in(page, stack)
    page.goto(f"{stack.env.base_url}/nobody-has-this")  # a response without a policy of its own
    with page.expect_console_message(lambda message: "frame" in message.text.lower()):
        page.evaluate(
            "address => { document.body.innerHTML = `<iframe src='${address}'></iframe>`; }",
            stack.env.dashboard_url,
        )
    assert "Signed in" not in page.frames[1].content()


def test_a_form_of_another_site_changes_nothing(stack: Stack, page: Page) -> None:
    sign_in(page, stack)
    token = page.locator("input[name=csrf_token]").first.input_value()
    action = f"{stack.env.base_url}/logout"
    form = (
        f"<form method=post action='{action}'><input name=csrf_token value='{token}'>"
        "<button>Go</button></form>"
    )
    with another_site(form) as site:
        page.goto(site)
        with page.expect_response(action) as answered:
            page.get_by_role("button").click()
        assert answered.value.status == 403
    page.goto(stack.env.dashboard_url)
    expect(page.get_by_text("demo@example.com", exact=False).first).to_be_visible()
