"""Work of the function that serves the dashboard, from sign-in to sign-out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from jmpy.audit.model import Action
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from jmpy.keys.model import ApiKey
from jmpy.links.store import LinkStore
from local import demo_user
from project.hosted_login import Person, refresher
from project.work import branded_domains, domain_tenants
from project.work.activity import alerted
from project.work.clicks import clicked
from project.work.context import URL, Work


def dashboard(work: Work) -> None:
    email, password = f"{secrets.token_hex(4)}@example.com", demo_user.new_password()
    account = demo_user.ensure(work.stack.deployment, password, email)
    env = replace(work.stack.env, dashboard_email=email, dashboard_password=password)
    person = Person(replace(work.stack, env=env))
    try:
        page = person.sign_in()
        assert (page.status_code, str(page.url)) == (200, work.stack.env.dashboard_url), page.text
        _sign_in_again(work, person, account)
        _pages(work, person, account)
        out = person.http.post("/logout", data={"csrf_token": person.csrf_token()})
        assert (out.status_code, person.session_id) == (303, None)
        _signed_out_everywhere(work, person)
        _session_of_nobody(work, person, account)
    finally:
        person.http.close()


def _sign_in_again(work: Work, person: Person, account: str) -> None:
    """The ID token has expired, so that another is requested and stored with the session."""
    key = _expired(work, account)
    assert person.http.get("/dashboard").status_code == 200
    again = work.dynamodb.get_item(TableName=work.tables["SessionsTable"], Key=key)["Item"]
    assert int(again["proven_until"]["N"]) > 1


def _signed_out_everywhere(work: Work, person: Person) -> None:
    """Sessions end even if Cognito fails, so the refresh token has to be tried afterwards."""
    refresh = refresher(work.stack, person)
    assert refresh().status_code == 200
    assert person.http.get("/dashboard/sessions").status_code == 200
    form = {"csrf_token": person.csrf_token()}
    out = person.http.post("/dashboard/sessions/end-all", data=form)
    assert (out.status_code, person.session_id) == (303, None)
    assert refresh().status_code == 400


def _session_of_nobody(work: Work, person: Person, account: str) -> None:
    """Cognito issues no other ID token, so that the session is read once more, and ended."""
    assert person.sign_in().status_code == 200
    _expired(work, account)
    target = work.stack.deployment
    cognito = target.session.client("cognito-idp", endpoint_url=work.stack.env.endpoint)
    cognito.admin_delete_user(
        UserPoolId=target.outputs["UserPoolId"], Username=person.env.dashboard_email
    )
    assert person.http.get("/dashboard", follow_redirects=False).status_code == 302


def _expired(work: Work, account: str) -> Any:
    """Expires the ID token of the account's session, and returns the key of its item."""
    table = work.tables["SessionsTable"]
    pages = work.dynamodb.get_paginator("scan").paginate(TableName=table)
    items = [item for page in pages for item in page["Items"]]
    (item,) = [item for item in items if item.get("account_id", {}).get("S") == account]
    work.dynamodb.update_item(
        TableName=table,
        Key={"pk": item["pk"]},
        UpdateExpression="SET proven_until = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    return {"pk": item["pk"]}


def _pages(work: Work, person: Person, account: str) -> None:
    token = person.csrf_token()

    def get(path: str) -> str:
        response = person.http.get(f"/dashboard{path}")
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    def post(path: str, form: dict[str, str], expected: int = 303) -> httpx.Response:
        tokens = {"csrf_token": token, "form_token": secrets.token_hex(16)}
        response = person.http.post(f"/dashboard{path}", data={**form, **tokens})
        assert response.status_code == expected, (path, response.status_code)
        return response

    post("/links", URL)
    (created,), _ = LinkStore(work.dynamodb, work.tables["LinksTable"]).page(
        account, 1, None, newest_first=True
    )
    link = f"/links/{created.id}"
    key_page = post(
        "/api-keys", {"name": "Work", "permissions": "read", "expiry": "never"}, 201
    ).text
    found = re.search(r"jmpy_\w+", key_page)
    assert found
    work.stack.secrets.append(found[0])
    (key,) = work.stack.deployment.keys.of_account(account)
    alerted(work, account, key.id)
    get("/activity")
    alert = re.search(r"/alerts/(\S+?)/dismiss", get("/alerts"))
    assert alert, "no alert is shown"
    assert re.search(r"Alerts, \d+ open", get("/plan")), "they are not counted"
    post(f"/alerts/{alert[1]}/dismiss", {})
    for path in ("/links", link, "/api-keys", f"/api-keys/{key.id}", "/plan", "/usage"):
        get(path)
    post("/alerts/webhook", {"url": "https://127.0.0.1/"}, 201)
    post("/alerts/webhook/remove", {})
    get("/audit-log")
    clicked(work, created.id, account)  # so that the list of top links has one
    for path in ("/analytics", f"/analytics/{created.id}", "/activity/export"):
        get(path)
    _qr_code(created.id, get, post)
    post("/campaigns", {"name": f"Campaign {created.id}"})
    listed = re.search(r"/campaigns/([0-9a-f-]{36})", get("/campaigns"))
    assert listed
    campaign = f"/campaigns/{listed[1]}"
    _domain(get, post)
    _domain_of_cloudfront(work, get, post)
    post("/links", {**URL, "tags": "work"})
    post("/tags/rename", {"tag": "work", "name": "worked"})
    post("/tags/remove", {"tag": "worked"})
    get("/tags")
    version = re.search(r'name="version" value="(\d+)"', get(link))
    assert version
    changes = {"name": "Renamed", "campaign_id": listed[1], "status": "active"}
    post(link, {**URL, **changes, "version": version[1]})
    for path in (campaign, f"{campaign}/links"):
        assert created.id in get(path)
    get(f"{campaign}/analytics")
    post(f"{campaign}/links/remove", {"link": created.id})
    _token_revoked(work, account, key, lambda form: post(f"/api-keys/{key.id}/tokens/revoke", form))
    post(f"/api-keys/{key.id}/rotate", {"grace_days": "0", "version": str(key.version)}, 201)
    post(f"{link}/delete", {})
    get("/links/held-aliases")


def _domain(get: Callable[[str], str], post: Callable[..., httpx.Response]) -> None:
    name = f"work-{secrets.token_hex(4)}"
    assert "available" in get(f"/domains/new/subdomain/availability?subdomain={name}")
    created = post("/domains/new/subdomain", {"subdomain": name})
    found = re.search(r"/domains/[0-9a-f-]{36}", created.headers["location"])
    assert found
    one = found[0]
    version = re.search(r'name="version" value="(\d+)"', get(one))
    assert version
    settings = {"root_url": "https://example.com/", "is_primary": "on"}
    post(one, {"name": name, **settings, "version": version[1]})
    assert name in get("/domains")
    get(f"{one}/status")
    post(f"{one}/assetlinks.json", {"content": "[]"})
    host = re.search(rf"<h1>({name}\.[^<]+)</h1>", get(one))
    assert host
    post("/links", {**URL, "domain": host[1]})
    post(f"{one}/delete", {"force": "on"})


def _domain_of_cloudfront(
    work: Work, get: Callable[[str], str], post: Callable[..., httpx.Response]
) -> None:
    host = f"work-{secrets.token_hex(4)}.acme.test"
    with (
        domain_tenants.with_distribution(work),
        branded_domains.dns_of(work, "DashboardFunction", DOMAIN_HOSTING="cloudfront") as dns,
    ):
        claimed = post("/domains/new/branded", {"domain": host})
        found = re.search(r"/domains/[0-9a-f-]{36}", claimed.headers["location"])
        assert found
        one = found[0]
        txt, proof, name, target = re.findall(r'data-copy="([^"]+)"', get(one))[:4]
        dns.add(txt, "TXT", proof)
        dns.add(name, "CNAME", target)
        post(f"{one}/check", {})
        assert "Being set up" in get(one)
        post(f"{one}/check", {})
        assert "Active" in get(one)
        post(f"{one}/delete", {})


def _qr_code(link_id: str, get: Callable[[str], str], post: Callable[..., object]) -> None:
    """Of a link: created, drawn anew, deleted. And one with a link of its own."""
    post(f"/links/{link_id}/qr-code", {})
    found = re.search(r"/qr-codes/([0-9a-f-]{36})", get(f"/links/{link_id}"))
    assert found
    one = f"/qr-codes/{found[1]}"
    versions = re.findall(r'name="((?:link_)?version)" value="(\d+)"', get(one))
    get("/qr-codes")
    get("/qr-codes/new/wifi")
    new = {"content_data.url": "https://example.com/new", "is_dynamic": "on"}
    post("/qr-codes/new/url/preview", new, 200)
    post("/qr-codes/new/url", new)
    get(f"{one}/file?format=pdf")
    changed = {"name": "Poster", "content_data.url": "https://example.com/changed"}
    post(one, {**changed, "visual_settings.margin": "2", **dict(versions)})
    post(f"{one}/delete", {})


def _token_revoked(
    work: Work, account: str, key: ApiKey, post: Callable[[dict[str, str]], object]
) -> None:
    target = work.stack.deployment
    store = KeyTokenStore(work.dynamodb, work.tables["AccountsTable"])
    KeyTokenService(store, target.audit_log).create(key)
    post({})
    work.assert_audited(Action.TOKENS_REVOKED, account, key.id)


WORK = {
    "DashboardFunction": dashboard,
}
