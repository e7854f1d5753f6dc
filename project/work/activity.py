"""Work of the functions that record, list and deliver what happens to keys: logs and alerts."""

from __future__ import annotations

import json
import secrets
import time

from jmpy.webhooks.model import FAILING, MANY_FAILURES, Webhook
from jmpy.webhooks.store import WebhookStore
from ops.smoke.assertions import SHORT_URLS
from project.log_batches import packed
from project.mails import mails
from project.origins import SOMEBODY
from project.work.context import Work


def access_logs(work: Work) -> None:
    work.request("GET", "/api/v1/access-logs", work.session)
    work.request("GET", "/api/v1/access-logs/export", work.session)


def audit_log(work: Work) -> None:
    work.request("GET", "/api/v1/audit-log", work.session)
    work.request("GET", "/api/v1/audit-log", work.session, params={"key_id": "some-key"})
    work.request("GET", "/api/v1/audit-log/export", work.session)


def activity(work: Work) -> None:
    key_id = secrets.token_hex(8)
    alerted(work, "alerted", key_id)


def alerted(work: Work, account: str, key_id: str) -> None:
    """Sends the lines of a use of a key, and of one after its revocation, to the function."""
    denied = {"credential": "-", "reason": "revoked", "status": "401"}
    lines = [logged(account, key_id), logged(account, key_id, **denied)]
    # From the retry queue: its response says whether the lines were processed.
    body = json.dumps({"requestPayload": packed(lines)})
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": body}
    response = work.invoke("ActivityFunction", {"Records": [record]})
    assert response == {"batchItemFailures": []}


def logged(account: str, key_id: str, **fields: str) -> str:
    """A line of the access log."""
    line = {
        "requestId": secrets.token_hex(8), "time": str(int(time.time() * 1000)), "apiId": "jmpy",
        "plan": "enterprise", "lookup": "table", "accountId": account, "keyId": key_id,
        "credential": "bearer", "reason": "-", "method": "GET", "route": SHORT_URLS,
        "status": "200", "latency": "12", "error": "-", "ip": "192.0.2.1", "userAgent": "work",
    }  # fmt: skip
    return json.dumps(line | fields)


def alerts(work: Work) -> None:
    session, settings = work.session, "/api/v1/alert-settings"
    alerted(work, work.stack.env.account, secrets.token_hex(8))
    alert = work.request("GET", "/api/v1/alerts", session)["data"]["alerts"][0]
    one = f"/api/v1/alerts/{alert['id']}"
    work.request("GET", one, session)
    work.request("POST", f"{one}/dismiss", session)
    work.request("PATCH", settings, session, json={"off": ["burst"]})
    work.request("PATCH", settings, session, json={"off": []})
    work.request("PUT", f"{settings}/webhook", session, json={"url": "https://127.0.0.1/"})
    work.request("POST", f"{settings}/webhook/roll-secret", session)
    work.request("POST", f"{settings}/webhook/test", session)
    work.request("GET", settings, session)
    work.request("DELETE", f"{settings}/webhook", session)


def alert_delivery(work: Work) -> None:
    """To a webhook that failed for days, so that it is disabled and its owner notified."""
    webhooks = WebhookStore(work.dynamodb, work.tables["ActivityTable"])
    account = f"unheard-{secrets.token_hex(4)}"
    owner = f"{account}@example.com"
    work.stack.deployment.accounts.ensure(account, owner, by=SOMEBODY)
    webhook = Webhook("https://127.0.0.1/", "secret")
    webhooks.add(account, webhook)
    for _ in range(MANY_FAILURES):
        webhooks.record_delivery(account, webhook.url, int(time.time()) - FAILING, "TimeoutError")
    record = {
        "messageId": "1",
        "body": json.dumps({"id": "1", "account_id": account}),
        "attributes": {"SentTimestamp": str(int(time.time() * 1000))},
    }
    work.invoke("AlertDeliveryFunction", {"Records": [record]})
    after = webhooks.find(account)
    assert after, account
    assert after.health.disabled_at, "it is not disabled"
    assert after.health.owner_notified_at, "its owner is not notified"
    assert len(mails(work.stack, owner)) == 1


WORK = {
    "ActivityFunction": activity,
    "AccessLogsFunction": access_logs,
    "AuditLogFunction": audit_log,
    "AlertsFunction": alerts,
    "AlertDeliveryFunction": alert_delivery,
}
