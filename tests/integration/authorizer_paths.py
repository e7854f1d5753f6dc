"""Paths through the authorizer, with a key and with an ID token, and through IdTokenFunction, which
verifies the latter.

API Gateway responds with 503 when the authorizer fails, and with 401 to a Deny policy
(docs/architecture.md, tests/e2e/test_faults.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from jmpy.keys.item import primary_key
from project import functions
from project.tables import ACCOUNTS
from project.template import PROJECT
from tests import cognito
from tests.integration.key_tokens import token_service
from tests.integration.paths import AGAIN, Outcome, Path, Walk, World

DENIED = 401


def allowed() -> Iterator[Path]:
    yield Path("the authorizer, with a key", "AuthorizerFunction", authorize(key))
    token = authorize(short_lived_token)
    yield Path("the authorizer, with a short-lived token", "AuthorizerFunction", token)
    yield Path("the authorizer, with an ID token", "AuthorizerFunction", authorize(id_token))
    yield Path("verifying an ID token", "IdTokenFunction", _verified)


def denied() -> Iterator[Path]:
    for name, credential in (
        ("a revoked key", _revoked_key),
        ("an unknown key", _unknown_key),
        ("a short-lived token of a revoked key", _token_of_revoked_key),
        ("an ID token with a foreign signature", _foreign_token),
        ("an ID token without an account", _token_of_nobody),
    ):
        yield Path(f"the authorizer, with {name}", "AuthorizerFunction", authorize(credential))


def key(world: World) -> str:
    return world.key.secret


def short_lived_token(world: World) -> str:
    return token_service(world.client).create(world.key.record).secret


def id_token(world: World) -> str:
    return cognito.sign(cognito.claims(world.now))


def _revoked_key(world: World) -> str:
    world.client.update_item(
        TableName=ACCOUNTS,
        Key=primary_key(world.key.record.digest),
        UpdateExpression="SET #status = :revoked",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":revoked": {"S": "revoked"}},
    )
    return key(world)


def _token_of_revoked_key(world: World) -> str:
    token = short_lived_token(world)
    _revoked_key(world)
    return token


def _unknown_key(world: World) -> str:
    world.client.delete_item(TableName=ACCOUNTS, Key=primary_key(world.key.record.digest))
    return key(world)


def _foreign_token(world: World) -> str:
    return cognito.sign(cognito.claims(world.now), cognito.FOREIGN_KEY)


def _token_of_nobody(world: World) -> str:
    somebody = "00000000-7ffd-451d-8525-64b71813239e"
    return cognito.sign(cognito.claims(world.now, sub=somebody))


def authorize(credential: Callable[[World], str]) -> Callable[[World], Walk]:
    def prepare(world: World) -> Walk:
        text = (PROJECT / "events" / "authorizer-bearer.json").read_text()
        event: dict[str, Any] = json.loads(text.replace("jmpy_KEY", credential(world)))
        app = functions.load("authorizer")

        def walk() -> Outcome:
            try:
                response = app.handler(event, None)
            except Exception as fault:  # noqa: BLE001 - API Gateway responds to it
                # For this one it would respond that there is no credential.
                return Outcome(AGAIN, is_told=str(fault) != "Unauthorized")
            (statement,) = response["policyDocument"]["Statement"]
            return Outcome(200 if statement["Effect"] == "Allow" else DENIED)

        return walk

    return prepare


def _verified(world: World) -> Walk:
    app, token = functions.load("id_token"), id_token(world)

    def walk() -> Outcome:
        try:
            response = app.handler({"id_token": token}, None)
        except Exception:  # noqa: BLE001 - the authorizer gets it
            return Outcome(AGAIN)
        return Outcome(DENIED if "rejection" in response else 200)

    return walk
