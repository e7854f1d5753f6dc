"""Commands of the local stack that need none to be shown."""

from __future__ import annotations

import socket
import sys
from typing import Any

import pytest

from local import emulator_process, mail, sam_local
from local.__main__ import domains, main
from local.ports import HOST
from ops import stack_env
from ops.local_credentials import Credentials
from ops.stack_env import StackEnv

ENV = StackEnv(
    "http://base", "key", "http://endpoint", Credentials("AKIAKEY", "s"), "stack", "account",
    "a@example.com", "password",
)  # fmt: skip


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["local", *arguments])
    monkeypatch.setattr(stack_env, "read", lambda: ENV)
    return main()


def test_mail_is_shown_and_obeyed_by_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: dict[str, Any] = {"To": ["a@example.com"], "Subject": "Ends\x1b[2J", "BodyText": "Soon"}
    monkeypatch.setattr(emulator_process, "running", lambda _folder: object())
    monkeypatch.setattr(mail, "sent", lambda _env: [sent])
    assert run(monkeypatch, "mail") == 0
    assert capsys.readouterr().out == "To: a@example.com\nSubject: Ends\\x1b[2J\n\nSoon\n\n"


def test_a_sam_port_in_use_is_detected_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sam_local, "_bridge", lambda: pytest.fail("asked for containers"))
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        assert run(monkeypatch, "sam-local", f"--port={taken.getsockname()[1]}") == 1
    printed = capsys.readouterr()
    assert "taken by another program; choose another: make sam-local SAM_PORT=3001" in printed.err


def test_credentials_do_not_show_their_secret() -> None:
    assert "s3cret" not in repr(Credentials("AKIAKEY", "s3cret"))


@pytest.mark.parametrize(
    "names",
    ["https://go.example.com", "go", "go.example.com:8080", "a.example, b.example", ",", "é.de"],
)
def test_what_is_no_host_name_is_rejected_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], names: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "start", f"--own-domains={names}")
    assert "a host name is like go.example.com, without a port" in capsys.readouterr().err


def test_host_names_are_written_with_commas() -> None:
    assert domains("go.example.com,Go.example.net") == "go.example.com,Go.example.net"
    assert domains("") == ""
