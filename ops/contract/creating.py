"""`POST /short-urls`."""

from __future__ import annotations

from typing import Any

from ops.contract.case import BEFORE_AWS, JSON, Key, Request, case, get, post, put, request
from ops.contract.matching import containing, including, other_than, without
from ops.contract.shapes import CAMPAIGN, LINK, PLAIN, URL

EVERY_FIELD: dict[str, Any] = {
    "url": "https://example.com/a?b=c%2f&utm_medium=mine#d",
    "utm_source": " news & views ",
    "utm_medium": "email",
    "utm_campaign": "autumn",
    "utm_term": "shoes",
    "utm_content": "button",
    "forward_query": True,
    "name": "Couple \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}",
    "custom_alias": "{run}_Alias-1",
    "expires_at": "2031-05-06T07:08:09+02:00",
    "tracking_enabled": False,
    "url_type": "standard",
    "password": "correct horse 1",
    "tags": ["a", "b", "a"],
    "is_dynamic": True,
    "qrCode": False,
    "channel": "popclip",
}

STORED = {
    **PLAIN,
    **{name: value for name, value in EVERY_FIELD.items() if name in PLAIN},
    "original_url": "https://example.com/a?b=c%2f&utm_medium=email&utm_source=news%20%26%20views"
    "&utm_campaign=autumn&utm_term=shoes&utm_content=button#d",
    "utm_source": "news & views",
    "short_code": "{run}_Alias-1",
    "short_url": "{base}/{run}_Alias-1",
    "full_url": "{base}/{run}_Alias-1",
    "tags": ["a", "b"],
    "expires_at": "2031-05-06T05:08:09Z",
    "is_password_protected": True,
}

# What is sent beside a URL; the field that the error names, and what its reason says.
BROKEN_FIELDS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"custom_alias": "ab"}, "custom_alias", ""),
    ({"custom_alias": "x" * 51}, "custom_alias", ""),
    ({"custom_alias": "a b"}, "custom_alias", ""),
    ({"custom_alias": "api"}, "custom_alias", ""),
    ({"custom_alias": "API"}, "custom_alias", ""),
    ({"custom_alias": 5}, "custom_alias", ""),
    ({"name": "x" * 256}, "name", ""),
    ({"name": "x" * 1_000}, "name", ""),
    ({"name": "a\u0000b"}, "name", ""),
    ({"expires_at": "soon"}, "expires_at", ""),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", ""),
    ({"expires_at": 1893456000}, "expires_at", ""),
    ({"tracking_enabled": "yes"}, "tracking_enabled", ""),
    ({"is_dynamic": 1}, "is_dynamic", ""),
    ({"forward_query": "yes"}, "forward_query", ""),
    ({"utm_source": 5}, "utm_source", "Must be text"),
    ({"utm_medium": "x" * 256}, "utm_medium", "at most 255 characters"),
    ({"utm_campaign": "a\r\nb"}, "utm_campaign", "line breaks"),
    ({"password": "short"}, "password", "at least 8 characters"),
    ({"password": "x" * 65}, "password", "at most 64 char"),
    ({"campaign_id": "summer"}, "campaign_id", ""),
    ({"campaign_id": CAMPAIGN}, "campaign_id", "no such campaign"),
    ({"tags": "a"}, "tags", ""),
    ({"tags": [""]}, "tags.0", ""),
    ({"tags": ["a"] * 21}, "tags", ""),
    ({"colour": "red"}, "colour", ""),
    ({"qrCode": "yes"}, "qrCode", ""),
    ({"qrFormat": "gif"}, "qrFormat", ""),
)

# What is sent beside a URL by an account without domains; the field that the error names.
UNKNOWN_DOMAINS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"url_type": "branded"}, "branded_domain"),
    ({"url_type": "subdomain"}, "subdomain"),
    ({"url_type": "vanity"}, "url_type"),
    ({"url_type": "standard", "subdomain": "{run}"}, "subdomain"),
    ({"url_type": "standard", "branded_domain": "go.example.com"}, "branded_domain"),
    ({"url_type": "subdomain", "subdomain": "{run}"}, "subdomain"),
    ({"subdomain": "{run}"}, "subdomain"),
    ({"subdomain": "a.b"}, "subdomain"),
    ({"branded_domain": "{run}.example.com"}, "branded_domain"),
    ({"branded_domain": "https://go.example.com/"}, "branded_domain"),
    ({"subdomain": "{run}", "branded_domain": "example.com"}, "subdomain"),
)

BAD_URLS = {
    "ftp://example.com/": "http or https",
    "example.com": "",
    f"https://example.com/{'x' * 8000}": "",
    "{base}/abc": "itself",
}

MALFORMED, NO_OBJECT = (400, "INVALID_REQUEST"), (422, "VALIDATION_ERROR")
OTHER_BODIES = {
    b'{"url":': MALFORMED,
    b"{": MALFORMED,
    b"": MALFORMED,
    b"NaN": MALFORMED,
    b"9" * 5000: MALFORMED,
    b"[" * 50_000: MALFORMED,
    b"\xff\xfe": MALFORMED,
    b"[]": NO_OBJECT,
    b"null": NO_OBJECT,
}
ONCE = {"Idempotency-Key": "{run}"}


