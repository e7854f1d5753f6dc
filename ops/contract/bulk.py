"""`/api/v1/bulk-urls`."""

from __future__ import annotations

from typing import Any

from ops.contract.case import BEFORE_AWS, EVERY, JSON, Key, Request, Step, case, get
from ops.contract.matching import ANYTHING, Matching, between, including
from ops.contract.shapes import LINK, PLAIN, URL

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


UNREADABLE: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"json": {}}, 422, "VALIDATION_ERROR"),
    (_text("url\n"), 422, "VALIDATION_ERROR"),
    (_text("link\nhttps://a.example/\n"), 422, "VALIDATION_ERROR"),
    (_text("url\n" + "https://a.example/\n" * 1001), 422, "VALIDATION_ERROR"),
    ({"json": {"colour": "red"}}, 422, "VALIDATION_ERROR"),
    ({"form": {"csv_content": "url"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ({"content": b"{", "headers": JSON}, 400, "INVALID_REQUEST"),
    ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "INVALID_REQUEST"),
)
FIVE_MEGABYTES = _text("url\n" + "x" * 5 * 1024**2)


def _preview(sent: dict[str, Any]) -> Step:
    valid: dict[str, Any] = {"custom_alias": None, "domain": None, "name": None, "tags": []}
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
        "an upload that cannot be read is rejected",
        *(
            _bulk(operation, **sent).fails(status, code)
            for operation in BOTH
            for sent, status, code in UNREADABLE
        ),
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
