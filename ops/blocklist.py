"""Blocks hosts: no link may lead to them, whoever created it and whenever."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from jmpy.links import destination
from jmpy.links.blocklist_store import Entry
from jmpy.links.errors import InvalidDestination
from ops import terminal
from ops.command import Commands
from ops.deployment import Deployment


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.blocklist", __doc__)
    adding = commands.add("block", block, "Add a host to the blocklist, with all within it")
    removing = commands.add("unblock", unblock, "Take a host off the blocklist")
    for command in (adding, removing):
        command.add_argument("host", type=_domain, help="evil.example, or .zip for a whole TLD")
    adding.add_argument("--reason", type=_line, required=True, help="for operators to read")
    commands.add("list", show, "List the blocklist")
    return commands.main(arguments)


def block(target: Deployment, options: argparse.Namespace) -> None:
    entry = Entry(options.host, options.reason, int(time.time()), target.operator.actor.id)
    if target.blocklist.add(entry):
        print(
            f"{entry.host} and all hosts within it are blocked; effective within a minute, for "
            "existing links, too"
        )
    else:
        print(f"{entry.host} was blocked already; its reason is replaced")


def unblock(target: Deployment, options: argparse.Namespace) -> None:
    if target.blocklist.remove(options.host):
        print(f"{options.host} is not blocked any more; effective within a minute")
    else:
        print(f"{options.host} was not on the blocklist")


def show(target: Deployment, _options: argparse.Namespace) -> None:
    entries = [*target.blocklist.entries()]
    if not entries:
        print("The blocklist is empty.", file=sys.stderr)
    for entry in entries:
        since = datetime.fromtimestamp(entry.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
        print(terminal.line(f"{entry.host}  since {since}  by {entry.by}  {entry.reason}"))


def _domain(text: str) -> str:
    try:
        return destination.domain(text)
    except InvalidDestination as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _line(text: str) -> str:
    if not (line := " ".join(text.split())):
        raise argparse.ArgumentTypeError("say why")
    return line[:500]


if __name__ == "__main__":
    sys.exit(main())
