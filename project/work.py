"""What each function does with AWS, all of it: one piece of work per function of the template.

`tests/e2e/test_policies.py` does each once, on the roles as they are; `bench/policies.py` does it
again for each permission that it takes away, and expects it to fail. So a piece of work has to need
every permission of its role, and to notice when one is missing.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jmpy.access.permission import Permission
from jmpy.alerts.settings_store import AlertSettings
from jmpy.clicks.item import link_subject
from jmpy.clicks.model import Click
from jmpy.clicks.reader import ClickReader
from jmpy.keys.service import KeyService
from jmpy.limits.plan import LimitClass
from jmpy.links.store import LinkStore
from jmpy.webhooks.model import FAILING, MANY_FAILURES, Webhook
from local import demo_user, mail
from ops.smoke.assertions import SHORT_URLS, bearer
from project import safe_browsing
from project.hosted_login import Person, refresher
from project.log_batches import packed
from project.mails import DAY, mails
from project.origins import SOMEBODY
from project.redirects import counted
from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

API_KEYS = "/api/v1/api-keys"
BULK = "/api/v1/bulk-urls"
URL = {"url": "https://example.com/"}
COUNTED_WITHIN = 20.0
"""Seconds; a batch is gathered for five."""


class Work:
    """The stack, and what the pieces of work have in common."""

    def __init__(self, stack: Stack, http: httpx.Client) -> None:
        self.stack = stack
        self.http = http
        session = stack.deployment.session
        self.lambdas: LambdaClient = session.client("lambda", endpoint_url=stack.env.endpoint)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=stack.env.endpoint)

    @cached_property
    def functions(self) -> dict[str, str]:
        """Names by logical id."""
        pages = self.lambdas.get_paginator("list_functions").paginate()
        names = [function["FunctionName"] for page in pages for function in page["Functions"]]
        prefix = f"{self.stack.env.stack}-"
        # What CloudFormation named ends in letters of its choice.
        return {name.removeprefix(prefix).partition("-")[0]: name for name in names}

    @cached_property
    def tables(self) -> dict[str, str]:
        """Names by logical id."""
        names = self.dynamodb.list_tables()["TableNames"]
        prefix = f"{self.stack.env.stack}-"
        return {name.removeprefix(prefix).rpartition("-")[0]: name for name in names}

    @cached_property
    def session(self) -> dict[str, str]:
        """The header of somebody who signed in."""
        person = Person(self.stack)
        token = refresher(self.stack, person)().json()["id_token"]
        person.http.close()
        return bearer(token)

    def key(self, *permissions: Permission, account: str = "work") -> dict[str, str]:
        return bearer(self.stack.key(*(permissions or Permission), account=account)[0])

    def exhausted(self, limit_class: LimitClass) -> dict[str, str]:
        """A key of an account that may do nothing of the class."""
        account = f"exhausted-{secrets.token_hex(4)}"
        self.stack.account(account, limits={limit_class: 0})
        return self.key(account=account)

    def ask(
        self, method: str, path: str, auth: dict[str, str], expected: int = 200, **sent: Any
    ) -> Any:
        headers = {**auth, **sent.pop("headers", {})}
        response = self.http.request(method, path, headers=headers, **sent)
        assert response.status_code == expected, (
            method,
            path,
            response.status_code,
            response.text[:300],
        )
        if path.startswith("/api/v1") and "Authorization" in auth:
            # Without the permission to read the counter, all that an answer lacks is these.
            assert "x-ratelimit-remaining" in response.headers, (method, path)
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return response.json() if is_json and response.text else response.text

    def link(self, auth: dict[str, str], **fields: Any) -> Any:
        return self.ask("POST", SHORT_URLS, auth, 201, json={**URL, **fields})["data"]

    def invoke(self, function: str, event: Any) -> Any:
        response = self.lambdas.invoke(
            FunctionName=self.functions[function], Payload=json.dumps(event).encode()
        )
        payload = response["Payload"].read()
        assert "FunctionError" not in response, payload
        return json.loads(payload)

    @contextmanager
    def configured(self, function: str, **variables: str) -> Iterator[None]:
        """With other environment variables, and no memory of what it read before."""
        name = self.functions[function]
        before = self.lambdas.get_function_configuration(FunctionName=name)["Environment"]
        changed = {**before["Variables"], **variables}
        self.lambdas.update_function_configuration(
            FunctionName=name, Environment={"Variables": changed}
        )
        try:
            yield
        finally:
            self.lambdas.update_function_configuration(
                FunctionName=name, Environment={"Variables": before["Variables"]}
            )


def authorizer(work: Work) -> None:
    work.ask("GET", "/api/v1/usage", work.key())
    work.ask("GET", "/api/v1/usage", work.session)


def id_token(work: Work) -> None:
    token = work.session["Authorization"].removeprefix("Bearer ")
    with work.configured("IdTokenFunction"):
        assert work.invoke("IdTokenFunction", {"id_token": token})["subject"]
        assert work.invoke("IdTokenFunction", {"id_token": token[:-9]})["refusal"]


def edge_key(work: Work) -> None:
    target, account = work.stack.deployment, f"edge-{secrets.token_hex(4)}"
    plan = target.edge_keys.usage_plans["free"]
    gateway = target.session.client("apigateway", endpoint_url=work.stack.env.endpoint)

    def admitted() -> str:
        identifier = work.invoke("EdgeKeyFunction", {"account_id": account})["identifier"]
        pages = gateway.get_paginator("get_usage_plan_keys").paginate(usagePlanId=plan)
        found = {key["name"]: key["id"] for page in pages for key in page["items"]}
        return found[identifier]

    key_id = admitted()
    assert admitted() == key_id
    # As if it had been interrupted in between.
    gateway.delete_usage_plan_key(usagePlanId=plan, keyId=key_id)
    assert admitted() == key_id
    target.edge_keys.dismiss(account)


def links(work: Work) -> None:
    auth, alias = work.key(), f"work-{secrets.token_hex(4)}"
    once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    first = work.ask("POST", SHORT_URLS, auth, 201, json={**URL, "custom_alias": alias}, **once)
    assert work.ask("POST", SHORT_URLS, auth, 201, json={**URL, "custom_alias": alias}, **once) == (
        first
    )
    taken = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    for _ in range(2):  # What failed is forgotten, so that it is done again.
        work.ask("POST", SHORT_URLS, auth, 409, json={**URL, "custom_alias": alias}, **taken)
    one = f"{SHORT_URLS}/{first['data']['id']}"
    work.ask("GET", one, auth)
    assert work.ask("GET", SHORT_URLS, auth)["data"]
    work.ask("GET", f"{SHORT_URLS}/check-alias", auth, params={"alias": f"{alias}-free"})
    work.ask("GET", f"{SHORT_URLS}/lookup", auth, params=URL)
    work.ask("PUT", one, auth, json={"name": "Renamed"})
    work.ask("DELETE", one, auth)
    assert work.ask("GET", "/api/v1/held-aliases", auth)["data"]["aliases"]
    work.ask("DELETE", f"/api/v1/held-aliases/{alias}", auth)
    work.ask("POST", SHORT_URLS, work.exhausted(LimitClass.URL_CREATION), 429, json=URL)


def bulk(work: Work) -> None:
    auth, alias = work.key(), f"bulk-{secrets.token_hex(4)}"
    rows = f"url,custom_alias\nhttps://example.com/,{alias}\n"
    work.ask("POST", f"{BULK}/validate", auth, json={"csv_content": rows})
    made = {"validated_urls": [{"original_url": URL["url"], "custom_alias": alias}]}
    work.ask("POST", f"{BULK}/create", auth, 201, json=made)
    refused = work.exhausted(LimitClass.URL_CREATION)
    work.ask("POST", f"{BULK}/create", refused, 429, json=made)


def usage(work: Work) -> None:
    work.ask("GET", "/api/v1/usage", work.key())
    # A refusal asks where its caller stands.
    work.ask("GET", "/api/v1/usage", work.key(Permission.WRITE), 403)


def analytics(work: Work) -> None:
    auth = work.key(account="analysed")
    link = work.link(auth)
    clicked(work, link["id"], "analysed")
    of_account = (
        "click-details", "recent", "referrers", "user-traffic-sources", "overview", "timeseries",
        "devices", "browsers", "utm", "top-links", "export?report=clicks", "export?report=links",
    )  # fmt: skip
    of_link = (
        "click-details", "analytics", "geographic", "traffic-quality", "overview", "timeseries",
        "devices", "browsers", "utm",
    )  # fmt: skip
    for question in of_account:
        response = work.http.get(f"/api/v1/analytics/{question}", headers=auth)
        assert response.status_code in (200, 400, 422), (question, response.text)
    for question in of_link:
        for link_id in (link["id"], link["short_code"]):
            work.ask("GET", f"/api/v1/analytics/{question}/{link_id}", auth)
    refused = work.exhausted(LimitClass.ANALYTICS)
    work.ask("GET", "/api/v1/analytics/overview", refused, 429)


def keys(work: Work) -> None:
    session = work.session
    body = {"name": "Work", "permissions": ["read"]}
    made = work.ask("POST", API_KEYS, session, 201, json=body)["data"]
    one = f"{API_KEYS}/{made['id']}"
    work.stack.secrets.append(made["key"])
    work.ask("GET", "/api/v1/api-keys/current", bearer(made["key"]))
    assert made["id"] in str(work.ask("GET", API_KEYS, session, params={"limit": 100}))
    work.ask("GET", one, session)
    work.ask("GET", f"{one}/usage", session)
    work.ask("GET", f"{one}/callers", session)
    work.ask("PATCH", one, session, json={"name": "Renamed"})
    rotated = work.ask("POST", f"{one}/rotate", session, 201, json={"grace_period": 0})["data"]
    work.stack.secrets.append(rotated["key"])
    work.ask("DELETE", f"{API_KEYS}/{rotated['id']}", session)


def access_logs(work: Work) -> None:
    work.ask("GET", "/api/v1/access-logs", work.session)
    work.ask("GET", "/api/v1/access-logs/export", work.session)


def audit_log(work: Work) -> None:
    work.ask("GET", "/api/v1/audit-log", work.session)
    work.ask("GET", "/api/v1/audit-log", work.session, params={"key_id": "some-key"})
    work.ask("GET", "/api/v1/audit-log/export", work.session)


def alerts(work: Work) -> None:
    session, settings = work.session, "/api/v1/alert-settings"
    alerted(work, work.stack.env.account, secrets.token_hex(8))
    alert = work.ask("GET", "/api/v1/alerts", session)["data"]["alerts"][0]
    one = f"/api/v1/alerts/{alert['id']}"
    work.ask("GET", one, session)
    work.ask("POST", f"{one}/dismiss", session)
    work.ask("PATCH", settings, session, json={"off": ["burst"]})
    work.ask("PATCH", settings, session, json={"off": []})
    work.ask("PUT", f"{settings}/webhook", session, json={"url": "https://127.0.0.1/"})
    work.ask("POST", f"{settings}/webhook/roll-secret", session)
    work.ask("POST", f"{settings}/webhook/test", session)
    work.ask("GET", settings, session)
    work.ask("DELETE", f"{settings}/webhook", session)


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
        _signed_out_everywhere(person)
        _session_of_nobody(work, person, account)
    finally:
        person.http.close()


def _sign_in_again(work: Work, person: Person, account: str) -> None:
    """The ID token has run out, so that Cognito is asked for another: the session is written."""
    key = _run_out(work, account)
    assert person.http.get("/dashboard").status_code == 200
    again = work.dynamodb.get_item(TableName=work.tables["SessionsTable"], Key=key)["Item"]
    assert int(again["proven_until"]["N"]) > 1


def _signed_out_everywhere(person: Person) -> None:
    assert person.sign_in().status_code == 200
    assert person.http.get("/dashboard/sessions").status_code == 200
    form = {"csrf_token": person.csrf_token()}
    out = person.http.post("/dashboard/sessions/end-all", data=form)
    assert (out.status_code, person.session_id) == (303, None)


def _session_of_nobody(work: Work, person: Person, account: str) -> None:
    """Cognito refuses another ID token, so that the session is looked at once more, and ended."""
    assert person.sign_in().status_code == 200
    _run_out(work, account)
    target = work.stack.deployment
    cognito = target.session.client("cognito-idp", endpoint_url=work.stack.env.endpoint)
    cognito.admin_delete_user(
        UserPoolId=target.outputs["UserPoolId"], Username=person.env.dashboard_email
    )
    assert person.http.get("/dashboard", follow_redirects=False).status_code == 302


def _run_out(work: Work, account: str) -> Any:
    """The key of the session's item, whose ID token is of the past now."""
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
    (made,), _ = LinkStore(work.dynamodb, work.tables["LinksTable"]).page(
        account, 1, None, newest_first=True
    )
    link = f"/links/{made.id}"
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
    post(f"/alerts/{alert[1]}/dismiss", {})
    for path in ("/links", link, "/api-keys", f"/api-keys/{key.id}", "/plan", "/usage"):
        get(path)
    post("/alerts/webhook", {"url": "https://127.0.0.1/"}, 201)
    post("/alerts/webhook/remove", {})
    get("/audit-log")
    clicked(work, made.id, account)  # so that there is a link to be on top
    for path in ("/analytics", f"/analytics/{made.id}", "/activity/export"):
        get(path)
    version = str(made.version)
    post(link, {**URL, "name": "Renamed", "version": version, "status": "active"})
    post(f"/api-keys/{key.id}/rotate", {"grace_days": "0", "version": str(key.version)}, 201)
    post(f"{link}/delete", {})
    get("/links/held-aliases")


