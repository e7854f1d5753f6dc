"""The collection, run whole by newman: every request gets the status that is documented, and what
the account had before is all there afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from jmpy.alerts.model import Alert, Evidence, Rule
from jmpy.alerts.store import AlertStore
from jmpy.clock import system_clock
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import newcomer
from project.stack import Stack
from project.template import PROJECT
from tests import node_packages
from tests.generated_clients import run

COLLECTION = PROJECT / "examples" / "jmpy.postman_collection.json"
REQUESTS = [
    entry["name"]
    for folder in json.loads(COLLECTION.read_text())["item"]
    for entry in folder["item"]
]
SETTINGS = "/api/v1/alert-settings"
KEYS = "/api/v1/api-keys"
WEBHOOK_REQUESTS = {
    "Set the webhook URL for alerts", "Roll the webhook's secret", "Send a test to the webhook",
    "Remove the webhook",
}  # fmt: skip


class Owner(NamedTuple):
    account: str
    token: str
    key: str


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Owner:
    account, token = newcomer(stack, "collection@examples.example")
    stack.account(account)
    return Owner(
        account, token, stack.key("read", "write", "delete", "analytics", account=account)[0]
    )


def executed(owner: Owner, stack: Stack, folder: Path, **variables: str) -> dict[str, int]:
    """The statuses of a run, by the names of the requests. Fails unless all checks hold."""
    sent = {"base_url": stack.env.base_url, "api_key": owner.key, **variables}
    report = folder / "report.json"
    done = run(
        node_packages.program("newman"), "run", COLLECTION,
        *(part for name, value in sent.items() for part in ("--env-var", f"{name}={value}")),
        "--reporters", "cli,json", "--reporter-cli-no-banner", "--reporter-json-export", report,
        cwd=folder,
    )  # fmt: skip
    found = json.loads(report.read_text())["run"]
    report.unlink()  # it has the key
    assert [failure["error"]["message"] for failure in found["failures"]] == [], done.stdout
    assert done.returncode == 0
    return {
        one["item"]["name"]: one["response"]["code"]
        for one in found["executions"]
        if "response" in one
    }


def belongings(owner: Owner, http: httpx.Client) -> dict[str, Any]:
    """What an owner would miss."""
    key, session = bearer(owner.key), bearer(owner.token)

    def read(path: str, headers: dict[str, str]) -> Any:
        response = http.get(path, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    links = read(f"{SHORT_URLS}?limit=100", key)["shortUrls"]
    keys = read(KEYS, session)["api_keys"]
    settings = read(SETTINGS, session)
    return {
        "links": [link["id"] for link in links],
        "held": read("/api/v1/held-aliases", key),
        "keys": [(one["id"], one["name"]) for one in keys if one["status"] == "active"],
        "webhook": settings["webhook"] and settings["webhook"]["url"],
        "rules": [(rule["rule"], rule["enabled"]) for rule in settings["rules"]],
        "alerts": {one["id"]: one["status"] for one in read("/api/v1/alerts", session)["alerts"]},
    }


def test_a_run_of_all_requests_takes_away_only_what_it_created(
    stack: Stack, http: httpx.Client, owner: Owner, tmp_path: Path
) -> None:
    link = {"url": "https://example.com/", "custom_alias": "before-the-run"}
    assert http.post(SHORT_URLS, json=link, headers=bearer(owner.key)).status_code == 201
    gone = {"url": "https://example.com/", "custom_alias": "held-before-the-run"}
    http.post(SHORT_URLS, json=gone, headers=bearer(owner.key))
    http.delete(f"{SHORT_URLS}/held-before-the-run", headers=bearer(owner.key))
    stack.key("read", account=owner.account, name="somebody else's")
    kept, dismissed = alerts(stack, owner)
    before = belongings(owner, http)
    statuses = executed(
        owner, stack, tmp_path, session_token=owner.token, alert_to_dismiss=dismissed
    )
    assert statuses.keys() == set(REQUESTS)
    assert statuses["Follow a short URL"] == 301
    assert statuses["Follow a password-protected short URL"] == 303
    before["alerts"] |= {kept: "open", dismissed: "dismissed"}
    assert belongings(owner, http) == before


def alerts(stack: Stack, owner: Owner) -> list[str]:
    """The ids of two open ones."""
    client = stack.env.session().client("dynamodb", endpoint_url=stack.env.endpoint)
    store = AlertStore(client, stack.deployment.tables["ActivityTable"])
    request, now = Evidence("192.0.2.1", "GET /", 200), int(system_clock())
    found = [
        Alert(owner.account, "key-1", rule, now, "Look.", request)
        for rule in (Rule.KEY_IN_URL, Rule.BURST)
    ]
    for alert in found:
        store.add(alert)
    return [alert.id for alert in found]


def test_a_run_leaves_the_webhook_of_the_account_alone(
    stack: Stack, http: httpx.Client, owner: Owner, tmp_path: Path
) -> None:
    session = bearer(owner.token)
    made = http.put(f"{SETTINGS}/webhook", json={"url": "https://example.com/own"}, headers=session)
    stack.secrets.append(made.json()["data"]["secret"])
    before = belongings(owner, http)
    statuses = executed(owner, stack, tmp_path, session_token=owner.token)
    assert not WEBHOOK_REQUESTS & statuses.keys()
    assert belongings(owner, http) == before
    http.delete(f"{SETTINGS}/webhook", headers=session)


def test_without_a_session_a_run_skips_what_needs_one(
    stack: Stack, http: httpx.Client, owner: Owner, tmp_path: Path
) -> None:
    before = belongings(owner, http)
    statuses = executed(owner, stack, tmp_path)
    assert "Create a short URL" in statuses
    assert (
        not {"List API keys", "List alerts", "Revoke the API key used for the request"}
        & statuses.keys()
    )
    assert belongings(owner, http) == before
