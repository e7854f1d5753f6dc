"""Keys that a restore makes work again, for an operator to check."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from jmpy.formats import csv_file
from jmpy.formats.times import iso
from jmpy.keys.model import ApiKey
from ops import terminal

SHOWN = 20


def show_working(keys: Sequence[ApiKey], report: Path | None) -> None:
    """Some of them, and all of them in a file, if one is named."""
    for key in keys[:SHOWN]:
        name = terminal.line(key.name)
        print(f"  {key.account_id}  {key.id}  {key.display_prefix}...{key.last_four}  {name}")
    if report is not None:
        _write(keys, report)
        print(f"- All of them are in {report}", file=sys.stderr)
    elif len(keys) > SHOWN:
        print(f"  ... and {len(keys) - SHOWN:,} more; REPORT=keys.csv writes them all")


def _write(keys: Sequence[ApiKey], report: Path) -> None:
    """For its owner alone, and never over a file that is there."""
    descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
        out.write(csv_file.line(("account_id", "key_id", "prefix", "last_four", "name",
                                 "permissions", "created_at", "expires_at")))  # fmt: skip
        for key in keys:
            out.write(csv_file.line((
                key.account_id, key.id, key.display_prefix, key.last_four, key.name,
                " ".join(sorted(key.permissions)), _time(key.created_at), _time(key.expires_at),
            )))  # fmt: skip


def _time(at: int | None) -> str:
    return "" if at is None else iso(at)