def redirect(work: Work) -> None:
    auth = work.key(account="visited")
    link, closed = work.link(auth), work.link(auth, password="open sesame")
    work.dynamodb.delete_item(
        TableName=work.tables["SaltsTable"],
        Key={"pk": {"S": time.strftime("salt#%Y-%m-%d", time.gmtime())}},
    )
    with work.configured("RedirectFunction", WORK=secrets.token_hex(4)):
        work.ask("GET", f"/{link['short_code']}", {}, 301)
        response = work.http.post(f"/{closed['short_code']}", data={"password": "wrong"})
        assert response.status_code in (401, 403), response.status_code
        _await_clicks(work, link["id"])


def _await_clicks(work: Work, link_id: str) -> None:
    deadline = time.monotonic() + COUNTED_WITHIN
    while counted(_reader(work), link_subject(link_id)).total.clicks == 0:
        assert time.monotonic() < deadline, "not counted"
        time.sleep(0.1)


def _reader(work: Work) -> ClickReader:
    return ClickReader(work.dynamodb, work.tables["ClicksTable"])


def clicked(work: Work, link_id: str, account: str) -> None:
    """A click, as the queue hands it on."""
    click = Click(
        id=secrets.token_hex(8), at=int(time.time() * 1000), link_id=link_id, account_id=account,
        short_code="code", visitor=secrets.token_hex(8),
    )  # fmt: skip
    record = {
        "messageId": "1", "receiptHandle": "1", "body": json.dumps(asdict(click)),
        "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs",
    }  # fmt: skip
    for _ in range(2):  # The second time it is recognized.
        response = work.invoke("ClicksFunction", {"Records": [record]})
        assert response == {"batchItemFailures": []}
    assert counted(_reader(work), link_subject(link_id)).total.clicks == 1


