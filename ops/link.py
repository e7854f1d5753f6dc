"""Imports links from other services, exports an account's links and QR codes, imports them again,
and releases aliases that are held for it."""

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any

from jmpy.formats import csv_file
from jmpy.formats.times import iso
from jmpy.imports import fields, qr_rows, records
from jmpy.imports import rows as import_rows
from jmpy.imports.qr_service import QrImportService
from jmpy.imports.service import ImportOutcome, ImportService, Result
from jmpy.links import codes, export
from jmpy.links.alias_schema import HeldAlias
from jmpy.links.bulk import BulkService
from jmpy.links.held_store import HeldCode
from jmpy.links.service import LinkService
from jmpy.links.short_url import short_url
from jmpy.qr import export as qr_export
from jmpy.qr.creation import Place
from jmpy.qr.service import QrCodes
from jmpy.qr.with_links import QrCodesOfLinks
from ops import output, private, terminal
from ops.command import Commands
from ops.deployment import Deployment

PAGE = 100
"""Held aliases that are read at a time."""

EXAMPLES = 3
"""Rows that are listed with each reason for a rejection."""


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.link", __doc__)
    taking = commands.add("import", import_links, "Create the links that another service exported")
    taking.add_argument(
        "file", type=Path, help="CSV or JSON of another service, of Jmpy or of your own"
    )
    taking.add_argument("--dry-run", action="store_true", help="say what would happen, and stop")
    taking.add_argument(
        "--new-codes", action="store_true",
        help="give links whose code cannot be had a new one; default: leave them out",
    )  # fmt: skip
    taking.add_argument(
        "--random-codes", action="store_true",
        help="give links that have no code in the file a new one; default: leave them out",
    )  # fmt: skip
    taking.add_argument(
        "--short-codes", action="store_true",
        help="import codes of 1 and 2 characters, too, which nobody can create",
    )  # fmt: skip
    taking.add_argument(
        "--report", type=Path, metavar="FILE", help="write what became of each row to a CSV file"
    )
    giving = commands.add("export", export_links, "Write the account's links as CSV", json=False)
    giving.add_argument(
        "--file", type=Path, metavar="FILE", help="where to; default: standard output"
    )
    giving.add_argument("--qr-codes", action="store_true", help="write the QR codes instead")
    commands.add("held", list_held, "List the account's held aliases")
    releasing = commands.add("release", release, "Release a held alias for the account")
    releasing.add_argument(
        "alias", help="as listed, with its host on another domain; anybody may have it from then on"
    )
    return commands.main(arguments)


def import_links(target: Deployment, options: argparse.Namespace) -> None:
    file = records.read(records.decoded(options.file.read_bytes()))
    imported = _imported_qr_codes if qr_export.is_ours(file.fields) else _imported_links
    outcomes = imported(target, options, file)
    if options.json:
        print(json.dumps(_summary(outcomes, dry_run=options.dry_run)))
    else:
        _summarize(outcomes, dry_run=options.dry_run)
    if options.report:
        _report(options.report, outcomes, target.outputs["BaseUrl"])


def _imported_links(
    target: Deployment, options: argparse.Namespace, file: records.File
) -> list[ImportOutcome]:
    recognized = fields.recognize(file.fields, random_codes=options.random_codes)
    _describe(recognized, output.note if options.json else print)
    store = target.link_store
    service = ImportService(
        store,
        BulkService(store, time_limit=math.inf),
        partial(QrCodesOfLinks(target.qr_code_store).created, base_url=target.outputs["BaseUrl"]),
    )
    output.note(
        f"- {options.file}: {len(file.records):,} links. Looking up which codes are free ..."
    )
    planned = service.plan(
        options.account, import_rows.rows(file, recognized, random_codes=options.random_codes),
        target.own_names,
        new_codes=options.new_codes,
        shortest_code=1 if options.short_codes else codes.SHORTEST_ALIAS,
    )  # fmt: skip
    if options.dry_run:
        return service.preview(planned)
    if planned.new:
        target.accounts.ensure(options.account, by=target.operator)
    outcomes: list[ImportOutcome] = []
    for batch in service.run(options.account, planned):
        outcomes += batch
        output.note(f"- {len(outcomes):,} of {len(file.records):,} rows done")
    return outcomes


def _imported_qr_codes(
    target: Deployment, options: argparse.Namespace, file: records.File
) -> list[ImportOutcome]:
    output.note(f"- {options.file}: {len(file.records):,} QR codes of Jmpy. Looking them up ...")
    outcomes = _run_qr_codes(target, options.account, file, dry_run=True)
    if options.dry_run or not any(outcome.result is Result.NEW for outcome in outcomes):
        return outcomes
    target.accounts.ensure(options.account, by=target.operator)
    return _run_qr_codes(target, options.account, file, dry_run=False)


def _run_qr_codes(
    target: Deployment, account_id: str, file: records.File, *, dry_run: bool
) -> list[ImportOutcome]:
    place = Place(target.outputs["BaseUrl"], target.own_names)
    service = QrImportService(account_id, target.qr_code_store, target.link_store, place)
    return list(service.run(qr_rows.rows(file), dry_run=dry_run))


