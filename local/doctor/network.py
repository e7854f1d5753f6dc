"""The way to the package index: proxies, certificates, the clock."""

from __future__ import annotations

import configparser
import email.utils
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from local.doctor.finding import Finding, ok, problem, warning

try:
    import ssl
except ImportError:  # a build of Python without it
    ssl = None  # type: ignore[assignment]

PYPI = "https://pypi.org/simple"
SECONDS = 2.0
SKEW_SECONDS = 240.0
"""AWS rejects signatures that are off by five minutes (Signature Version 4)."""

_PROXY_REQUIRED = 407
_USELESS = {403, 404, *range(500, 600)}
"""A firewall's, another server's, a gateway's that does not reach it; an index with a password
responds 401, and pip sends it."""

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "PIP_CERT")
_TRUST = (
    "add your organisation's certificate authority to the machine's store (on Debian: copy it to "
    "/usr/local/share/ca-certificates and run update-ca-certificates), or name a file that "
    "contains it: export SSL_CERT_FILE=/path/to/ca.pem"
)


@dataclass(frozen=True)
class Attempt:
    """To reach the index. Without an error, it responded."""

    host: str
    proxy: str | None = None
    """Host and port only."""
    error: BaseException | None = None
    status: int = 200
    skew_seconds: float | None = None
    """By how much the clock is ahead of the index's."""
    timed_out: bool = False


def index(attempt: Attempt, installed: bool) -> Finding:
    by_proxy = f" by the proxy {attempt.proxy}" if attempt.proxy else ""
    found = _obstacle(attempt)
    if found is None:
        return ok(f"The package index {attempt.host} responds{by_proxy}")
    what, remedy = found
    sentence = f"The package index {attempt.host} cannot be used{by_proxy}: {what}"
    if installed:
        return warning(f"{sentence}. Everything is installed, so only updates need it", remedy)
    return problem(sentence, remedy)


def _obstacle(attempt: Attempt) -> tuple[str, str] | None:
    """What is in the way, and what to do."""
    error = attempt.error
    if attempt.timed_out or isinstance(error, TimeoutError):
        return (
            f"it did not respond within {SECONDS:.0f} seconds",
            "check the connection; behind a proxy: export https_proxy=http://host:port",
        )
    if attempt.status == _PROXY_REQUIRED or "407 " in str(error):
        return (
            "the proxy requires a name and a password",
            "export https_proxy=http://name:password@host:port",
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return _untrusted(str(error))
    if isinstance(error, socket.gaierror):
        return (
            "its name cannot be resolved",
            "check the connection and DNS; or name an index that can be reached: "
            "export PIP_INDEX_URL=... UV_DEFAULT_INDEX=...",
        )
    reason = getattr(error, "strerror", None) or error
    if error is None and attempt.status in _USELESS:
        reason = f"the response is {attempt.status}"
    if reason is None:
        return None
    remedy = "check the connection, the firewall and the variables http_proxy and https_proxy"
    return str(reason), remedy


def _untrusted(error: str) -> tuple[str, str]:
    if "expired" in error or "not yet valid" in error:
        return "its certificate is not valid at the time of the clock", "set the clock"
    return (
        "its certificate is signed by an authority that this machine does not trust, as behind a "
        "proxy that inspects traffic",
        _TRUST,
    )


def clock(attempt: Attempt) -> Finding | None:
    """None if nothing is known."""
    if attempt.skew_seconds is None:
        return None
    skew = attempt.skew_seconds
    if abs(skew) <= SKEW_SECONDS:
        return ok("The clock agrees with the package index's")
    return problem(
        f"The clock is {abs(skew) / 60:.0f} minutes {'ahead' if skew > 0 else 'behind'}: keys and "
        "sessions would expire at other times, and AWS would reject signatures",
        "synchronise it: timedatectl set-ntp true (macOS: sntp -sS time.apple.com)",
    )


def certificates(named: Mapping[str, bool], authorities: bool) -> Finding:
    """`named`: the variables that name a store, and whether it exists; `authorities`: whether the
    store that Python reads has any."""
    missing = [name for name, exists in named.items() if not exists]
    if missing:
        return problem(
            f"{', '.join(missing)} names a file or folder that does not exist",
            f"unset {' '.join(missing)}, or correct it",
        )
    if not authorities:
        return problem(
            "Python finds no certificate authorities on this machine",
            "on Debian: apt install ca-certificates; on macOS with Python from python.org: run "
            "'Install Certificates.command' in its folder",
        )
    return ok("Python finds certificate authorities")


def read_certificates() -> tuple[dict[str, bool], bool]:
    named = {name: os.environ[name] for name in _CERTIFICATES if os.environ.get(name)}
    exist = {name: any(map(os.path.exists, text.split(":"))) for name, text in named.items()}
    if ssl is None:
        return exist, True  # local/doctor/python.py reports it
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.capath) if paths.capath else None
    return exist, bool(paths.cafile) or bool(folder and any(folder.iterdir()))