def clicks(work: Work) -> None:
    link = work.link(work.key(account="counted"))
    clicked(work, link["id"], "counted")


def click_removal(work: Work) -> None:
    link = work.link(work.key(account="removed"))
    clicked(work, link["id"], "removed")
    keys = {"pk": {"S": "account#removed"}, "sk": {"S": f"link#{link['id']}"}}
    record = {
        "eventID": "1", "eventName": "REMOVE", "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": "1"},
    }  # fmt: skip
    response = work.invoke("ClickRemovalFunction", {"Records": [record]})
    assert response == {"batchItemFailures": []}
    assert counted(_reader(work), link_subject(link["id"])).total.clicks == 0


def link_checks(work: Work) -> None:
    url = f"https://unsafe-{secrets.token_hex(4)}.example/"
    code = work.link(work.key(account="checked"), url=url)["short_code"]
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


def logged(account: str, key_id: str, **fields: str) -> str:
    """A line of the access log."""
    line = {
        "requestId": secrets.token_hex(8), "time": str(int(time.time() * 1000)), "apiId": "jmpy",
        "plan": "enterprise", "lookup": "table", "accountId": account, "keyId": key_id,
        "credential": "bearer", "reason": "-", "method": "GET", "route": SHORT_URLS,
        "status": "200", "latency": "12", "error": "-", "ip": "192.0.2.1", "userAgent": "work",
    }  # fmt: skip
    return json.dumps(line | fields)


