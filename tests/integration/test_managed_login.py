"""How Cognito is asked, against a server that answers as it likes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from jmpy.sessions import cognito_http, login_state
from jmpy.sessions.errors import RefreshDenied, SignInDenied, SignInUnavailable
from jmpy.sessions.oidc import ManagedLogin
from jmpy.sessions.signing_keys import SigningKeys
from tests import cognito

TOKENS = '{"id_token": "one", "refresh_token": "two", "access_token": "three"}'


class Server(ThreadingHTTPServer):
    status = 200
    body = TOKENS
    location: str | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, list[str]]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.requests.append((self.path, parse_qs(body)))
        content = self.server.body.encode()
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def login(server: Server) -> ManagedLogin:
    return ManagedLogin(server.url, cognito.SETTINGS)


def test_a_code_is_exchanged_for_tokens(login: ManagedLogin, server: Server) -> None:
    tokens = login.exchange("code", "verifier", "https://go.example.com/login/callback")
    assert (tokens.id_token, tokens.refresh_token) == ("one", "two")
    assert server.requests == [
        (
            "/oauth2/token",
            {
                "grant_type": ["authorization_code"],
                "client_id": [cognito.CLIENT_ID],
                "code": ["code"],
                "code_verifier": ["verifier"],
                "redirect_uri": ["https://go.example.com/login/callback"],
            },
        )
    ]


def test_a_rejected_code_or_token_is_reported(login: ManagedLogin, server: Server) -> None:
    server.status, server.body = 400, '{"error": "invalid_grant"}'
    with pytest.raises(SignInDenied):
        login.exchange("code", "verifier", "https://go.example.com")
    with pytest.raises(RefreshDenied):
        login.refresh("token")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, ""),
        (503, TOKENS),
        (429, "{}"),
        (200, "no JSON"),
        (200, ""),
        (200, "[]"),
        (200, '"id_token"'),
        (200, '{"access_token": "three"}'),
        (200, '{"id_token": 1, "refresh_token": "two"}'),
        (200, '{"id_token": "one", "refresh_token": 2}'),
        (200, "[" * 100_000),
    ],
)
def test_any_other_response_is_a_fault(
    login: ManagedLogin, server: Server, status: int, body: str
) -> None:
    server.status, server.body = status, body
    with pytest.raises(SignInUnavailable):
        login.exchange("secret-code", "verifier", "https://go.example.com")
    with pytest.raises(SignInUnavailable) as fault:
        login.refresh("secret-token")
    assert "secret" not in str(fault.value)


def test_nothing_is_sent_on_to_where_a_redirect_points(login: ManagedLogin, server: Server) -> None:
    server.status, server.location = 302, f"{server.url}/elsewhere"
    with pytest.raises(SignInUnavailable):
        login.refresh("token")
    assert [path for path, _ in server.requests] == ["/oauth2/token"]


def test_nobody_there_is_a_fault() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SignInUnavailable):
            ManagedLogin(url, cognito.SETTINGS).refresh("token")
        with pytest.raises(SignInUnavailable):
            cognito_http.get_json(url)


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jmpy.fetch.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(SignInUnavailable):
            ManagedLogin(url, cognito.SETTINGS).refresh("token")


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"no HTTP",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + TOKENS.encode()[:40],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{",
        b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe",
    ],
)
def test_an_incomplete_response_is_a_fault(response: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(response)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(SignInUnavailable):
            ManagedLogin(url, cognito.SETTINGS).refresh("token")
        with pytest.raises(SignInUnavailable):
            SigningKeys(lambda: cognito_http.get_json(url)).find(cognito.KEY_ID)
        serving.join()


def test_a_refresh_token_is_revoked_for_its_client(login: ManagedLogin, server: Server) -> None:
    server.body = ""
    login.revoke("token")
    sent = {"token": ["token"], "client_id": [cognito.CLIENT_ID]}
    assert server.requests == [("/oauth2/revoke", sent)]


def test_the_public_keys_are_read(server: Server) -> None:
    server.body = '{"keys": []}'
    assert cognito_http.get_json(f"{server.url}/keys") == {"keys": []}
    server.status = 404
    with pytest.raises(SignInUnavailable):
        cognito_http.get_json(f"{server.url}/keys")


def test_the_browser_is_sent_with_a_challenge_and_without_the_verifier() -> None:
    started = login_state.start(None)
    login = ManagedLogin(cognito.SIGN_IN_URL, cognito.SETTINGS)
    url = login.authorization_url(started, "https://go.example.com/login/callback")
    assert url.startswith(f"{cognito.SIGN_IN_URL}/oauth2/authorize?")
    assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
        "response_type": "code",
        "client_id": cognito.CLIENT_ID,
        "redirect_uri": "https://go.example.com/login/callback",
        "scope": "openid email",
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": started.challenge,
        "code_challenge_method": "S256",
    }
    assert started.verifier not in url


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566/eu-west-1_Pool"),
        (
            {
                "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:9/",
            },
            "http://127.0.0.1:9/eu-west-1_Pool",
        ),
    ],
)
def test_the_keys_are_where_the_sdks_would_look(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cognito.SETTINGS.keys_url == f"{url}/.well-known/jwks.json"
