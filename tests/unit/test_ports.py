"""Ports that can be used, and clear words about those that cannot."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import subprocess
import sys

import pytest

from local import ports
from local.ports import HOST, PortUnusable
from project.template import PROJECT


@pytest.mark.parametrize(
    "text", ["0", "65536", "80000", "-1", "8080x", "", "1e3", "٤٥٦٦", "9" * 5000]
)
def test_what_is_no_port_is_rejected_before_anything_starts(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1 to 65,535"):
        ports.number(text)


def test_a_port_is_a_number() -> None:
    assert [ports.number(text) for text in ("1", "8080", "65535")] == [1, 8080, 65535]


def test_a_port_in_use_is_distinguished_from_one_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(PortUnusable, match="taken by another program"):
            ports.require_free(taken.getsockname()[1])

    class Denied(socket.socket):
        def bind(self, _address: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(socket, "socket", Denied)
    with pytest.raises(PortUnusable, match="port 80 is for root alone"):
        ports.require_free(80)


@pytest.mark.parametrize("command", ["start", "sam-local"])
@pytest.mark.parametrize("port", ["80000", "0", "x"])
def test_a_command_says_it_in_a_line_and_starts_nothing(command: str, port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", command, f"--port={port}"],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": "layers:."}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "a port is a number from 1 to 65,535" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