def alerted(work: Work, account: str, key_id: str) -> None:
    """A use of a key, and an attempt to use it after its end, as CloudWatch Logs hands them on."""
    refused = {"credential": "-", "reason": "revoked", "status": "401"}
    lines = [logged(account, key_id), logged(account, key_id, **refused)]
    # By the queue of what failed before: that says whether it was read.
    body = json.dumps({"requestPayload": packed(lines)})
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": body}
    response = work.invoke("ActivityFunction", {"Records": [record]})
    assert response == {"batchItemFailures": []}


def activity(work: Work) -> None:
    key_id = secrets.token_hex(8)
    alerted(work, "alerted", key_id)


def notices(work: Work) -> None:
    account, target = f"mailed-{secrets.token_hex(4)}", work.stack.deployment
    owner = f"{account}@example.com"
    target.accounts.ensure(account, owner, by=SOMEBODY)
    long_ago = time.time() - 30 * DAY
    keys = KeyService(target.key_store, target.account_store, target.audit_log, lambda: long_ago)
    issued = keys.create(account, "CI", ["read"], int(time.time()) + 5 * DAY, by=SOMEBODY)
    work.stack.secrets.append(issued.secret)
    try:
        _refused_and_sent(work, owner)
    finally:
        # Or the next run of the function has it to do.
        keys.revoke(account, issued.record.id, by=SOMEBODY)


