"""Checks a deployed stack over its public address, with accounts and keys of its own, which it
removes again. Exits with 1 if a promise is broken."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from ops import command, deployment, stack_env, terminal
from ops.smoke import (
    campaigns,
    contract,
    credentials,
    domains,
    edge,
    freeze,
    hosts,
    keys,
    limits,
    links,
    qr_codes,
)
from ops.smoke.assertions import Wrong
from ops.smoke.fixtures import Fixture, NotReady, prepared

if TYPE_CHECKING:
    from ops.deployment import Deployment

Check = Callable[[Fixture], str | None]

GROUPS: Mapping[str, Mapping[str, Check]] = {
    **contract.GROUPS,
    "credentials": {**contract.GROUPS["credentials"], **credentials.CHECKS},
    "clicks": links.CHECKS,
    "qr-codes": qr_codes.CHECKS,
    "campaigns": campaigns.CHECKS,
    "domains": domains.CHECKS,
    "limits": limits.CHECKS,
    "keys": keys.CHECKS,
    "edge": edge.CHECKS,
    "hosts": hosts.CHECKS,
    "freeze": freeze.CHECKS,
}


@terminal.guarded
def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        target = command.find_deployment(options.stack)
        base_url = (options.base_url or target.outputs["BaseUrl"]).rstrip("/")
        print(f"Smoke test of {base_url}", flush=True)
        strips = options.no_query_key
        with prepared(target, base_url, _say, strips_query_key=strips) as fixture:
            fixture.domain = options.domain
            failed = run(fixture, options.only or default_groups(target))
    except (
        deployment.StackNotFound,
        stack_env.NoLocalStack,
        NotReady,
        ClientError,
        BotoCoreError,
        httpx.HTTPError,
    ) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ops.smoke", description=__doc__)
    parser.add_argument("--stack", help="name of a stack on AWS; default: the local stack")
    parser.add_argument(
        "--base-url", metavar="URL",
        help="where to send requests, such as before DNS points there; default: the output BaseUrl",
    )  # fmt: skip
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, metavar="GROUP",
        help=f"checks to run, of: {', '.join(GROUPS)}; default: all, on AWS; here all but freeze",
    )  # fmt: skip
    parser.add_argument(
        "--no-query-key", action="store_true",
        help="an edge in front removes ?api_key=, so that it has to be of no use",
    )  # fmt: skip
    parser.add_argument(
        "--domain", default="",
        help="another host that leads to the stack, such as a subdomain or a branded domain",
    )  # fmt: skip
    return parser


def default_groups(target: Deployment) -> list[str]:
    """All on AWS. The emulator freezes nothing, so that there a minute of silence shows nothing."""
    return [group for group in GROUPS if target.endpoint is None or group != "freeze"]


def run(fixture: Fixture, groups: Sequence[str]) -> int:
    """How many checks failed."""
    failed, started = 0, time.monotonic()
    checks = [(group, *check) for group in groups for check in GROUPS[group].items()]
    for group, title, check in checks:
        failed += not _passes(fixture, f"{group:<11}  {title}", check)
    seconds = time.monotonic() - started
    print(f"{len(checks)} checks in {seconds:.0f} s, {failed} failed", flush=True)
    return failed


def _passes(fixture: Fixture, title: str, check: Check) -> bool:
    started, fault = time.monotonic(), ""
    try:
        note = check(fixture)
    except (Wrong, httpx.HTTPError) as error:
        fault, note = f"{error}" or type(error).__name__, None
    took = time.monotonic() - started
    print(f"{'FAIL' if fault else 'ok':<4} {took:6.2f} s  {title}{f', {note}' if note else ''}")
    if fault:
        print(f"               {_without_secrets(fixture, fault)}", flush=True)
    return not fault


def _without_secrets(fixture: Fixture, text: str) -> str:
    for issued in fixture.keys:
        text = text.replace(issued.secret, f"{issued.record.display_prefix}...")
    return text


def _say(text: str) -> None:
    print(f"- {text} ...", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and so to clean up all the same
    sys.exit(main())
