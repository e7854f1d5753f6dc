"""Work of the functions that find out who is calling, and of the one that revokes leaked keys."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jmpy.audit.model import Action
from ops.smoke.assertions import bearer
from project.work.context import Work


def authorizer(work: Work) -> None:
    work.request("GET", "/api/v1/usage", work.key())
    work.request("GET", "/api/v1/usage", work.session)
    work.request("GET", "/api/v1/usage", bearer(work.short_lived_token(work.key())["token"]))


def id_token(work: Work) -> None:
    token = work.session["Authorization"].removeprefix("Bearer ")
    with work.configured("IdTokenFunction"):
        assert work.invoke("IdTokenFunction", {"id_token": token})["subject"]
        assert work.invoke("IdTokenFunction", {"id_token": token[:-9]})["rejection"]


def edge_key(work: Work) -> None:
    target, account = work.stack.deployment, f"edge-{secrets.token_hex(4)}"
    plan = target.usage_plan_keys.usage_plans["free"]
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
    target.usage_plan_keys.dismiss(account)


def leaked_keys(work: Work) -> None:
    secret, key_id = work.stack.key("read", account="leaked")
    token = work.short_lived_token(bearer(secret))["token"]
    url = "https://example.com/"
    # The token first: it does not outlive its key.
    body = json.dumps([
        {"token": token, "type": "jmpy_api_token", "url": url},
        {"token": secret, "type": "jmpy_api_key", "url": url},
    ])  # fmt: skip
    with (
        scanner() as (key, keys_url),
        work.configured("LeakedKeysFunction", SCANNER_KEYS_URL=keys_url),
    ):
        signature = key.sign(body.encode(), ec.ECDSA(SHA256()))
        headers = {
            "Content-Type": "application/json",
            "Github-Public-Key-Identifier": "scanner",
            "Github-Public-Key-Signature": base64.b64encode(signature).decode(),
        }
        work.request("POST", "/api/v1/leaked-keys", headers, content=body)
    assert work.stack.deployment.keys.get("leaked", key_id).status.value == "revoked"
    for action in (Action.TOKENS_REVOKED, Action.KEY_REVOKED):
        work.assert_audited(action, "leaked", key_id)


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


WORK = {
    "AuthorizerFunction": authorizer,
    "IdTokenFunction": id_token,
    "EdgeKeyFunction": edge_key,
    "LeakedKeysFunction": leaked_keys,
}
