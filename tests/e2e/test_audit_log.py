"""What is written of changes on the deployed stack, whose functions may do nothing else to it."""

from __future__ import annotations

import getpass

import httpx

from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack

AUDIT_LOG = "/api/v1/audit-log"
API_KEYS = "/api/v1/api-keys"
AGENT = "audit-test/1.0"


def test_every_change_of_a_key_is_in_the_log_once_with_who_and_from_where(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"]) | {"User-Agent": AGENT}
    made = http.post(API_KEYS, headers=session, json={"name": "Audited", "permissions": ["read"]})
    old = made.json()["data"]
    stack.secrets.append(old["key"])
    change = http.patch(
        f"{API_KEYS}/{old['id']}", headers=session, json={"permissions": ["read", "write"]}
    )
    rotation = http.post(
        f"{API_KEYS}/{old['id']}/rotate", headers=session, json={"grace_period": 3600}
    )
    new = rotation.json()["data"]
    stack.secrets.append(new["key"])
    gone = http.delete(f"{API_KEYS}/current", headers=bearer(new["key"]) | {"User-Agent": AGENT})
    stack.deployment.keys.revoke(stack.env.account, old["id"], by=stack.deployment.operator)
    # A second time changes nothing.
    assert http.delete(f"{API_KEYS}/{old['id']}", headers=session).status_code == 200

    def log(key_id: str) -> list[dict[str, object]]:
        response = http.get(AUDIT_LOG, headers=session, params={"key_id": key_id})
        assert response.status_code == 200, response.text
        assert old["key"] not in response.text
        assert new["key"] not in response.text
        return [
            {
                "did": entry["action"],
                "who": (entry["actor"]["type"], entry["actor"]["id"], entry["actor"]["name"]),
                "channel": entry["source"]["channel"],
                "agent": entry["source"]["user_agent"],
                "request": entry["source"]["request_id"],
                "has_address": bool(entry["source"]["ip_address"]),
                "changed": set(entry["changes"]),
            }
            for entry in reversed(response.json()["data"]["entries"])
        ]

    owner = ("user", stack.env.account, stack.env.dashboard_email)
    created = {"name", "permissions", "header_only"}

    def by_owner(response: httpx.Response, did: str, changed: set[str]) -> dict[str, object]:
        return {
            "did": did,
            "who": owner,
            "channel": "api",
            "agent": AGENT,
            "request": response.headers["x-request-id"],
            "has_address": True,
            "changed": changed,
        }

    assert log(old["id"]) == [
        by_owner(made, "api_key.created", created),
        by_owner(change, "api_key.changed", {"permissions"}),
        by_owner(rotation, "api_key.rotated", {"replaced_by", "expires_at"}),
        {
            "did": "api_key.revoked",
            "who": ("operator", None, getpass.getuser()),
            "channel": "make",
            "agent": None,
            "request": None,
            "has_address": False,
            "changed": {"status"},
        },
    ]
    assert log(new["id"]) == [
        by_owner(rotation, "api_key.created", created | {"replaces"}),
        by_owner(gone, "api_key.revoked", {"status"}) | {"who": ("api_key", new["id"], "Audited")},
    ]
    assert http.get(AUDIT_LOG, headers=bearer(stack.env.api_key)).status_code == 403


def test_where_a_link_led_is_in_the_log_with_the_key_that_led_it_elsewhere(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("write", "delete", account=stack.env.account, name="Stölen")
    first, second = "https://example.com/first", "https://example.com/second"
    made = http.post(SHORT_URLS, headers=bearer(secret), json={"url": first}).json()["data"]
    one = f"{SHORT_URLS}/{made['id']}"
    assert http.patch(one, headers=bearer(secret), json={"url": second}).status_code == 200
    assert http.delete(one, headers=bearer(secret)).status_code == 200
    response = http.get(AUDIT_LOG, headers=session, params={"link_id": made["id"]})
    deleted, changed = response.json()["data"]["entries"]
    assert changed["changes"] == {"url": {"before": first, "after": second}}
    assert (deleted["action"], deleted["changes"]["url"]["before"]) == ("link.deleted", second)
    for entry in (deleted, changed):
        assert entry["actor"] == {"type": "api_key", "id": key_id, "name": "Stölen"}
    by_key = http.get(AUDIT_LOG, headers=session, params={"actor_id": key_id}).json()["data"]
    assert [entry["id"] for entry in by_key["entries"]] == [deleted["id"], changed["id"]]


def test_a_plan_that_was_changed_is_in_the_log_of_its_account(stack: Stack) -> None:
    stack.account("audited", "pro")
    found = stack.deployment.audit_log.all("audited", EntryFilter(), 10)
    assert [entry.action for entry in found] == [Action.PLAN_CHANGED, Action.ACCOUNT_CREATED]
