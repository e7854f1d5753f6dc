"""`GET /short-urls`."""

from __future__ import annotations

from typing import Any

from ops.contract.case import Key, Request, case, delete, get, post
from ops.contract.matching import (
    ANYTHING,
    Matching,
    each,
    including,
    other_than,
    with_fields,
    without,
)
from ops.contract.shapes import CAMPAIGN, FIELDS, LINK, short_urls

SHELF = Key(account="lists")
"""Of an account with three links; the list shows the newest first."""

FILTERS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "acb"),
    ({"sort": "created_at", "order": "asc"}, "bca"),
    ({"sort": "name", "order": "asc"}, "abc"),
    ({"sort": "name"}, "cba"),
    ({"sort": "short_code", "order": "asc"}, "bac"),
    ({"sort": "clicks", "order": "asc"}, "bca"),
    ({"limit": 2}, "ac"),
    ({"limit": 2, "page": 2}, "b"),
    ({"page": 3}, ""),
    ({"search": "{run}-3"}, "c"),
    ({"search": "ONE.example"}, "b"),
    ({"status": "expired"}, "c"),
    ({"status": "active"}, "ab"),
    ({"status": "active", "sort": "clicks", "order": "asc", "search": "one.EXAMPLE"}, "b"),
    ({"status": "disabled"}, ""),
    ({"campaign_id": CAMPAIGN}, ""),
    ({"campaignId": CAMPAIGN}, ""),
    ({"source": "URL_SHORTENER"}, "acb"),
    ({"url_type": "standard"}, "acb"),
    ({"urlType": "standard"}, "acb"),
    ({"url_type": "branded"}, ""),
    ({"urlType": "subdomain"}, ""),
    ({"branded_domain": "go.example.com"}, ""),
    ({"start_date": "2020-01-01T00:00:00Z"}, "acb"),
    ({"startDate": "2120-01-01T00:00:00Z"}, ""),
    ({"end_date": "2020-01-01T00:00:00Z"}, ""),
    ({"endDate": "2120-01-01T00:00:00Z"}, "acb"),
    ({"start_date": "2020-01-01", "endDate": "2100-01-01", "search": "{run}-1"}, "b"),
    ({"qrCode": "false"}, "acb"),
)

BAD_QUERIES: tuple[tuple[dict[str, Any], str | None], ...] = (
    ({"limit": 0}, "limit"),
    ({"limit": 101}, "limit"),
    ({"limit": "many"}, "limit"),
    ({"page": 0}, "page"),
    ({"page": "x"}, "page"),
    ({"sort": "colour"}, "sort"),
    ({"order": "up"}, "order"),
    ({"status": "ACTIVE"}, "status"),
    ({"safety_status": "bad"}, "safety_status"),
    ({"start_date": "soon"}, "start_date"),
    ({"search": "x" * 256}, "search"),
    ({"url_type": "vanity"}, "url_type"),
    ({"subdomain": "a.b"}, "subdomain"),
    ({"branded_domain": "https://go.example.com/"}, "branded_domain"),
    ({"cursor": "x"}, None),
    ({"limt": 5}, None),
)

PAGINATION = {
    "page": 1,
    "limit": 20,
    "total": 3,
    "total_pages": 1,
    "totalPages": 1,
    "next_cursor": None,
}


def _listed(**query: Any) -> Request:
    return get(query=query, key=SHELF)


def _names_it(field: str) -> Matching:
    """Details that name the parameter once, as it was sent, with a reason that explains."""
    return including({"errors": [{"field": field, "reason": without("Is invalid")}]})


CASES = (
    case(
        "a list is paged, sorted and filtered, and has its pagination in both places",
        post(
            {"url": "https://one.example/", "name": "b", "custom_alias": "{run}-1"},
            key=SHELF,
        ).creates(name="b"),
        post(
            {**LINK, "name": "c", "custom_alias": "{run}-3", "expires_at": "{soon}"}, key=SHELF
        ).creates(name="c"),
        post({**LINK, "name": "a", "custom_alias": "{run}-2"}, key=SHELF).creates(name="a"),
        get("/{c.id}", key=SHELF).returns(
            including({"status": "expired"}), eventually=True, name="expired"
        ),
        _listed().returns(
            {"shortUrls": ["{a}", "{expired}", "{b}"], "pagination": PAGINATION},
            body={"success": True, "data": ANYTHING, "pagination": PAGINATION},
        ),
        _listed().returns(including({"shortUrls": each(with_fields(FIELDS))})),
        *(_listed(**query).returns(short_urls(*names)) for query, names in FILTERS),
        _listed(search="{run}-3").returns(
            {"shortUrls": ["{expired}"], "pagination": {**PAGINATION, "total": 1}}
        ),
        _listed(limit=2).returns(
            including(
                {
                    "pagination": including(
                        {"total_pages": 2, "totalPages": 2, "next_cursor": other_than(None)}
                    )
                }
            ),
            name="first",
        ),
        _listed(limit=2, cursor="{first.pagination.next_cursor}").returns(
            including(
                {
                    "shortUrls": [including({"name": "b"})],
                    "pagination": including({"next_cursor": None}),
                }
            )
        ),
        *(delete(f"/{{{name}.id}}", key=SHELF).returns() for name in "abc"),
    ),
    case(
        "a list rejects a query parameter that it cannot evaluate, and names it",
        *(
            get(query=query).fails(
                400,
                "INVALID_REQUEST",
                field,
                details=ANYTHING if field is None else _names_it(field),
            )
            for query, field in BAD_QUERIES
        ),
    ),
    case(
        "a list may have QR codes, in the formats that there are",
        get(query={"urlType": "standard", "qrCode": "false"}).returns(),
        get(query={"qrCode": "true", "qrFormat": "json"}).returns(),
        get(query={"qrCode": "true", "qrFormat": "gif"}).fails(400, "INVALID_REQUEST", "qr_format"),
    ),
)
