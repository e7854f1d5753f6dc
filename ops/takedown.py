"""Takes links down and restores them: one, all that lead to a host, or all of an account."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from jmpy.links import destination
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import InvalidDestination
from jmpy.links.model import Link
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.takedown import Order, Progress
from ops import output, terminal
from ops.command import Commands, Whose, find_account
from ops.deployment import Deployment

REASONS = ", ".join(reason for reason in TakedownReason if reason is not TakedownReason.BLOCKED)
MAX_NOTE = 500


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.takedown", __doc__)
    for name, run, text in (
        ("disable", disable, "Take links down: visitors get 410, and owners cannot undo it"),
        ("enable", enable, "Restore what was taken down that way"),
    ):
        command = commands.add(name, run, text, Whose.NONE)
        which = command.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--link", metavar="CODE", help="its short URL, or its code on the default domain"
        )
        which.add_argument(
            "--domain", type=_domain, metavar="HOST",
            help="all links to this host and the hosts within it",
        )  # fmt: skip
        which.add_argument(
            "--of-account", metavar="ACCOUNT",
            help="all links of this account: its id, or the email address of its owner",
        )  # fmt: skip
        if run is disable:
            command.add_argument(
                "--reason", type=_reason, required=True, metavar="TEXT",
                help=f"the owner reads it; may begin with one of: {REASONS}",
            )  # fmt: skip
    return commands.main(arguments)


def disable(target: Deployment, options: argparse.Namespace) -> None:
    reason, note = options.reason
    by, service = target.operator, target.takedowns
    if options.link:
        link = service.take_down(
            target.address(options.link), Order(Cause.LINK, reason, note), by=by
        )
        if link is None:
            words = f"{options.link} leads nowhere: its link was deleted. Nobody gets the code now."
        else:
            why = terminal.line(link.safety_reason)
            words = f"{link.address} is taken down ({why}); it led to {terminal.line(link.url)}"
        output.result(options, words, _value(options.link, link))
        return
    if options.domain:
        order = Order(Cause.DESTINATION, reason, note, options.domain)
        done = service.take_down_destination(options.domain, order, by=by, report=_report)
        where = f"to {options.domain}"
        hint = f'New links there are still possible: make block HOST={options.domain} REASON="..."'
    else:
        account_id = find_account(target, options.of_account)
        order = Order(Cause.ACCOUNT, reason, note)
        done = service.take_down_account(account_id, order, by=by, report=_report)
        where = f"of account {account_id!r}"
        hint = "Its API keys and sessions still work, and can create links: make suspend ends that."
    words = f"{_links(done.meant)} {where}, {done.changed:,} of them taken down now\n{hint}"
    output.result(options, words, {"links": done.meant, "changed": done.changed})


def enable(target: Deployment, options: argparse.Namespace) -> None:
    by, service = target.operator, target.takedowns
    if options.link:
        link = service.restore(target.address(options.link), by=by)
        output.result(options, _restored(target, options.link, link), _value(options.link, link))
        return
    if options.domain:
        done = service.restore_destination(options.domain, by=by, report=_report)
        where = f"to {options.domain}"
    else:
        account_id = find_account(target, options.of_account)
        done = service.restore_account(account_id, Cause.ACCOUNT, by=by, report=_report)
        where = f"of account {account_id!r}"
    words = (
        f"{_links(done.meant)} {where}, {done.changed:,} of them restored now\n"
        "What else is held against a link still is: make enable LINK=... lifts all of it."
    )
    output.result(options, words, {"links": done.meant, "changed": done.changed})


def _value(code: str, link: Link | None) -> dict[str, Any]:
    """The link as it is now; its fields are null where it was deleted."""
    return {
        "short_code": code,
        "account_id": link and link.account_id,
        "original_url": link and link.url,
        "safety_reason": link and link.safety_reason,
    }


def _restored(target: Deployment, code: str, link: Link | None) -> str:
    if link is None:
        return f"{code} was of a link that is deleted; anybody may have it as an alias now"
    if entry := Blocklist(target.link_store.blocked_hosts).match(link.url):
        return (
            f"{code} is restored, but {entry} is on the blocklist, so that it still leads nowhere: "
            f"make unblock HOST={entry}"
        )
    return f"{code} is restored and leads to {terminal.line(link.url)}"


def _report(progress: Progress) -> None:
    """To standard error: a table with many links takes minutes."""
    print(
        f"- {_links(progress.read)} read, {progress.meant:,} found, {progress.changed:,} changed",
        file=sys.stderr,
        flush=True,
    )


def _links(number: int) -> str:
    return "1 link" if number == 1 else f"{number:,} links"


def _reason(text: str) -> tuple[TakedownReason, str]:
    """`phishing: reported by Example Bank`, or any other words."""
    first, _, rest = text.partition(":")
    word = first.strip().lower()
    is_known = word in set(TakedownReason) - {TakedownReason.BLOCKED}
    reason, note = (TakedownReason(word), rest) if is_known else (TakedownReason.OTHER, text)
    note = " ".join(note.split())
    if reason is TakedownReason.OTHER and not note:
        raise argparse.ArgumentTypeError("say why, for the owner to read")
    if len(note) > MAX_NOTE:
        raise argparse.ArgumentTypeError(f"at most {MAX_NOTE} characters")
    return reason, note


def _domain(text: str) -> str:
    try:
        return destination.domain(text)
    except InvalidDestination as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
