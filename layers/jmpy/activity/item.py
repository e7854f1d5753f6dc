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

from typing import TYPE_CHECKING, Any

from jmpy.activity.access_log_line import Request
from jmpy.activity.summary import DIGEST_LENGTH, Subject, Summary
from jmpy.formats.cursor import position

if TYPE_CHECKING:
    from collections.abc import Mapping

Item = dict[str, Any]


def key_subject(key_id: str) -> str:
    return f"key#{key_id}"


def account_subject(account_id: str) -> str:
    return f"account#{account_id}"


def log_key(account_id: str, milliseconds: int, line_id: str) -> Item:
    return {"pk": {"S": f"log#{account_id}"}, "sk": {"S": position(milliseconds, line_id)}}


def from_request(request: Request) -> Item:
    item: Item = {
        **log_key(request.account_id, request.at_milliseconds, request.id),
        "request_id": {"S": request.request_id},
        "key_id": {"S": request.key_id},
        "credential": {"S": request.credential},
        "method": {"S": request.method},
        "route": {"S": request.route},
        "status": {"N": str(request.status)},
        "ip": {"S": request.ip},
        "user_agent": {"S": request.user_agent},
        "reason": {"S": request.reason},
        "milliseconds": {"N": str(request.milliseconds)},
    }
    if request.country:
        item["country"] = {"S": request.country}
    return item


def from_shared(request: Request, first_at: int) -> Item:
    """Of requests that share a row. `first_at`: of the first of them, in milliseconds."""
    return {
        **from_request(request),
        **log_key(request.account_id, first_at, request.id),
        "at": {"N": str(request.at_milliseconds)},
        "count": {"N": str(request.count)},
    }


def to_request(item: Mapping[str, Any]) -> Request:
    milliseconds, _, line_id = item["sk"]["S"].partition("#")
    return Request(
        at_milliseconds=int(item["at"]["N"] if "at" in item else milliseconds),
        id=line_id,
        request_id=item["request_id"]["S"],
        account_id=item["pk"]["S"].removeprefix("log#"),
        key_id=item["key_id"]["S"],
        credential=item["credential"]["S"],
        method=item["method"]["S"],
        route=item["route"]["S"],
        status=int(item["status"]["N"]),
        ip=item["ip"]["S"],
        user_agent=item["user_agent"]["S"],
        reason=item["reason"]["S"],
        milliseconds=int(item["milliseconds"]["N"]),
        country=item["country"]["S"] if "country" in item else None,
        count=int(item["count"]["N"]) if "count" in item else 1,
    )


def summary_key(subject: Subject) -> Item:
    return {"pk": {"S": key_subject(subject.key_id)}, "sk": {"S": f"minute#{subject.minute:013d}"}}


def from_summary(summary: Summary) -> Item:
    return {
        **summary_key(summary.subject),
        "listed": {"N": str(summary.listed)},
        "count": {"N": str(summary.count)},
        "shared_at": {"N": str(summary.shared_at)},
        "batches": {"B": b"".join(summary.batches)},
        "v": {"N": str(summary.version + 1)},
    }


def to_summary(subject: Subject, item: Mapping[str, Any]) -> Summary:
    packed = bytes(item["batches"]["B"])
    return Summary(
        subject,
        listed=int(item["listed"]["N"]),
        count=int(item["count"]["N"]),
        shared_at=int(item["shared_at"]["N"]),
        batches=tuple(
            packed[at : at + DIGEST_LENGTH] for at in range(0, len(packed), DIGEST_LENGTH)
        ),
        version=int(item["v"]["N"]),
    )


def to_counts(item: Mapping[str, Any]) -> dict[tuple[str, int], int]:
    """By route and status."""
    counts = {}
    for name, value in item.items():
        status, _, route = name.partition(" ")
        if route:
            counts[route, int(status)] = int(value["N"])
    return counts
