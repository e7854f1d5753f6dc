"""Work of the functions that manage keys, report usage and notify the owners of keys."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator

from jmpy.access.permission import Permission
from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.store import AlertStore
from jmpy.audit.item import to_item
from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.clock import DAY
from jmpy.keys.service import KeyService
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.takedown import Order
from jmpy.notices.queue import ALERT
from jmpy.notices.takedowns import TakedownNotice, TakedownNotices
from local import mail
from ops.smoke.assertions import bearer
from project.mails import mails
from project.origins import SOMEBODY
from project.work.context import Work

API_KEYS = "/api/v1/api-keys"


def keys(work: Work) -> None:
    session = work.session
    body = {"name": "Work", "permissions": ["read"]}
    created = work.request("POST", API_KEYS, session, 201, json=body)["data"]
    one = f"{API_KEYS}/{created['id']}"
    work.stack.secrets.append(created["key"])
    work.request("GET", "/api/v1/api-keys/current", bearer(created["key"]))
    assert created["id"] in str(work.request("GET", API_KEYS, session, params={"limit": 100}))
    work.request("GET", one, session)
    work.request("PATCH", one, session, json={"name": "Renamed"})
    work.request("POST", f"{one}/pause", session)
    work.request("POST", f"{one}/resume", session)
    rotated = work.request("POST", f"{one}/rotate", session, 201, json={"grace_period": 0})["data"]
    work.stack.secrets.append(rotated["key"])
    work.request("DELETE", f"{API_KEYS}/{rotated['id']}", session)


def key_usage(work: Work) -> None:
    body = {"name": "Used", "permissions": ["read"]}
    created = work.request("POST", API_KEYS, work.session, 201, json=body)["data"]
    work.stack.secrets.append(created["key"])
    one = f"{API_KEYS}/{created['id']}"
    work.request("GET", f"{one}/usage", work.session)
    work.request("GET", f"{one}/callers", work.session)
    work.request("POST", f"{one}/allowed-ips/preview", work.session, json={"allowed_ips": []})


def key_policy(work: Work) -> None:
    session, policy = work.session, f"{API_KEYS}/policy"
    created = work.request(
        "POST", API_KEYS, session, 201, json={"name": "Long-lived", "permissions": ["read"]}
    )["data"]
    work.stack.secrets.append(created["key"])
    try:
        changed = work.request("PATCH", policy, session, json={"max_key_days": 3650})["data"]
        assert created["id"] in str(changed["exceeding_keys"])
        work.request("GET", policy, session)
        applied = work.request("POST", f"{policy}/apply", session)["data"]["keys"]
        assert created["id"] in {key["id"] for key in applied if key["outcome"] == "shortened"}
    finally:
        work.request("PATCH", policy, session, json={"max_key_days": None})
        work.request("DELETE", f"{API_KEYS}/{created['id']}", session)


def key_tokens(work: Work) -> None:
    body = {"name": "With tokens", "permissions": ["read"]}
    created = work.request("POST", API_KEYS, work.session, 201, json=body)["data"]
    secret, key_id = created["key"], created["id"]
    work.stack.secrets.append(secret)
    key, current = bearer(secret), f"{API_KEYS}/current/tokens"
    one, two = work.short_lived_token(key), work.short_lived_token(key)
    assert one["id"] in str(work.request("GET", current, key))
    work.request("DELETE", f"{current}/{one['id']}", key)
    for presented in (secret, two["token"]):
        verified = work.request("POST", f"{API_KEYS}/verify", key, json={"key": presented})
        assert verified["data"]["valid"], verified
    work.request("DELETE", f"{API_KEYS}/{key_id}/tokens", work.session)
    work.assert_audited(Action.TOKENS_REVOKED, work.stack.env.account, key_id)


def usage(work: Work) -> None:
    work.request("GET", "/api/v1/usage", work.key())
    # A denied request reads the counter as well.
    work.request("GET", "/api/v1/usage", work.key(Permission.WRITE), 403)


def notices(work: Work) -> None:
    account, target = f"mailed-{secrets.token_hex(4)}", work.stack.deployment
    owner = f"{account}@example.com"
    target.accounts.ensure(account, owner, by=SOMEBODY)
    long_ago = time.time() - 30 * DAY
    keys = KeyService(target.key_store, target.account_store, target.audit_log, lambda: long_ago)
    issued = keys.create(account, "CI", ["read"], int(time.time()) + 5 * DAY, by=SOMEBODY)
    work.stack.secrets.append(issued.secret)
    code = work.link(work.key(account=account))["short_code"]
    target.takedowns.take_down(code, Order(Cause.LINK, TakedownReason.SPAM), by=SOMEBODY)
    try:
        _rejected_and_sent(work, owner)
        assert not any(notices[0].account_id == account for notices in _waiting(work))
    finally:
        # Or the next run of the function sends another mail.
        keys.revoke(account, issued.record.id, by=SOMEBODY)
    _mailed_at_once(work)


def _mailed_at_once(work: Work) -> None:
    """About a new key and an alert: from the stream to the queue, and from there to the owner."""
    account, target = f"mailed-{secrets.token_hex(4)}", work.stack.deployment
    target.accounts.ensure(account, f"{account}@example.com", by=SOMEBODY)
    issued = target.keys.create(account, "CI", ["read"], by=SOMEBODY)
    work.stack.secrets.append(issued.secret)
    wanted = EntryFilter(issued.record.id, action=Action.KEY_CREATED)
    (entry,) = target.audit_log.all(account, wanted, limit=1)
    image = to_item(entry)
    change = {"ApproximateCreationDateTime": entry.at, "NewImage": image}
    work.invoke(
        "NoticesFunction", {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": change}]}
    )
    alert = Alert(account, issued.record.id, int(time.time()), KeyInUrl(), Evidence("", "", 200))
    AlertStore(work.dynamodb, work.tables["ActivityTable"]).add(alert)
    named = {"account_id": account}
    for message in (
        {"kind": "api_key", "id": entry.id, "entry": image, **named},
        {"kind": ALERT, "id": alert.id, **named},
    ):
        record = {"eventSource": "aws:sqs", "messageId": "1", "body": json.dumps(message)}
        response = work.invoke("NoticesFunction", {"Records": [record]})
        assert response == {"batchItemFailures": []}
    subjects = {mail["Subject"] for mail in mails(work.stack, f"{account}@example.com")}
    assert subjects == {"A new API key was created: “CI”", "API key sent in a URL: “CI”"}


def _waiting(work: Work) -> Iterator[list[TakedownNotice]]:
    return TakedownNotices(work.dynamodb, work.tables["ActivityTable"]).waiting(time.time())


def _rejected_and_sent(work: Work, owner: str) -> None:
    """A mail that SES rejects is marked as not sent, so that the next run sends it."""
    target = work.stack.deployment
    sender = target.session.client("sesv2", endpoint_url=work.stack.env.endpoint)
    sender.delete_email_identity(EmailIdentity=mail.SENDER)
    try:
        failed = work.lambdas.invoke(FunctionName=work.functions["NoticesFunction"], Payload=b"{}")
        assert "FunctionError" in failed
    finally:
        mail.verify_sender(target)
    work.invoke("NoticesFunction", {})
    # About the key, and about the link; mails about new keys come whenever the stream does.
    subjects = [sent["Subject"] for sent in mails(work.stack, owner)]
    assert len([one for one in subjects if not one.startswith("A new API key")]) == 2, subjects


WORK = {
    "KeysFunction": keys,
    "KeyUsageFunction": key_usage,
    "KeyPolicyFunction": key_policy,
    "KeyTokensFunction": key_tokens,
    "UsageFunction": usage,
    "NoticesFunction": notices,
}