def loopback(proxy: str | None, direct: bool) -> Finding | None:
    """`proxy` is that for http; `direct`: whether requests to 127.0.0.1 go past it."""
    if proxy is None or direct:
        return None
    return warning(
        f"curl would send requests for the local stack to the proxy {proxy}",
        "export no_proxy=127.0.0.1,localhost",
    )


def read_loopback() -> tuple[str | None, bool]:
    proxy = urllib.request.getproxies().get("http")
    bypass = bool(urllib.request.proxy_bypass("127.0.0.1"))
    return (_host(proxy) if proxy else None), bypass


def index_url(environment: Mapping[str, str], files: list[Path]) -> str | None:
    """That of pip, whose configuration is in `files`; None if it uses none."""
    if environment.get("PIP_NO_INDEX"):
        return None
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if environment.get(name):
            return environment[name]
    found = PYPI
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        found = parser.get("global", "index-url", fallback=found)
    return found


def pip_files() -> list[Path]:
    """Those that come later take precedence (pip, "Configuration files")."""
    home = Path.home()
    named = os.environ.get("PIP_CONFIG_FILE")
    return [
        Path("/etc/pip.conf"),
        Path("/etc/xdg/pip/pip.conf"),
        home / ".pip" / "pip.conf",
        home / "Library" / "Application Support" / "pip" / "pip.conf",
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
        *([Path(named)] if named else []),
    ]


class Contact(threading.Thread):
    """Tries to reach the index while other checks run. A name's resolution knows no timeout, so
    that the thread may outlive the program's patience."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        # A name and a password in the address are nobody's business here: without them it responds
        # as well, if only that it wants them.
        parts = urlsplit(url)
        self._url = urlunsplit(parts._replace(netloc=_host(url)))
        proxy = None
        if not urllib.request.proxy_bypass(parts.hostname or ""):
            proxy = urllib.request.getproxies().get(parts.scheme)
        self._pending = Attempt(_host(url), proxy and _host(proxy), timed_out=True)
        self._found = self._pending
        self._deadline = time.monotonic() + SECONDS

    def run(self) -> None:
        host, proxy = self._pending.host, self._pending.proxy
        request = urllib.request.Request(f"{self._url.rstrip('/')}/uv/", method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:
                skew = _skew(response.headers.get("Date"), time.time())
                self._found = Attempt(host, proxy, skew_seconds=skew)
        except urllib.error.HTTPError as error:
            skew = _skew(error.headers.get("Date"), time.time())
            self._found = Attempt(host, proxy, status=error.code, skew_seconds=skew)
        except urllib.error.URLError as error:
            reason = error.reason if isinstance(error.reason, BaseException) else error
            self._found = Attempt(host, proxy, error=reason)
        except (OSError, ValueError) as error:
            self._found = Attempt(host, proxy, error=error)

    def result(self) -> Attempt:
        """After at most SECONDS since its start."""
        self.join(max(0.0, self._deadline - time.monotonic()))
        return self._found


def _skew(date: str | None, now: float) -> float | None:
    if not date:
        return None
    try:
        return now - email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None


def _host(url: str) -> str:
    """Host and port, without a name and a password."""
    return (urlsplit(url).netloc or url).rpartition("@")[2].rstrip("/")


def contact(environment: Mapping[str, str]) -> Contact | None:
    """Begins to reach the index; None if pip uses none over HTTP."""
    url = index_url(environment, pip_files())
    if not url or not url.startswith(("http://", "https://")):
        return None
    begun = Contact(url)
    begun.start()
    return begun


def findings(begun: Contact | None, installed: bool) -> list[Finding]:
    found = [certificates(*read_certificates()), loopback(*read_loopback())]
    if begun:
        attempt = begun.result()
        found += [index(attempt, installed), clock(attempt)]
    return [finding for finding in found if finding]
