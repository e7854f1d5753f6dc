"""Blocks hosts: no link may lead to them, no matter who created it or when."""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from jmpy.formats.times import iso
from jmpy.links import destination
from jmpy.links.blocklist_store import Entry
from jmpy.links.errors import InvalidDestination
from ops import output
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.described import moment


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.blocklist", __doc__)
    adding = commands.add(
        "block", block, "Add a host to the blocklist, with all within it", Whose.NONE
    )
    removing = commands.add("unblock", unblock, "Take a host off the blocklist", Whose.NONE)
    for command in (adding, removing):
        command.add_argument("host", type=_domain, help="evil.example, or .zip for a whole TLD")
    adding.add_argument("--reason", type=_line, required=True, help="for operators to read")
    commands.add("list", show, "List the blocklist", Whose.NONE)
    return commands.main(arguments)


def block(target: Deployment, options: argparse.Namespace) -> None:
    entry = Entry(options.host, options.reason, int(time.time()), target.operator.actor.id)
    is_new = target.blocklist.add(entry)
    words = (
        f"{entry.host} and all hosts within it are blocked; effective within a minute, for "
        "existing links, too"
        if is_new
        else f"{entry.host} was blocked already; its reason is replaced"
    )
    output.result(options, words, _value(entry) | {"created": is_new})


def unblock(target: Deployment, options: argparse.Namespace) -> None:
    was_there = target.blocklist.remove(options.host)
    words = (
        f"{options.host} is not blocked any more; effective within a minute"
        if was_there
        else f"{options.host} was not on the blocklist"
    )
    output.result(options, words, {"host": options.host, "removed": was_there})


def show(target: Deployment, options: argparse.Namespace) -> None:
    if not output.listing(options, target.blocklist.entries(), _shown, _value):
        output.note("The blocklist is empty.")


def _shown(entry: Entry) -> str:
    return f"{entry.host}  since {moment(entry.since)}  by {entry.by}  {entry.reason}"


def _value(entry: Entry) -> dict[str, Any]:
    return {
        "host": entry.host,
        "since": iso(entry.since),
        "by": entry.by,
        "reason": entry.reason,
    }


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
