"""`/short-urls/{id}` and its neighbours: read, change and delete one link, check an alias, look a
destination up."""

from __future__ import annotations

from typing import Any

from ops.contract.case import Key, case, delete, get, patch, post, put, request
from ops.contract.matching import (
    ANYTHING,
    PRESENT,
    all_of,
    between,
    containing,
    including,
    other_than,
    pattern,
    with_fields,
    without,
)
from ops.contract.shapes import CAMPAIGN, FIELDS, LINK, PLAIN

# What is sent, and what it changes about the link.
CHANGES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"url": "https://example.com/2"}, {"original_url": "https://example.com/2"}),
    ({"name": "new"}, {"name": "new"}),
    ({"name": None}, {"name": None}),
    ({"tracking_enabled": False}, {"tracking_enabled": False}),
    ({"password": "correct horse 1"}, {"is_password_protected": True}),
    ({"password": None}, {"is_password_protected": False}),
    ({"expires_at": "2032-01-01T00:00:00Z"}, {"expires_at": "2032-01-01T00:00:00Z"}),
    ({"expires_at": None}, {"expires_at": None}),
    ({"is_dynamic": True}, {"is_dynamic": True}),
    ({"dynamic": False}, {"is_dynamic": False}),
    ({"dynamic": True}, {"is_dynamic": True}),
    (
        {"utm_source": "news"},
        {"utm_source": "news", "original_url": "https://example.com/2?utm_source=news"},
    ),
    (
        {"url": "https://example.com/3#x"},
        {"original_url": "https://example.com/3?utm_source=news#x"},
    ),
    ({"utm_source": ""}, {"utm_source": None, "original_url": "https://example.com/3#x"}),
    ({"forward_query": True}, {"forward_query": True}),
    ({"tags": ["x"]}, {"tags": ["x"]}),
    ({"tags": None}, {"tags": []}),
    ({"status": "disabled"}, {"status": "disabled"}),
    ({"status": "active"}, {"status": "active"}),
    ({"name": "newer", "url_type": "standard", "qrCode": False}, {"name": "newer"}),
)

BROKEN_CHANGES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"url": "ftp://example.com/"}, "INVALID_URL", "url"),
    ({"url": "{base}/abc"}, "INVALID_URL", "url"),
    ({"custom_alias": "a b"}, "VALIDATION_ERROR", "custom_alias"),
    ({"expires_at": "soon"}, "VALIDATION_ERROR", "expires_at"),
    ({"password": "short"}, "VALIDATION_ERROR", "password"),
    ({"campaign_id": "summer"}, "VALIDATION_ERROR", "campaign_id"),
    ({"campaign_id": CAMPAIGN}, "VALIDATION_ERROR", "campaign_id"),
    ({"utm_term": "x" * 256}, "VALIDATION_ERROR", "utm_term"),
    ({"status": "expired"}, "VALIDATION_ERROR", "status"),
    ({"subdomain": "go"}, "VALIDATION_ERROR", "subdomain"),
    ({"branded_domain": "go.example"}, "VALIDATION_ERROR", "branded_domain"),
    ({"colour": "red"}, "VALIDATION_ERROR", "colour"),
)

NOWHERE = (
    "01a2067f-1cf8-78ae-b1f2-93cb8207e699", "no-such-alias", "{run}-by-alias", "a", "x" * 500,
    "%22", "%00", "%2500", "caf%C3%A9", "a%20b",
)  # fmt: skip
IDENTITIES = ("id", "short_code", "custom_alias")
ALIASES = {
    "{run}-free": ("available", "available"),
    "{run}-Asked": ("taken", "in use"),
    "{run}-asked": ("available", "available"),
    "a": ("invalid", "3 to 50"),
    "no way": ("invalid", "3 to 50"),
    "login": ("invalid", "reserved"),
    "api": ("invalid", "reserved"),
}


def _body(method: str) -> dict[str, Any]:
    return {"json": {"name": "mine"}} if method in ("PUT", "PATCH") else {}


