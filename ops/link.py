"""Takes links over from other services, and hands an account's links out."""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

from jmpy.http import csv_file
from jmpy.imports import columns, records
from jmpy.imports.service import ImportService, Outcome, Result
from jmpy.links import export
from jmpy.links.bulk import BulkService
from ops.command import Commands
from ops.deployment import Deployment

EXAMPLES = 3
"""Rows that are named with each reason for a refusal."""


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.link", __doc__)
    taking = commands.add("import", import_links, "Make the links that another service exported")
    taking.add_argument(
        "file", type=Path, help="CSV or JSON of Bitly, Shlink, YOURLS, Kutt or Jmpy"
    )
    taking.add_argument("--dry-run", action="store_true", help="say what would happen, and stop")
    taking.add_argument(
        "--new-codes", action="store_true",
        help="give links whose code cannot be had a new one; default: leave them out",
    )  # fmt: skip
    taking.add_argument(
        "--report", type=Path, metavar="FILE", help="write what became of each row to a CSV file"
    )
    giving = commands.add("export", export_links, "Write the account's links as CSV")
    giving.add_argument(
        "--file", type=Path, metavar="FILE", help="where to; default: standard output"
    )
    return commands.main(arguments)


def import_links(target: Deployment, options: argparse.Namespace) -> None:
    found = records.read(options.file.read_text(encoding="utf-8", errors="replace"))
    target.accounts.ensure(options.account, by=target.operator)
    base_url = target.outputs["BaseUrl"]
    store = target.link_store
    service = ImportService(store, BulkService(store, time_limit=math.inf))
    _tell(f"- {options.file}: {len(found):,} links. Looking which codes are free ...")
    planned = service.plan(
        options.account, columns.rows(found), target.own_names,
        new_codes=options.new_codes,
    )  # fmt: skip
    if options.dry_run:
        outcomes = service.preview(planned)
    else:
        outcomes = []
        for batch in service.run(options.account, planned):
            outcomes += batch
            _tell(f"- {len(outcomes):,} of {len(found):,} rows done")
    _summarize(outcomes, columns.left_behind(found), dry_run=options.dry_run)
    if options.report:
        _report(options.report, outcomes, base_url)


def export_links(target: Deployment, options: argparse.Namespace) -> None:
    links = target.link_store.newest(options.account, sys.maxsize)
    lines = export.rows(links, target.outputs["BaseUrl"], time.time())
    file = options.file
    opened = file.open("w", encoding="utf-8", newline="") if file else nullcontext(sys.stdout)
    with opened as out:
        count = _write(out, export.HEADER, lines)
    _tell(f"{count:,} links of account {options.account!r}")


def _summarize(outcomes: list[Outcome], left_behind: list[str], *, dry_run: bool) -> None:
    counted = Counter(outcome.result for outcome in outcomes)
    print(f"{counted[Result.NEW]:,} {'would be made' if dry_run else 'made'}")
    print(f"{counted[Result.PRESENT]:,} already there")
    print(f"{counted[Result.REFUSED]:,} refused")
    reasons: dict[str, list[int]] = {}
    for outcome in outcomes:
        for reason in outcome.reasons:
            reasons.setdefault(reason, []).append(outcome.number)
    for reason, rows in sorted(reasons.items(), key=lambda entry: -len(entry[1])):
        named = ", ".join(map(str, sorted(rows)[:EXAMPLES]))
        print(f"  {len(rows):,} x {reason} (row {named}{', ...' if len(rows) > EXAMPLES else ''})")
    if left_behind:
        print(f"Not taken over: {', '.join(left_behind)}")
    if dry_run:
        print("This was a dry run: nothing was made.")


def _report(path: Path, outcomes: list[Outcome], base_url: str) -> None:
    rows = (
        (
            outcome.number,
            outcome.result,
            outcome.original_url,
            outcome.short_code and f"{base_url}/{outcome.short_code}",
            "; ".join(outcome.reasons),
        )
        for outcome in sorted(outcomes, key=lambda outcome: outcome.number)
    )
    with path.open("w", encoding="utf-8", newline="") as out:
        _write(out, ("row", "result", "original_url", "short_url", "reason"), rows)
    _tell(f"- What became of each row is in {path}")


def _write(out: IO[str], header: Sequence[str], rows: Iterable[Iterable[object]]) -> int:
    """How many rows were written."""
    out.write(csv_file.line(header))
    count = 0
    for row in rows:
        out.write(csv_file.line(row))
        count += 1
    return count


def _tell(text: str) -> None:
    """To standard error, which an export leaves free."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
