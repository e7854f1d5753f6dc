import pytest

from jmpy.sessions import login_state
from jmpy.sessions.login_state import (
    HOME,
    PendingSignIn,
    challenge,
    checked_return_path,
    from_cookie,
)


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard",
        "/dashboard/links",
        "/dashboard/links/01a2067f-1cf8-78ae-b1f2-93cb8207e68d",
        "/dashboard/links?page=2&search=a%20b",
        "/dashboard?x=1",
    ],
)
def test_a_page_of_the_dashboard_may_be_returned_to(path: str) -> None:
    assert checked_return_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "/",
        "dashboard",
        "/dashboards",
        "/dashboard.evil.example",
        "/dashboard@evil.example",
        "/login",
        "https://evil.example/dashboard",
        "//evil.example/dashboard",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/dashboard//evil.example",
        "/dashboard/../api",
        "/dashboard/%2e%2e/api",
        "/dashboard/.",
        "/dashboard/\\evil.example",
        "/dashboard\n",
        "/dashboard/a\r\nSet-Cookie: x=1",
        "/dashboard\t",
        " /dashboard",
        "/dashboard#x",
        "/dashboard?next=https://evil.example",
        "javascript:alert(1)",
        "/dashboard/\u2215evil",
        "/dashboard/" + "a" * 600,
    ],
)
def test_everything_else_returns_to_the_dashboard(path: str | None) -> None:
    assert checked_return_path(path) == HOME


def test_a_cookie_is_read_as_it_was_written() -> None:
    started = login_state.start("/dashboard/links?page=2")
    assert from_cookie(started.to_cookie()) == started


def test_a_cookie_cannot_bring_in_a_foreign_return_path() -> None:
    for foreign in ("/https://evil.example", "//evil.example", "/login"):
        found = from_cookie(PendingSignIn("s" * 43, foreign).to_cookie())
        assert found is not None
        assert found.return_to == HOME
    assert from_cookie(PendingSignIn("s" * 43, "https://evil.example").to_cookie()) is None


def test_a_cookie_is_small_because_a_browser_with_many_tabs_sends_many() -> None:
    assert len(login_state.start("/dashboard/links").to_cookie()) < 64


@pytest.mark.parametrize("noise", ["", "x", "%%%", "\u00e9", "cz0x", "a" * 5000])
def test_any_other_cookie_is_none(noise: str) -> None:
    assert from_cookie(noise) is None


def test_no_two_sign_ins_share_a_secret() -> None:
    secrets = {
        secret
        for started in (login_state.start(None) for _ in range(10))
        for secret in (started.state, started.verifier, started.nonce)
    }
    assert len(secrets) == 30
    assert {len(secret) for secret in secrets} == {43}  # 256 bits in Base64


def test_the_displayed_part_reveals_nothing_of_the_rest() -> None:
    """State and nonce are in the address that leads to Cognito; the cookie's secret and the
    verifier are not to be had from them."""
    started = login_state.start(None)
    shown = {started.state, started.nonce, started.challenge}
    assert shown.isdisjoint({started.secret, started.verifier})
    assert started.secret not in repr(started)


def test_the_challenge_is_the_rfcs() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_its_text_shows_no_secret() -> None:
    assert repr(PendingSignIn("one", HOME)) == f"PendingSignIn(return_to={HOME!r})"


@pytest.mark.parametrize("stated", ["", "other", "\u00e4", "\ud800"])
def test_no_other_state_is_ours(stated: str) -> None:
    assert not login_state.start(None, lambda: "drawn").has_state(stated)
