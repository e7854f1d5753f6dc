"""The OpenAPI document against the code that it describes: schemathesis makes requests, right and
wrong ones, from the first and judges what the second answers.

In process, on moto: what the gateway does with a credential is the end-to-end tests' business.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import uuid4

import boto3
import pytest
import schemathesis
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.store import AlertStore
from jmpy.keys.store import KeyStore
from jmpy.webhooks.model import Webhook
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.store import WebhookStore
from project import functions, template
from project.hostile import fuzz, watching
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY
from project.template import PROJECT
from tests.integration import moto_tables
from tests.integration.key_tokens import token_service

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService

# Refusals of requests that the document allows, since a JSON schema cannot state the reason: by
# code and field. All other checks apply to them as to every answer.
UNSTATED = {
    ("INVALID_URL", "url"): "a host that cannot be, a user name, this service's own host",
    ("VALIDATION_ERROR", "custom_alias"): "a reserved word",
    ("VALIDATION_ERROR", "campaign_id"): "a campaign that there is not",
    ("VALIDATION_ERROR", "password"): "no letter of any alphabet",
    ("VALIDATION_ERROR", None): "another body for an Idempotency-Key; failed rows; no change",
    ("VALIDATION_ERROR", "body"): "an upload that is no CSV; not exactly one of its fields",
    ("VALIDATION_ERROR", "qrFormat"): "not there yet",
    ("VALIDATION_ERROR", "subdomain"): "none of the account, or contradicts url_type",
    ("VALIDATION_ERROR", "branded_domain"): "the same",
    ("INVALID_REQUEST", "subdomain"): "contradicts url_type",
    ("INVALID_REQUEST", "branded_domain"): "the same",
    ("VALIDATION_ERROR", "url"): "where no alerts are sent: other than https, with a password",
    ("VALIDATION_ERROR", "name"): "a key's that is nothing but spaces",
    ("VALIDATION_ERROR", "expires_at"): "a key's that is in the past",
    ("VALIDATION_ERROR", "labels"): "a comma, or control characters",
    ("VALIDATION_ERROR", "description"): "control characters",
    ("VALIDATION_ERROR", "not_before"): "in the past, or after the expiry",
    ("VALIDATION_ERROR", "allowed_ips"): "no address, or one that no request comes from",
    ("PRECONDITION_FAILED", None): "an entity tag that is not the link's",
    # Also If-Match: in its coverage phase schemathesis writes entity tags without their quotes.
    ("INVALID_REQUEST", "start_date"): "after end_date, too long ago, or where no range is taken",
    ("INVALID_REQUEST", "end_date"): "before start_date, or where no range is taken",
    ("INVALID_REQUEST", "expires_after"): "after expires_before",
    ("INVALID_REQUEST", "timezone"): "one that there is not",
    ("INVALID_REQUEST", "offset"): "beyond the bound",
    ("INVALID_REQUEST", "cursor"): "a cursor that no page gave",
    ("INVALID_REQUEST", "url"): "none: left out where the answer that is followed has none",
    ("INVALID_REQUEST", "status"): "no status, nor a class of them",
    ("INVALID_REQUEST", None): "a cursor that no page gave, a page beyond the bound",
}


ACCESS_LOGS = "/api/v1/access-logs"
API_KEYS = "/api/v1/api-keys"
AUDIT_LOG = "/api/v1/audit-log"
SHORT_URLS = "/api/v1/short-urls"
HELD_ALIASES = "/api/v1/held-aliases"
ANALYTICS = "/api/v1/analytics"
ALERTS = "/api/v1/alerts"
ALERT_SETTINGS = "/api/v1/alert-settings"
ALERT = Alert("a", "key-1", 1_800_000_000, KeyInUrl(), Evidence("192.0.2.1", "GET /", 200))
BODIES: dict[str, dict[str, Any]] = {
    SHORT_URLS: {"url": "https://example.com/"},
    API_KEYS: {"name": "one", "permissions": ["read"]},
}


DOCUMENT: Any = json.loads((PROJECT / "docs" / "openapi.json").read_text())


class Gateway:
    """A WSGI application that does with a request what API Gateway does: it finds the resource,
    makes an event and calls the function, for a caller whom it serves."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}
        self.responses: Counter[tuple[str, str, int]] = Counter()
        """By method, resource and status."""
        self.key_id = ""
        """Of the key whose tokens are requested."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = _event(environ)
        answer = self.handlers[sent["resource"]](sent, functions.LambdaContext())
        self.responses[sent["httpMethod"], sent["resource"], answer["statusCode"]] += 1
        fields = [(name, v) for name, vs in answer["multiValueHeaders"].items() for v in vs]
        start_response(f"{answer['statusCode']} -", fields)
        return [answer["body"].encode()]


def _event(environ: dict[str, Any]) -> dict[str, Any]:
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    resource, parameters = _resource(path)
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    event = functions.event(
        environ["REQUEST_METHOD"], path, resource=resource, parameters=parameters,
        body=body.decode(errors="replace") or None, authorizer=_caller(resource),
    )  # fmt: skip
    return event | {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
    }


def _resource(path: str) -> tuple[str, dict[str, str] | None]:
    resources = {event.path for event in template.api_events()}
    if path in resources:
        return path, None
    if tokens := re.fullmatch(rf"{API_KEYS}/([^/]+)/tokens(?:/([^/]+))?", path):
        key_id, token_id = tokens.groups()
        of_key = f"{API_KEYS}/{'current' if key_id == 'current' else '{id}'}/tokens"
        parameters = {"id": key_id} | ({"token_id": token_id} if token_id else {})
        return of_key + ("/{token_id}" if token_id else ""), parameters
    if path.startswith(ANALYTICS):
        *_, question, link = path.split("/", 5)
        return f"{ANALYTICS}/{question}/{{id}}", {"id": link}
    parts = path.split("/", 5)  # "", api, v1, the resource, its id, and what follows
    is_below = len(parts) > 5 and parts[5] in (
        "allowed-ips/preview",
        "callers",
        "dismiss",
        "pause",
        "resume",
        "rotate",
        "usage",
    )
    resource = "/".join([*parts[:4], "{id}", *parts[5:][:is_below]])
    return resource, {"id": parts[4] if is_below else "/".join(parts[4:])}


def _caller(resource: str) -> dict[str, str]:
    """One whom the operations of the resource serve."""
    if resource.startswith(f"{API_KEYS}/current/"):
        return functions.authorizer_context() | {"key_id": gateway.key_id}
    if resource.endswith("/current"):
        return functions.authorizer_context() | {"key_id": _new_id(API_KEYS)}
    if resource.startswith((API_KEYS, ACCESS_LOGS, ALERTS, ALERT_SETTINGS, AUDIT_LOG)):
        return functions.session_context()
    if resource.startswith(ANALYTICS):
        return functions.authorizer_context("analytics")
    return functions.authorizer_context()


def _documented(tag: str) -> Any:
    """The operations of a tag, as a source of requests to them."""
    document = copy.deepcopy(DOCUMENT)
    # In process the path begins with /api, and everybody is let in.
    del document["servers"], document["components"]["securitySchemes"]
    for operation in (told for path in document["paths"].values() for told in path.values()):
        del operation["security"]
    schema = schemathesis.openapi.from_dict(document).include(tag=tag)
    schema.app = gateway
    schema.config.seed = 1
    return schema


gateway = Gateway()
every_other_time = cycle((True, False))
links = _documented("Links")
bulk = _documented("Bulk")
usage = _documented("Usage")
analytics = _documented("Analytics")
keys = _documented("API keys")
key_usage = _documented("API key usage")
tokens = _documented("Short-lived tokens")
logs = _documented("Access log")
audit = _documented("Audit log")
alerts = _documented("Alerts")


@pytest.fixture(autouse=True)
def _functions(
    dynamodb: DynamoDBClient, accounts: AccountService, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fresh ones for each operation, which has to succeed at least once: a document whose every
    request is refused would pass all checks."""
    gateway.responses.clear()
    handlers = {folder: functions.load(folder).handler for folder in functions.FOLDERS.values()}
    gateway.handlers = {
        operation.path: handlers[functions.FOLDERS[operation.function]]
        for operation in functions.operations()
    }
    accounts.ensure("a", by=SOMEBODY)
    gateway.key_id = _new_id(API_KEYS)
    WebhookStore(dynamodb, ACTIVITY).add("a", Webhook("https://example.com/", "s"))
    AlertStore(dynamodb, ACTIVITY).add(ALERT)
    monkeypatch.setattr(WebhookSender, "send", lambda *_: 204)
    yield
    assert {200, 201} & {status for _, _, status in gateway.responses}


