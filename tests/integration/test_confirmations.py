"""What asks before it is done and what need not: each form of the dashboard is one or the other."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.model import Alert, Evidence
from jmpy.clock import system_clock
from jmpy.sessions.model import digest
from project.origins import SOMEBODY
from tests import cognito
from tests.cognito import FakeCognito
from tests.integration.browser import Browser

ASKED = {
    "/dashboard/api-keys/<id>/revoke",
    "/dashboard/api-keys/policy/apply",
    "/dashboard/api-keys/revoke",
    "/dashboard/alerts/<id>/revoke",
    "/dashboard/alerts/settings/defaults",
    "/dashboard/alerts/webhook/remove",
    "/dashboard/alerts/webhook/secret",
    "/dashboard/campaigns/<id>/delete",
    "/dashboard/domains/<id>/delete",
    "/dashboard/links/<id>/delete",
    "/dashboard/links/held-aliases/release",
    "/dashboard/qr-codes/<id>/delete",
    "/dashboard/sessions/<id>/end",
    "/dashboard/sessions/end-all",
    "/dashboard/tags/remove",
}
NOT_ASKED = {
    "/dashboard/getting-started/hide": "can be shown again",
    "/dashboard/getting-started/show": "can be hidden again",
    "/dashboard/api-keys": "adds",
    "/dashboard/api-keys/policy": "can be changed back",
    "/dashboard/api-keys/<id>": "can be changed back",
    "/dashboard/api-keys/<id>/allowed-ips/preview": "changes nothing",
    "/dashboard/api-keys/<id>/pause": "can be resumed",
    "/dashboard/api-keys/<id>/resume": "can be paused again",
    "/dashboard/api-keys/<id>/tokens/revoke": "a token ends within the hour, and can be replaced",
    "/dashboard/api-keys/<id>/rotate": "the form asks how long the old key works",
    "/dashboard/alerts/<id>/dismiss": "stays in the list of all alerts",
    "/dashboard/alerts/settings": "can be changed back",
    "/dashboard/alerts/email": "can be changed back",
    "/dashboard/alerts/webhook": "adds, or can be changed back",
    "/dashboard/alerts/webhook/test": "changes nothing",
    "/dashboard/campaigns": "adds",
    "/dashboard/campaigns/<id>": "can be changed back",
    "/dashboard/campaigns/<id>/links/remove": "the link can be put back",
    "/dashboard/domains/new/subdomain": "adds",
    "/dashboard/domains/<id>/apple-app-site-association": "can be saved again",
    "/dashboard/domains/<id>/assetlinks.json": "can be saved again",
    "/dashboard/domains/new/branded": "adds",
    "/dashboard/domains/<id>/check": "changes nothing that is set here",
    "/dashboard/domains/<id>": "can be changed back",
    "/dashboard/links": "adds",
    "/dashboard/links/<id>": "can be changed back",
    "/dashboard/links/<id>/qr-code": "adds",
    "/dashboard/links/<id>/destination": "can be changed back",
    "/dashboard/qr-codes/new/<kind>": "adds",
    "/dashboard/qr-codes/new/<kind>/preview": "changes nothing",
    "/dashboard/qr-codes/<id>": "can be changed back",
    "/dashboard/tags/rename": "can be changed back; asks before two tags become one",
    "/logout": "one can sign in again",
}


def test_every_form_either_asks_first_or_can_be_undone(person: Browser) -> None:
    forms = {path for path, methods in person.app.site.methods.items() if "POST" in methods}
    assert forms == ASKED | NOT_ASKED.keys()


@pytest.fixture
def at(person: Browser, pool: FakeCognito) -> dict[str, str]:
    """Where the questions are, by the path of their forms."""
    app = person.app
    key = app.services.keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    for alias in ("sale", "held-one"):
        link = {"url": "https://example.com/", "custom_alias": alias, "tags": "autumn"}
        person.submit("/dashboard/links", link)
    sale, held = (app.services.links.get(cognito.SUBJECT, alias) for alias in ("sale", "held-one"))
    person.submit(f"/dashboard/links/{held.id}/delete", {})
    person.submit(f"/dashboard/links/{sale.id}/qr-code", {})
    sale = app.services.links.get(cognito.SUBJECT, "sale")
    person.submit("/dashboard/alerts/webhook", {"url": "https://hooks.example.com/jmpy"})
    alert = _alert(key.id)
    app.services.alerts.add(alert)
    other = Browser(pool)
    other.sign_in()
    person.submit("/dashboard/campaigns", {"name": "Autumn"})
    autumn = app.services.campaigns.get(cognito.SUBJECT, "Autumn").campaign
    person.submit("/dashboard/domains/new/subdomain", {"subdomain": "autumn"})
    (domain,) = app.services.domain_store.newest(cognito.SUBJECT, 100)
    ids = {
        "api-keys": key.id,
        "campaigns": autumn.id,
        "domains": domain.id,
        "alerts": alert.id,
        "links": sale.id,
        "qr-codes": sale.qr_id or "",
        "sessions": digest(other.session_id or ""),
    }
    found = {path: path.replace("<id>", ids.get(path.split("/")[2], "")) for path in ASKED}
    found["/dashboard/api-keys/revoke"] += f"?key={key.id}"
    app.services.key_policies.set(cognito.SUBJECT, 90, by=SOMEBODY)
    found["/dashboard/api-keys/policy/apply"] += "?version=90"
    found["/dashboard/links/held-aliases/release"] += "?alias=held-one"
    found["/dashboard/tags/remove"] += "?tag=autumn"
    return found


def _alert(key_id: str) -> Alert:
    evidence = Evidence("203.0.113.7", "GET /api/v1/usage", 200)
    return Alert(cognito.SUBJECT, key_id, int(system_clock()), KeyInUrl(), evidence)


@pytest.mark.parametrize("path", sorted(ASKED))
def test_a_question_changes_nothing_and_its_form_does_it(
    person: Browser, at: dict[str, str], path: str
) -> None:
    for _ in range(2):
        page = person.get(at[path])
        assert page.status == 200, page.text
        assert 'id="confirmation"' in page.text
        assert "?</h1>" in page.text
    action, _, query = at[path].partition("?")
    done = person.submit(action, dict(parse_qsl(query)))
    assert done.status in (200, 201, 303)


@pytest.mark.parametrize("path", sorted(ASKED))
def test_no_page_but_the_question_posts_what_ends_something(
    person: Browser, at: dict[str, str], path: str
) -> None:
    parent = at[path].partition("?")[0].rpartition("/")[0]
    listed = {"/dashboard/alerts/webhook": "/dashboard/alerts/settings"}.get(parent, parent)
    listed = "/dashboard/sessions" if "/sessions/" in path else listed
    page = person.get("/dashboard/alerts" if "/alerts/<id>" in path else listed).text
    if path == "/dashboard/api-keys/revoke":
        assert f'<form id="bulk" method="get" action="/live{path}">' in page
    elif not path.endswith("/defaults"):  # of rules that were changed
        assert f'href="/live{at[path]}" data-confirm' in page
    assert f'method="post" action="/live{at[path].partition("?")[0]}"' not in page