def export_links(target: Deployment, options: argparse.Namespace) -> None:
    account_id, base_url, now = options.account, target.outputs["BaseUrl"], time.time()
    header: Sequence[str]
    if options.qr_codes:
        what, header = "QR codes", qr_export.HEADER
        qr_codes = QrCodes(target.qr_code_store).newest(account_id, sys.maxsize)
        lines = (qr_export.row(described, base_url) for described in qr_codes)
    else:
        what, header = "links", export.HEADER
        links = LinkService(target.link_store).newest(account_id, sys.maxsize)
        lines = (export.row(link, base_url, now) for link in links)
    file = options.file
    opened = private.opened(file) if file else nullcontext(terminal.data())
    with opened as out:
        count = _write(out, header, lines)
    output.note(f"{count:,} {what} of account {options.account!r}")


def _describe(recognized: fields.Recognized, say: Callable[[str], None]) -> None:
    """Which field was interpreted as what, so that a wrong guess is seen before it does harm."""
    for role in fields.Role:
        if spelled := recognized.spelled(role):
            say(terminal.line(f"{role}: {' or '.join(spelled)}"))
    if not recognized.has_codes:
        say(f"{fields.Role.CODE}: none; every link gets a new one")
    if recognized.left_behind:
        say(terminal.line(f"not imported: {', '.join(recognized.left_behind)}"))


def list_held(target: Deployment, options: argparse.Namespace) -> None:
    count = output.listing(
        options,
        _held(target, options.account),
        lambda held: f"{held.address}  until {iso(held.held_until)}  link {held.link_id}",
        lambda held: HeldAlias.from_code(held).model_dump(mode="json"),
    )
    output.note(f"{count:,} aliases are held for account {options.account!r}")


def _held(target: Deployment, account_id: str) -> Iterator[HeldCode]:
    after = None
    while True:
        found, after = target.held_aliases.page(account_id, PAGE, after)
        yield from found
        if after is None:
            return


def release(target: Deployment, options: argparse.Namespace) -> None:
    host, code = codes.split(options.alias)
    target.held_aliases.release(options.account, code, host, by=target.operator)
    words = f"Released {options.alias!r}: anybody may have it now."
    output.result(options, words, {"alias": options.alias, "released": True})


def _summary(outcomes: list[ImportOutcome], *, dry_run: bool) -> dict[str, Any]:
    counted = Counter(outcome.result for outcome in outcomes)
    return {
        "dry_run": dry_run,
        "created": counted[Result.NEW],
        "under_new_codes": sum(outcome.has_random_code for outcome in outcomes),
        "already_there": counted[Result.PRESENT],
        "rejected": counted[Result.REJECTED],
        "rejections": [
            {"reason": reason, "rows": sorted(rows)} for reason, rows in _rejections(outcomes)
        ],
    }


def _rejections(outcomes: list[ImportOutcome]) -> list[tuple[str, list[int]]]:
    """The numbers of rows by reason, the most frequent first."""
    reasons: dict[str, list[int]] = {}
    for outcome in outcomes:
        for reason in outcome.reasons:
            reasons.setdefault(reason, []).append(outcome.number)
    return sorted(reasons.items(), key=lambda entry: -len(entry[1]))


def _summarize(outcomes: list[ImportOutcome], *, dry_run: bool) -> None:
    counted = Counter(outcome.result for outcome in outcomes)
    without = sum(outcome.has_random_code for outcome in outcomes)
    print(f"{counted[Result.NEW]:,} {'would be created' if dry_run else 'created'}", end="")
    print(f", {without:,} of them under new codes" if without else "")
    print(f"{counted[Result.PRESENT]:,} already there")
    print(f"{counted[Result.REJECTED]:,} rejected")
    for reason, rows in _rejections(outcomes):
        named = ", ".join(map(str, sorted(rows)[:EXAMPLES]))
        more = ", ..." if len(rows) > EXAMPLES else ""
        print(f"  {len(rows):,} x {terminal.line(reason)} (row {named}{more})")
    if dry_run:
        print("This was a dry run: nothing was created.")


def _report(path: Path, outcomes: list[ImportOutcome], base_url: str) -> None:
    rows = (
        (
            outcome.number,
            outcome.result,
            outcome.original_url,
            outcome.short_code and short_url(base_url, outcome.short_code, outcome.host),
            "; ".join(outcome.reasons),
        )
        for outcome in sorted(outcomes, key=lambda outcome: outcome.number)
    )
    with private.opened(path) as out:
        _write(out, ("row", "result", "original_url", "short_url", "reason"), rows)
    output.note(f"- What became of each row is in {path}")


def _write(out: IO[str], header: Sequence[str], rows: Iterable[Iterable[object]]) -> int:
    """How many rows were written."""
    out.write(csv_file.line(header))
    count = 0
    for row in rows:
        out.write(csv_file.line(row))
        count += 1
    return count


if __name__ == "__main__":
    sys.exit(main())