def _excluded(case: schemathesis.Case[Any], answer: Response) -> list[Any]:
    """The check that UNSTATED answers do not have to pass, nor requests that leave optional fields
    empty, which count as not sent."""
    if answer.status_code < 400:
        return [negative_data_rejection] if _leaves_empty(case) else []
    error = json.loads(answer.content)["error"]
    problems = error.get("details", {}).get("errors") or [{"field": None}]
    reasons = {(error.get("code"), problem["field"]) for problem in problems}
    return [positive_data_acceptance] if reasons <= UNSTATED.keys() else []


def _leaves_empty(case: schemathesis.Case[Any]) -> bool:
    query = list((case.query or {}).values())
    # An object or list without anything in it is an empty parameter, once it is in a URL.
    return any(value in ({}, []) for value in query) or _has_empty([*query, case.body])


def _has_empty(sent: Any) -> bool:
    values = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else []
    return any(value in ("", None) or _has_empty(value) for value in values)


def _created_at(path: str) -> str:
    """Where that is made which an id in the path is the id of."""
    return SHORT_URLS if path.startswith(ANALYTICS) else "/".join(path.split("/")[:4])


def _new_id(path: str) -> str:
    """Of a link or a key that was just made, or of the alert that there is; an alias that is just
    held."""
    if path == ALERTS:
        return ALERT.id
    if path == HELD_ALIASES:
        return _held_alias()
    sent = functions.event("POST", path, body=BODIES[path], authorizer=_caller(path))
    made: str = functions.call(gateway.handlers[path], sent).body["data"]["id"]
    return made


