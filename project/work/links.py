"""Work of the functions that create, change and check links."""

from __future__ import annotations

import json
import secrets

from jmpy.audit.model import Action
from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS
from project import safe_browsing
from project.work.context import URL, Work

BULK = "/api/v1/bulk-urls"


def links(work: Work) -> None:
    auth, alias = work.key(), f"work-{secrets.token_hex(4)}"
    once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    body = {**URL, "custom_alias": alias}
    first = work.request("POST", SHORT_URLS, auth, 201, json=body, **once)
    assert work.request("POST", SHORT_URLS, auth, 201, json=body, **once) == first
    taken = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    for _ in range(2):  # No failure is stored, so that the second request is processed too.
        work.request("POST", SHORT_URLS, auth, 409, json=body, **taken)
    one = f"{SHORT_URLS}/{first['data']['id']}"
    work.request("GET", one, auth)
    assert work.request("GET", SHORT_URLS, auth)["data"]
    work.request("GET", f"{SHORT_URLS}/check-alias", auth, params={"alias": f"{alias}-free"})
    work.request("GET", f"{SHORT_URLS}/lookup", auth, params=URL)
    work.request("PUT", one, auth, json={"name": "Renamed"})
    work.request("DELETE", one, auth)
    assert work.request("GET", "/api/v1/held-aliases", auth)["data"]["aliases"]
    work.request("DELETE", f"/api/v1/held-aliases/{alias}", auth)
    work.request("POST", SHORT_URLS, work.exhausted(LimitClass.URL_CREATION), 429, json=URL)


def bulk(work: Work) -> None:
    auth, alias = work.key(), f"bulk-{secrets.token_hex(4)}"
    rows = f"url,custom_alias\nhttps://example.com/,{alias}\n"
    work.request("POST", f"{BULK}/validate", auth, json={"csv_content": rows})
    rows_to_create = {"validated_urls": [{"original_url": URL["url"], "custom_alias": alias}]}
    work.request("POST", f"{BULK}/create", auth, 201, json=rows_to_create)
    throttled = work.exhausted(LimitClass.URL_CREATION)
    work.request("POST", f"{BULK}/create", throttled, 429, json=rows_to_create)


def link_checks(work: Work) -> None:
    url = f"https://unsafe-{secrets.token_hex(4)}.example/"
    link = work.link(work.key(account="checked"), url=url)
    code = link["short_code"]
    session = work.stack.deployment.session
    session.client("ssm", endpoint_url=work.stack.env.endpoint).put_parameter(
        Name=f"/{work.stack.env.stack}/safe-browsing-key",
        Value=safe_browsing.KEY, Type="SecureString", Overwrite=True,
    )  # fmt: skip
    keys = {"pk": {"S": f"code#{code}"}, "sk": {"S": "code"}}
    written = {"eventSource": "aws:dynamodb", "dynamodb": {"Keys": keys}}
    queued = {"eventSource": "aws:sqs", "messageId": "1", "body": json.dumps([code])}
    with (
        safe_browsing.serving() as google,
        work.configured("LinkChecksFunction", SAFE_BROWSING_URL=google.url),
    ):
        google.unsafe[url] = "MALWARE"
        assert work.invoke("LinkChecksFunction", {"Records": [written]}) is None
        response = work.invoke("LinkChecksFunction", {"Records": [queued]})
    assert response == {"batchItemFailures": []}
    assert work.http.get(f"/{code}").status_code == 410
    work.assert_audited(Action.LINK_TAKEN_DOWN, "checked", link["id"])


WORK = {
    "LinksFunction": links,
    "BulkFunction": bulk,
    "LinkChecksFunction": link_checks,
}