def _raw(body: bytes, method: str = "POST", path: str = "") -> Request:
    return request(method, path, content=body, headers=JSON)


CASES = (
    case(
        "create returns every documented field",
        post(LINK).creates(PLAIN, headers={"etag": '"1"'}, name="link"),
        get("/{link.id}").returns("{link}"),
        get("/{link.id}").returns(
            including(
                {
                    "short_url": "{base}/{link.short_code}",
                    "full_url": "{link.short_url}",
                    "updated_at": "{link.created_at}",
                }
            )
        ),
        get(query={"limit": 1}).returns(including({"shortUrls": ["{link}"]})),
    ),
    case(
        "create accepts every documented field",
        post(EVERY_FIELD).creates(STORED, body=without("correct horse"), name="link"),
        get("/{link.id}").returns("{link}"),
    ),
    case(
        "create rejects a field that breaks its rule, and names it",
        post({}).fails(422, "VALIDATION_ERROR", "url"),
        post({"url": 5}).fails(422, "VALIDATION_ERROR", "url"),
        post({"url": None}).fails(422, "VALIDATION_ERROR", "url"),
        *(
            post({**LINK, **sent}).fails(422, "VALIDATION_ERROR", field, reason=containing(reason))
            for sent, field, reason in BROKEN_FIELDS
        ),
    ),
    case(
        "create rejects a destination that is no web address of others",
        *(
            post({"url": url}).fails(422, "INVALID_URL", "url", reason=containing(reason))
            for url, reason in BAD_URLS.items()
        ),
    ),
    case(
        "a domain that the account does not have is rejected at its field",
        post(LINK).creates(name="link"),
        *(
            sent.fails(422, "VALIDATION_ERROR", field)
            for fields, field in UNKNOWN_DOMAINS
            for sent in (post({**LINK, **fields}), put("/{link.id}", {**LINK, **fields}))
        ),
    ),
    case(
        "an alias belongs to one link, in every account, and is case-sensitive",
        post({**LINK, "custom_alias": "{run}-Taken"}).creates(name="link"),
        post({**LINK, "custom_alias": "{run}-Taken"}).fails(409, "ALIAS_TAKEN", "custom_alias"),
        post({**LINK, "custom_alias": "{run}-Taken"}, key=Key(account="other")).fails(
            409, "ALIAS_TAKEN", "custom_alias"
        ),
        post(LINK).creates(name="plain"),
        post({**LINK, "custom_alias": "{plain.short_code}"}).fails(
            409, "ALIAS_TAKEN", "custom_alias"
        ),
        get("/{run}-taken").fails(404, "NOT_FOUND"),
        post({**LINK, "custom_alias": "{run}-taken"}).creates(
            including({"id": other_than("{link.id}")})
        ),
    ),
    case(
        "spaces around an alias are no part of it",
        post({**LINK, "custom_alias": " {run}\n"}).creates(including({"short_code": "{run}"})),
        get("/check-alias", query={"alias": " {run} "}).returns(
            including({"alias": "{run}", "state": "taken"})
        ),
    ),
    case(
        "a body is one JSON object",
        post(LINK).creates(name="link"),
        *(_raw(body).fails(status, code) for body, (status, code) in OTHER_BODIES.items()),
        _raw(b"[]").fails(422, "VALIDATION_ERROR", "body"),
        *(
            step
            for method, path in (("POST", ""), ("PUT", "/{link.id}"), ("PATCH", "/{link.id}"))
            for step in (
                _raw(b'{"url":', method, path).fails(400, "INVALID_REQUEST"),
                request(method, path, form={"url": URL}).fails(415, "UNSUPPORTED_MEDIA_TYPE"),
                request(method, path, files={"url": b"x"}).fails(415, "UNSUPPORTED_MEDIA_TYPE"),
            )
        ),
        post(content=b"url=x", headers={"Content-Type": "text/plain"}).fails(
            415, "UNSUPPORTED_MEDIA_TYPE"
        ),
    ),
    case(
        "a body has a maximum size, and an error names the first of many problems",
        post({f"unknown{number}": number for number in range(100_000)}).fails(
            413, "PAYLOAD_TOO_LARGE"
        ),
        post({f"unknown{number}": number for number in range(1_000)}).fails(
            422, "VALIDATION_ERROR", details=including({"errors": [including({})] * 20})
        ),
        places=BEFORE_AWS,
    ),
    case(
        "an Idempotency-Key makes a create happen once",
        post(LINK, headers=ONCE).creates(name="link"),
        post(LINK, headers=ONCE).creates("{link}"),
        post({**LINK, "name": "other"}, headers=ONCE).fails(422, "VALIDATION_ERROR"),
        post(LINK, headers={"Idempotency-Key": "x" * 256}).fails(400, "INVALID_REQUEST"),
    ),
)