def _new_token_id() -> str:
    """Of the key whose tokens are requested; the only one that it has."""
    client = boto3.client("dynamodb")
    service, key = token_service(client), KeyStore(client, ACCOUNTS).get("a", gateway.key_id)
    service.revoke_all(key, by=SOMEBODY)
    return service.create(key).record.id


def _held_alias() -> str:
    alias = f"held-{uuid4()}"
    body, caller = {**BODIES[SHORT_URLS], "custom_alias": alias}, functions.authorizer_context()
    made = functions.event("POST", SHORT_URLS, body=body, authorizer=caller)
    gone = functions.event(
        "DELETE", f"{SHORT_URLS}/{alias}", resource=f"{SHORT_URLS}/{{id}}",
        parameters={"id": alias}, authorizer=caller,
    )  # fmt: skip
    for event in (made, gone):
        functions.call(gateway.handlers[SHORT_URLS], event)
    return alias


@schemathesis.pytest.parametrize(
    alerts=alerts,
    links=links,
    bulk=bulk,
    usage=usage,
    analytics=analytics,
    keys=keys,
    key_usage=key_usage,
    tokens=tokens,
    logs=logs,
    audit=audit,
)
@fuzz(0.5)
def test_every_answer_is_one_that_the_document_allows(case: schemathesis.Case[Any]) -> None:
    # Of the ids that schemathesis invents none is that of a link or a key.
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    identified = bool(positive and case.path_parameters)
    if identified and next(every_other_time):
        if "/tokens" in case.path:
            known = {"id": gateway.key_id, "token_id": _new_token_id()}
            case.path_parameters.update({name: known[name] for name in case.path_parameters})
        elif "id" in case.path_parameters:
            case.path_parameters["id"] = _new_id(_created_at(case.path))
    with watching("test_every_answer_is_one_that_the_document_allows"):
        answer = case.call()
    case.validate_response(answer, excluded_checks=_excluded(case, answer))
    if answer.status_code >= 400:
        assert json.loads(answer.content)["error"]["code"] in _codes(case, answer.status_code)


def _codes(case: schemathesis.Case[Any], status: int) -> set[str]:
    """Those that the operation is documented to respond with."""
    raw = case.operation.definition.raw["responses"][str(status)]
    name = raw["$ref"].rsplit("/", 1)[-1]
    examples = DOCUMENT["components"]["examples"]
    return {examples[error]["value"]["error"]["code"] for error in name.split(".")[1:]}


@pytest.mark.parametrize("document", [links, keys], ids=["links", "keys"])
def test_operations_after_each_other(document: Any) -> None:
    """What one made is what the next asks for: schemathesis follows ids from answer to request."""

    before = moto_tables.kept()

    class Steps(document.as_state_machine()):  # type: ignore[misc]  # made while this runs
        def setup(self) -> None:
            """The same answers to the same steps: an account may have a hundred keys, not more."""
            moto_tables.restore(before)
            super().setup()

        def call(self, case: Any, **named: Any) -> Any:
            with watching("test_operations_after_each_other"):
                return super().call(case, **named)

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, excluded_checks=_excluded(case, response))

    run_state_machine_as_test(Steps, settings=settings(fuzz(0.4), stateful_step_count=8))
