"""Mails to owners that are sent at once, from a request to the mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.alerts.rule import Rule
from jmpy.alerts.wording import TITLES
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.mails import mails
from project.origins import SOMEBODY
from tests.e2e.test_alerts import awaited

if TYPE_CHECKING:
    import httpx

    from project.stack import Stack

API_KEYS = "/api/v1/api-keys"


def arrived(stack: Stack, address: str, subject: str, *, about: str) -> Any:
    def found() -> Any:
        sent = (mail for mail in mails(stack, address) if about in mail["BodyText"])
        return next((mail for mail in sent if mail["Subject"] == subject), None)

    return awaited(f"the mail: {subject}", found)


def test_the_owner_is_mailed_about_a_new_key_and_a_wider_one(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    body = {"name": "Mailed", "permissions": ["read"]}
    created = http.post(API_KEYS, headers=session, json=body).json()["data"]
    stack.secrets.append(created["key"])
    link = f"{stack.env.base_url}/dashboard/api-keys/{created['id']}\n"
    owner = stack.env.dashboard_email
    mail = arrived(stack, owner, "A new API key was created: “Mailed”", about=link)
    assert "  Permissions: read\n" in mail["BodyText"]
    assert "  IP address:  127.0.0.1\n" in mail["BodyText"]
    assert created["key"] not in str(mail)
    wider = {"permissions": ["read", "write"]}
    assert http.patch(f"{API_KEYS}/{created['id']}", headers=session, json=wider).status_code == 200
    mail = arrived(stack, owner, "Your API key “Mailed” was given more access", about=link)
    assert "- It has more permissions: write.\n" in mail["BodyText"]
    http.delete(f"{API_KEYS}/{created['id']}", headers=session)


def test_the_owner_is_mailed_about_an_alert(stack: Stack, http: httpx.Client) -> None:
    account, owner = "alerted-by-mail", "alerted@example.com"
    stack.account(account)
    stack.deployment.accounts.ensure(account, owner, by=SOMEBODY)
    key, key_id = stack.key("read", account=account, name="gone")
    stack.deployment.keys.revoke(account, key_id, by=SOMEBODY)
    assert http.get(SHORT_URLS, headers=bearer(key)).status_code == 401
    subject = f"{TITLES[Rule.INACTIVE_KEY]}: “gone”"
    mail = arrived(stack, owner, subject, about=f"{stack.env.base_url}/dashboard/alerts#alert-")
    assert key not in str(mail)
