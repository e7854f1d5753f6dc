"""Requests, their counts and summaries as DynamoDB items.

- `log#<account id>` / `<milliseconds>#<id of the line>`: a request.
- `log#<account id>` / `<milliseconds of the first>#<id of the row>`: requests that share a row,
  listed as one of them, with their `count`.
- `key#<key id>` / `minute#<its milliseconds>`: how the requests of that minute are listed, if no
  limit held them back.
- `key#<key id>` and `account#<account id>` / `usage#<UTC day>`: how many there were, by status,
  method and route.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.activity.access_log_line import LoggedRequest
from jmpy.activity.summary import DIGEST_LENGTH, Subject, Summary
from jmpy.aws.codec import NUMBER, Codec, Kind
from jmpy.formats.cursor import position

if TYPE_CHECKING:
    from jmpy.aws.codec import Item


def _digests(packed: bytes) -> tuple[bytes, ...]:
    return tuple(packed[at : at + DIGEST_LENGTH] for at in range(0, len(packed), DIGEST_LENGTH))


_REQUEST = Codec(LoggedRequest, apart=("account_id", "at_milliseconds", "id", "error"))
_SUMMARY = Codec(
    Summary,
    apart=("subject",),
    rename={"version": "v"},
    kinds={
        "batches": Kind(
            lambda batches: {"B": b"".join(batches)},
            lambda attribute: _digests(bytes(attribute["B"])),
        )
    },
)


def key_subject(key_id: str) -> str:
    return f"key#{key_id}"


def account_subject(account_id: str) -> str:
    return f"account#{account_id}"


def log_key(account_id: str, milliseconds: int, line_id: str) -> Item:
    return {"pk": {"S": f"log#{account_id}"}, "sk": {"S": position(milliseconds, line_id)}}


def from_request(request: LoggedRequest) -> Item:
    key = log_key(request.account_id, request.at_milliseconds, request.id)
    return key | _REQUEST.encode(request)


def from_shared(request: LoggedRequest, first_at: int) -> Item:
    """Of requests that share a row. `first_at`: of the first of them, in milliseconds."""
    return {
        **from_request(request),
        **log_key(request.account_id, first_at, request.id),
        "at": NUMBER.encode(request.at_milliseconds),
    }


def to_request(item: Item) -> LoggedRequest:
    milliseconds, _, line_id = item["sk"]["S"].partition("#")
    return _REQUEST.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("log#"),
        at_milliseconds=int(item["at"]["N"] if "at" in item else milliseconds),
        id=line_id,
    )


def summary_key(subject: Subject) -> Item:
    return {"pk": {"S": key_subject(subject.key_id)}, "sk": {"S": f"minute#{subject.minute:013d}"}}


def from_summary(summary: Summary) -> Item:
    written = replace(summary, version=summary.version + 1)
    return summary_key(summary.subject) | _SUMMARY.encode(written)


def to_summary(subject: Subject, item: Item) -> Summary:
    return _SUMMARY.decode(item, subject=subject)


def to_counts(item: Item) -> dict[tuple[str, int], int]:
    """By route and status."""
    counts = {}
    for name, value in item.items():
        status, _, route = name.partition(" ")
        if route:
            counts[route, int(status)] = int(value["N"])
    return counts
