"""`/api/v1/bulk-urls`."""

from __future__ import annotations

from typing import Any

from ops.contract.case import BEFORE_AWS, EVERY, JSON, Key, Request, Step, case, get
from ops.contract.matching import ANYTHING, Matching, between, containing_text, including
from ops.contract.shapes import LINK, NO_UTM, PLAIN, URL

URLS = ("https://example.com/1", "https://example.com/2", "ftp://example.com/3")
ROW_1 = {"original_url": URLS[0], "name": "One, the first", "tags": ["a", "b"]}
WRITER = Key(frozenset({"write"}))
BOTH = ("validate", "create")


def _bulk(operation: str, *, method: str = "POST", key: Key = WRITER, **sent: Any) -> Request:
    return Request(method, f"/api/v1/bulk-urls/{operation}", key=key, **sent)


def _csv(alias: str) -> str:
    return (
        "url,custom_alias,name,domain,tags\r\n"
        f'{URLS[0]},{alias},"{ROW_1["name"]}",,"a,b"\r\n'
        f"{URLS[1]},,,,\r\n"
        f"{URLS[2]},,,,\r\n"
    )


def _uploads(alias: str) -> dict[str, dict[str, Any]]:
    """The same rows in each way to send them."""
    items = [{**ROW_1, "custom_alias": alias}, *({"original_url": url} for url in URLS[1:])]
    return {
        "a file": {"files": {"file": ("links.csv", _csv(alias), "text/csv")}},
        "text": {"json": {"csv_content": _csv(alias)}},
        "items": {"json": {"validated_urls": items}},
    }


def _text(rows: str) -> dict[str, Any]:
    return {"json": {"csv_content": rows}}


def _failed(row: int, code: str, url: Any = ANYTHING) -> Matching:
    return including({"row": row, "code": code, "original_url": url})


def _envelope(status: int) -> dict[str, Any]:
    return {
        "status": status,
        "body": {"success": True, "data": ANYTHING, "message": ANYTHING},
    }