def _refused_and_sent(work: Work, owner: str) -> None:
    """A mail that SES refuses is marked as not sent, so that the next run sends it."""
    target = work.stack.deployment
    sender = target.session.client("sesv2", endpoint_url=work.stack.env.endpoint)
    sender.delete_email_identity(EmailIdentity=mail.SENDER)
    try:
        failed = work.lambdas.invoke(FunctionName=work.functions["NoticesFunction"], Payload=b"{}")
        assert "FunctionError" in failed
    finally:
        mail.verify_sender(target)
    work.invoke("NoticesFunction", {})
    assert len(mails(work.stack, owner)) == 1


@contextmanager
def scanner() -> Iterator[tuple[ec.EllipticCurvePrivateKey, str]]:
    """A secret scanner's key, and where it is published."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    document = json.dumps({"public_keys": [{"key_identifier": "scanner", "key": pem}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield key, f"http://127.0.0.1:{server.server_port}/keys"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def leaked_keys(work: Work) -> None:
    secret, key_id = work.stack.key("read", account="leaked")
    body = json.dumps([{"token": secret, "type": "jmpy_api_key", "url": "https://example.com/"}])
    with scanner() as (key, url), work.configured("LeakedKeysFunction", SCANNER_KEYS_URL=url):
        signature = key.sign(body.encode(), ec.ECDSA(SHA256()))
        headers = {
            "Content-Type": "application/json",
            "Github-Public-Key-Identifier": "scanner",
            "Github-Public-Key-Signature": base64.b64encode(signature).decode(),
        }
        work.ask("POST", "/api/v1/leaked-keys", headers, content=body)
    assert work.stack.deployment.keys.get("leaked", key_id).status.value == "revoked"


def alert_delivery(work: Work) -> None:
    """To a webhook that failed for days, so that it is disabled and its owner told."""
    settings = AlertSettings(work.dynamodb, work.tables["ActivityTable"])
    account = f"unheard-{secrets.token_hex(4)}"
    owner = f"{account}@example.com"
    work.stack.deployment.accounts.ensure(account, owner, by=SOMEBODY)
    webhook = Webhook("https://127.0.0.1/", "secret")
    settings.add_webhook(account, webhook)
    for _ in range(MANY_FAILURES):
        settings.record_delivery(account, webhook.url, int(time.time()) - FAILING, "It failed.")
    record = {
        "messageId": "1",
        "body": json.dumps({"id": "1", "account_id": account}),
        "attributes": {"SentTimestamp": str(int(time.time() * 1000))},
    }
    work.invoke("AlertDeliveryFunction", {"Records": [record]})
    told = settings.webhook(account)
    assert told, account
    assert told.health.disabled_at, "it is not disabled"
    assert told.health.told_at, "its owner is not told"
    assert len(mails(work.stack, owner)) == 1


ALL: dict[str, Callable[[Work], None]] = {
    "AuthorizerFunction": authorizer,
    "IdTokenFunction": id_token,
    "EdgeKeyFunction": edge_key,
    "LinksFunction": links,
    "BulkFunction": bulk,
    "UsageFunction": usage,
    "AnalyticsFunction": analytics,
    "KeysFunction": keys,
    "AccessLogsFunction": access_logs,
    "AuditLogFunction": audit_log,
    "AlertsFunction": alerts,
    "DashboardFunction": dashboard,
    "LeakedKeysFunction": leaked_keys,
    "RedirectFunction": redirect,
    "ClicksFunction": clicks,
    "ClickRemovalFunction": click_removal,
    "LinkChecksFunction": link_checks,
    "ActivityFunction": activity,
    "NoticesFunction": notices,
    "AlertDeliveryFunction": alert_delivery,
}
