"""Lists the domains of all accounts, and suspends domains: their short URLs are gone until they are
restored (docs/operations.md, "Suspending a domain")."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from jmpy.dashboard.filters import plural
from jmpy.domains.model import Domain
from jmpy.domains.store import to_numbers
from jmpy.formats.times import iso
from jmpy.links import destination
from jmpy.links.errors import InvalidDestination
from ops import confirmation, output, terminal
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.described import moment

MAX_REASON = 500


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.domain", __doc__)
    commands.add("list", show, "List the domains of all accounts", Whose.NONE)
    suspending = commands.add("suspend", suspend, "Suspend a domain, at once", Whose.NONE)
    restoring = commands.add("restore", restore, "Let its short URLs work again", Whose.NONE)
    for command in (suspending, restoring):
        command.add_argument("host", type=_host, help="go.acme.com, or a URL on it")
    suspending.add_argument("--reason", type=_line, required=True, help="the owner reads it")
    suspending.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    return commands.main(arguments)


def show(target: Deployment, options: argparse.Namespace) -> None:
    """Account by account: links are in the same table, and may be millions."""
    count = output.listing(options, _all(target), _shown, _value)
    output.note(plural(count, "domain"))


def suspend(target: Deployment, options: argparse.Namespace) -> None:
    domain = target.suspensions.find(options.host)
    links = to_numbers(target.domain_store.counts(domain.account_id, domain.id)).links
    question = (
        f"Suspend {domain.host} of account {domain.account_id!r}? "
        f"{plural(links, 'short URL')} on it will lead nowhere"
    )
    confirmation.require(terminal.line(question), yes=options.yes)
    domain = target.suspensions.suspend(options.host, options.reason, by=target.operator)
    words = (
        f"{domain.host} of account {domain.account_id!r} is suspended: within 5 seconds, its "
        f"{plural(links, 'short URL')} lead nowhere (410)\n"
        f"Undo: make restore-domain DOMAIN={domain.host}"
    )
    output.result(options, words, _value(domain) | {"links": links})


def restore(target: Deployment, options: argparse.Namespace) -> None:
    domain = target.suspensions.restore(options.host, by=target.operator)
    words = f"{domain.host} of account {domain.account_id!r} is {domain.state.value}"
    if not domain.state.serves:
        words += "; it was not suspended"
    output.result(options, words, _value(domain))


def _all(target: Deployment) -> Iterator[Domain]:
    for account in target.account_store.all():
        yield from target.domain_store.newest(account.id, sys.maxsize)


def _shown(domain: Domain) -> str:
    """Fields apart by two spaces."""
    return "  ".join((
        domain.host,
        domain.kind.value,
        domain.state.value,
        domain.account_id,
        f"since {moment(domain.created_at)}",
        *([domain.reason] if domain.reason else []),
    ))  # fmt: skip


def _value(domain: Domain) -> dict[str, Any]:
    return {
        "id": domain.id,
        "account_id": domain.account_id,
        "host": domain.host,
        "kind": domain.kind.value,
        "state": domain.state.value,
        "reason": domain.reason,
        "created_at": iso(domain.created_at),
        "verified_at": _time(domain.verified_at),
        "checked_at": _time(domain.checked_at),
        "failing_since": _time(domain.failing_since),
    }


def _time(timestamp: int | None) -> str | None:
    return None if timestamp is None else iso(timestamp)


def _host(text: str) -> str:
    try:
        return destination.domain(text)
    except InvalidDestination as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _line(text: str) -> str:
    if not (line := " ".join(text.split())):
        raise argparse.ArgumentTypeError("say why, for the owner to read")
    if len(line) > MAX_REASON:
        raise argparse.ArgumentTypeError(f"at most {MAX_REASON} characters")
    return line


if __name__ == "__main__":
    sys.exit(main())