# What is sent, and what the reason of the error says.
INVALID: tuple[tuple[Any, str], ...] = (
    ({}, "exactly one of file, csv_content"),
    ({"csv_content": "url\n", "file": "url\n"}, "exactly one of"),
    ({"csv_content": ""}, "exactly one of"),
    ({"csv_content": 5}, "Must be text"),
    ({"csv_content": f"url\n{URL}\n", "colour": "red"}, "Unknown field"),
    ({"colour": "red"}, ""),
    ({"csv_content": "url\n"}, "no rows"),
    ({"csv_content": "link\nhttps://a.example/\n"}, ""),
    ({"csv_content": 'url\n"'}, "quotes"),
    ({"csv_content": "url\n" + "https://a.example/\n" * 1001}, "at most 1,000 rows"),
    ([], "JSON object"),
    (5, "JSON object"),
)
INVALID_ITEMS: tuple[tuple[Any, str], ...] = (
    ({"validated_urls": []}, "no rows"),
    ({"validated_urls": [None] * 1001}, "at most 1,000 rows"),
    ({"validated_urls": "https://a.example"}, "Must be a list"),
    ({"validated_urls": [{"original_url": URL}], "csv_content": f"url\n{URL}\n"}, ""),
)
MALFORMED: tuple[dict[str, Any], ...] = (
    *({"content": body, "headers": JSON} for body in (b"", b"{", b"[" * 100_000)),
    {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    {"content": b"--x\r\ncut off", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
)
SURROGATE = b'{"csv_content": "url\\nhttps://a.example\\ud800\\n"}'
OTHER_TYPES = ("text/csv", "application/x-www-form-urlencoded", "multipart/mixed")
FIVE_MEGABYTES = _text("url\n" + "x" * 5 * 1024**2)


def _preview(sent: dict[str, Any]) -> Step:
    valid: dict[str, Any] = {
        **NO_UTM, "custom_alias": None, "domain": None, "name": None, "tags": [],
        "campaign_id": None,
    }  # fmt: skip
    return _bulk("validate", **sent).returns(
        {
            "validation": {"total": 3, "valid": 2, "invalid": 1},
            "preview": {
                "valid_urls": [
                    {**valid, **ROW_1, "row": 1, "custom_alias": "{run}"},
                    {**valid, "row": 2, "original_url": URLS[1]},
                ],
                "invalid_urls": [
                    including(
                        {
                            "row": 3,
                            "code": "INVALID_URL",
                            "original_url": URLS[2],
                            "errors": [including({"field": "original_url"})],
                        }
                    )
                ],
                "available_limit": between(1, 100_000),
                "will_create": 2,
                "will_skip": 1,
            },
        },
        **_envelope(200),
        name="preview",
    )


def _import(sent: dict[str, Any], alias: str) -> tuple[Step, ...]:
    imported = {**PLAIN, "source": "BULK_IMPORT"}
    first = {**imported, **ROW_1, "short_code": alias, "custom_alias": alias}
    return (
        _bulk("create", **sent).returns(
            {
                "results": {"total": 3, "created": 2, "failed": 1},
                "failed": [_failed(3, "INVALID_URL", URLS[2])],
                "created": [first, {**imported, "original_url": URLS[1]}],
            },
            **_envelope(201),
            name="import",
        ),
    )


CASES = (
    case(
        "validate reports what create would do, and creates nothing",
        *(_preview(sent) for way, sent in _uploads("{run}").items() if way != "items"),
        get("/{run}").fails(404, "NOT_FOUND"),
    ),
    case(
        "a preview can be sent to create as it is",
        _preview(_uploads("{run}")["text"]),
        _bulk("create", json={"validated_urls": "{preview.preview.valid_urls}"}).creates(
            including({"results": {"total": 2, "created": 2, "failed": 0}})
        ),
    ),
    *(
        case(
            f"create from {way} creates the valid rows and reports the others",
            *_import(_uploads("{run}-1")[way], "{run}-1"),
            get("/{run}-1").returns(
                including({**ROW_1, "source": "BULK_IMPORT", "custom_alias": "{run}-1"})
            ),
        )
        for way in _uploads("")
    ),
    case(
        "an alias that is taken fails its row alone",
        Request("POST", json={**LINK, "custom_alias": "{run}-taken"}).creates(),
        *(
            _bulk(
                operation,
                **_text(
                    "url,custom_alias\n"
                    "https://a.example/,{run}-taken\nhttps://b.example/,{run}-free\n"
                ),
            ).returns(expected, status)
            for operation, status, expected in (
                (
                    "validate",
                    200,
                    including(
                        {"preview": including({"invalid_urls": [_failed(1, "ALIAS_TAKEN")]})}
                    ),
                ),
                (
                    "create",
                    201,
                    including(
                        {
                            "failed": [_failed(1, "ALIAS_TAKEN")],
                            "created": [including({"custom_alias": "{run}-free"})],
                        }
                    ),
                ),
            )
        ),
    ),
    case(
        "an upload that cannot be read is rejected, with the reason",
        *(
            _bulk(operation, json=sent).fails(422, "VALIDATION_ERROR", body=containing_text(reason))
            for operation in BOTH
            for sent, reason in INVALID
        ),
        *(
            _bulk(operation, content=SURROGATE, headers=JSON).fails(
                422, "VALIDATION_ERROR", body=containing_text("UTF-8")
            )
            for operation in BOTH
        ),
        *(
            _bulk("create", json=sent).fails(422, "VALIDATION_ERROR", body=containing_text(reason))
            for sent, reason in INVALID_ITEMS
        ),
        _bulk("validate", json={"validated_urls": [{"original_url": URL}]}).fails(
            422, "VALIDATION_ERROR"
        ),
        *(
            _bulk("create", files={name: ("links.csv", f"url\n{URL}\n", "text/csv")}).fails(
                422, "VALIDATION_ERROR"
            )
            for name in ("upload", "validated_urls")
        ),
        *(
            _bulk(operation, **sent).fails(400, "INVALID_REQUEST")
            for operation in BOTH
            for sent in MALFORMED
        ),
        *(
            _bulk(operation, content=b"url", headers={"Content-Type": other}).fails(
                415, "UNSUPPORTED_MEDIA_TYPE", body=containing_text("multipart/form-data")
            )
            for operation in BOTH
            for other in OTHER_TYPES
        ),
        _bulk(
            "create", json={"validated_urls": [LINK]}, headers={"Idempotency-Key": "{run}"}
        ).fails(400, "INVALID_REQUEST"),
    ),
    case(
        "an upload of more than 5 MB is rejected",
        *(_bulk(operation, **FIVE_MEGABYTES).fails(413, "PAYLOAD_TOO_LARGE") for operation in BOTH),
        places=BEFORE_AWS,
    ),
    case(
        "a create in which every row fails is rejected row by row",
        _bulk("create", **_text("url\nftp://a.example/\n")).fails(
            422, "VALIDATION_ERROR", details=including({"failed": [_failed(1, "INVALID_URL")]})
        ),
    ),
    case(
        "bulk operations are called with POST, and with the permission write",
        *(
            _bulk(operation, method="GET").fails(
                405, "METHOD_NOT_ALLOWED", headers={"allow": "POST"}
            )
            for operation in BOTH
        ),
        *(
            _bulk(operation, key=Key(EVERY - {"write"}), **_text(f"url\n{URL}\n")).fails(
                403, "FORBIDDEN"
            )
            for operation in BOTH
        ),
    ),
)