def _changed(method: str) -> Any:
    """The steps that make all CHANGES to one link, each checked against the one before."""
    made = {**PLAIN, "name": "old", "expires_at": "2031-01-01T00:00:00Z", "tags": ["a"]}
    yield post({**LINK, "name": "old", "expires_at": made["expires_at"], "tags": ["a"]}).creates(
        {**made}, name="link"
    )
    before = "link"
    for number, (sent, changed) in enumerate(CHANGES):
        after = f"after{number}"
        made |= changed
        same = {
            name: f"{{link.{name}}}" for name in ("id", "short_code", "short_url", "created_at")
        }
        yield request(method, "/{link.id}", json=sent).returns(
            {**made, **same, "updated_at": between(f"{{{before}.updated_at}}", "9")},
            name=after,
            headers={"etag": f'"{number + 2}"'},
        )
        yield get("/{link.id}").returns(f"{{{after}}}")
        before = after


CASES = (
    case(
        "a link is read by UUID in either case, code and alias",
        post(LINK).creates(name="plain"),
        post({**LINK, "custom_alias": "{run}-By-Alias"}).creates(name="named"),
        *(
            get(f"/{{{reference}}}").returns(
                all_of(with_fields(FIELDS), f"{{{reference.partition('.')[0]}}}"),
                headers={"etag": '"1"'},
                body={"success": True, "data": ANYTHING},
            )
            for reference in ("plain.id", "plain.short_code", "named.custom_alias", "named.id")
        ),
    ),
    case(
        "a link that does not exist is not found",
        *(
            request(method, f"/{reference}", **_body(method)).fails(404, "NOT_FOUND")
            for method in ("GET", "PUT", "PATCH", "DELETE")
            for reference in NOWHERE
        ),
    ),
    case(
        "a link of another account is not found, and stays as it is",
        post({**LINK, "custom_alias": "{run}"}).creates(name="link"),
        *(
            request(
                method, f"/{{link.{reference}}}", key=Key(account="other"), **_body(method)
            ).fails(404, "NOT_FOUND")
            for method in ("GET", "PUT", "PATCH", "DELETE")
            for reference in ("id", "short_code")
        ),
        get(key=Key(account="other"), query={"search": "{run}"}).returns(
            including({"shortUrls": []})
        ),
        get("/{run}").returns("{link}"),
    ),
    *(
        case(f"{method} changes the fields that are sent and no other", *_changed(method))
        for method in ("PUT", "PATCH")
    ),
    case(
        "a change of nothing is no way to read",
        post({"url": "https://example.com/unread"}, key=Key()).creates(name="link"),
        *(
            patch("/{link.id}", sent, key=Key(frozenset({"write"}))).fails(
                422, "VALIDATION_ERROR", body=without("example.com/unread")
            )
            for sent in ({}, {"name": ""}, {"url": None}, {"url_type": None})
        ),
    ),
    case(
        "a change rejects a field that breaks its rule, and changes nothing",
        post(LINK).creates(name="link"),
        *(
            step
            for sent, code, field in BROKEN_CHANGES
            for step in (
                put("/{link.id}", {**sent, "name": "changed"}).fails(422, code, field),
                get("/{link.id}").returns("{link}"),
            )
        ),
    ),
    case(
        "a changed alias moves the short URL, and stays held for the account",
        post({**LINK, "custom_alias": "{run}-1"}).creates(name="link"),
        put("/{run}-1", {"custom_alias": "{run}-2"}).returns(
            including(
                {
                    "id": "{link.id}",
                    "short_code": "{run}-2",
                    "custom_alias": "{run}-2",
                    "short_url": "{base}/{run}-2",
                    "full_url": "{base}/{run}-2",
                }
            ),
            name="moved",
        ),
        get("/{run}-1").fails(404, "NOT_FOUND"),
        get("/{run}-2").returns("{moved}"),
        post({**LINK, "custom_alias": "{run}-1"}, key=Key(account="other")).fails(
            409, "ALIAS_TAKEN", "custom_alias"
        ),
        post({**LINK, "custom_alias": "{run}-1"}).creates(),
        put("/{run}-2", {"custom_alias": "{run}-1"}).fails(409, "ALIAS_TAKEN", "custom_alias"),
        put("/{run}-2", {"custom_alias": None}).returns(
            including(
                {
                    "custom_alias": None,
                    "short_code": all_of(PRESENT, other_than("{run}-1"), other_than("{run}-2")),
                }
            )
        ),
    ),
    *(
        case(
            f"If-Match guards {method} against a change of others",
            post(LINK).creates(name="link"),
            put("/{link.id}", {"name": "theirs"}, headers={"If-Match": '"1"'}).returns(
                headers={"etag": '"2"'}, name="theirs"
            ),
            *(
                request(method, "/{link.id}", headers={"If-Match": stale}, **_body(method)).fails(
                    412, "PRECONDITION_FAILED"
                )
                for stale in ('"1"', '"999"')
            ),
            *(
                request(method, "/{link.id}", headers={"If-Match": tag}, **_body(method)).fails(
                    400, "INVALID_REQUEST"
                )
                for tag in ("2", '"x"', 'W/"2"', '"1", "2"', '""', '"' + "9" * 99 + '"')
            ),
            get("/{link.id}").returns("{theirs}", headers={"etag": '"2"'}),
            request(method, "/{link.id}", headers={"If-Match": '"2"'}, **_body(method)).returns(),
        )
        for method in ("PUT", "PATCH", "DELETE")
    ),
    *(
        case(
            f"DELETE by {identity} is final, and releases the code",
            post({**LINK, "custom_alias": "{run}-deleted"}).creates(name="link"),
            delete(f"/{{link.{identity}}}").returns(
                including({"message": containing("deleted")}),
                body={
                    "success": True,
                    "data": ANYTHING,
                    "timestamp": pattern(r"\d{4}-\d\d-\d\dT.*Z"),
                },
            ),
            get("/{link.id}").fails(404, "NOT_FOUND"),
            get("/{run}-deleted").fails(404, "NOT_FOUND"),
            delete("/{link.id}").fails(404, "NOT_FOUND"),
            post({**LINK, "custom_alias": "{run}-deleted"}).creates(
                including({"id": other_than("{link.id}")})
            ),
            delete("/{run}-deleted").returns(including({"message": containing("{run}-deleted")})),
        )
        for identity in IDENTITIES
    ),
    case(
        "check-alias says whether an alias is available, and why not",
        post({**LINK, "custom_alias": "{run}-Asked"}, key=Key(account="other")).creates(),
        *(
            get("/check-alias", query={"alias": alias, spelling: "standard"}).returns(
                {
                    "available": state == "available",
                    "state": state,
                    "held_until": None,
                    "alias": alias,
                    "url_type": "standard",
                    "subdomain": None,
                    "branded_domain": None,
                    "full_url": f"{{base}}/{alias}",
                    "message": containing(message),
                }
            )
            for alias, (state, message) in ALIASES.items()
            for spelling in ("url_type", "urlType")
        ),
        get("/check-alias").fails(400, "INVALID_REQUEST", "alias"),
        get(
            "/check-alias",
            query={"alias": "abc", "url_type": "branded", "branded_domain": "go.example"},
        ).fails(422, "VALIDATION_ERROR", "branded_domain"),
        get("/check-alias", query={"alias": "abc", "subdomain": "{run}"}).fails(
            422, "VALIDATION_ERROR", "subdomain"
        ),
        get("/check-alias", query={"alias": "abc", "url_type": "branded"}).fails(
            400, "INVALID_REQUEST", "branded_domain"
        ),
    ),
    case(
        "lookup finds the account's links of a destination",
        post({"url": "https://Example.com/{run}?a=b"}).creates(name="one"),
        post({"url": "https://example.com/{run}?a=b"}).creates(name="two"),
        post({"url": "https://example.com/{run}?a=b"}, key=Key(account="other")).creates(),
        get("/lookup", query={"url": "https://example.com/{run}?a=b"}).returns(
            {"shortUrls": ["{one}", "{two}"]}
        ),
        put("/{two.id}", {"url": "https://example.com/{run}/z"}).returns(name="two"),
        get("/lookup", query={"url": "https://example.com/{run}?a=b"}).returns(
            {"shortUrls": ["{one}"]}
        ),
        get("/lookup", query={"url": "https://example.com/{run}/z"}).returns(
            {"shortUrls": ["{two}"]}
        ),
        get("/lookup", query={"url": "https://example.com/{run}?a=bc"}).returns({"shortUrls": []}),
        get("/lookup").fails(400, "INVALID_REQUEST", "url"),
        get("/lookup", query={"url": "x"}).fails(422, "INVALID_URL", "url"),
    ),
)
