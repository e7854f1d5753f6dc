"""`POST /api/v1/leaked-keys`: where secret scanners report keys that they found in public.

Public for API Gateway: a scanner signs its reports, and has no key of ours. The response does not
reveal whether a text was one.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import base64
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from jmpy import fetch
from jmpy.accounts.store import AccountStore
from jmpy.alerts.notifications.outbox import Outbox
from jmpy.alerts.store import AlertStore
from jmpy.audit import request_source
from jmpy.audit.model import Actor, ActorType, Channel, Origin
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.gateway import base_url, viewer
from jmpy.http import errors
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.leaks import report
from jmpy.leaks.errors import PublisherUnavailable
from jmpy.leaks.publisher import Publisher
from jmpy.leaks.service import LeakedKeys
from jmpy.notices.queue import mail_queue
from jmpy.settings import FunctionSettings, ReadWriteTable, WriteTable

logger = Logger()


@dataclass(frozen=True)
class Settings(FunctionSettings):
    accounts_table: ReadWriteTable
    audit_table: WriteTable
    activity_table: WriteTable
    alerts_queue_url: str
    owner_mails_queue_url: str
    alert_topic: str
    scanner_keys_url: str


settings = Settings.from_environment()
dynamodb = clients.dynamodb()
sns, sqs = clients.sns(), clients.sqs()
_store = KeyStore(dynamodb, settings.accounts_table)
_accounts = AccountStore(dynamodb, settings.accounts_table)
_audit = AuditLog(dynamodb, settings.audit_table)
_keys = KeyService(_store, _accounts, _audit)
_token_store = KeyTokenStore(dynamodb, settings.accounts_table)
_tokens = KeyTokenService(_token_store, _audit)
_alerts = AlertStore(dynamodb, settings.activity_table)


def public_keys() -> Any:
    """Raises PublisherUnavailable."""
    try:
        response = fetch.request("GET", settings.scanner_keys_url)
        if response.is_success:
            return response.json()
    except fetch.Unreachable as error:
        raise PublisherUnavailable(str(error)) from None
    raise PublisherUnavailable(f"status {response.status}")


publisher = Publisher(public_keys)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request_id = event["requestContext"]["requestId"]
    try:
        response = _response(event)
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        response = _error_response(api_error)
    response["headers"] |= {"Content-Type": "application/json", "X-Request-Id": request_id}
    logger.info("report", request_id=request_id, status=response["statusCode"])
    return response


def _response(event: dict[str, Any]) -> dict[str, Any]:
    """An empty list: feedback about single keys is optional, and would reveal which of them are
    ours. Raises the errors of the domain."""
    viewer.admit(event)
    if event["httpMethod"] != "POST":
        return _error_response(errors.method_not_allowed(["POST"]))
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    body = (event.get("body") or "").encode("utf-8", "replace")
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body)
    signed_with = headers.get("github-public-key-identifier") or ""
    publisher.verify(body, signed_with, headers.get("github-public-key-signature") or "")
    scanner = Origin(
        Actor(ActorType.SECRET_SCANNER, signed_with), request_source.source(event, Channel.API)
    )
    leaks = report.parse(body)
    outbox = _outbox(base_url.from_event(event))
    leaked = LeakedKeys(
        store=_store,
        keys=_keys,
        token_store=_token_store,
        tokens=_tokens,
        alerts=_alerts,
        outbox=outbox,
    )
    for leak in leaks:
        leaked.handle(leak, by=scanner)
    return {"statusCode": 200, "headers": {}, "body": "[]"}


def _outbox(address: str) -> Outbox:
    """`address`: what links in alerts start with."""
    queue, topic = settings.alerts_queue_url, settings.alert_topic
    mails = mail_queue(sqs, settings.owner_mails_queue_url)
    return Outbox(sns, topic, sqs, queue, address, mails=mails)


def _error_response(error: errors.ApiError) -> dict[str, Any]:
    return {"statusCode": error.status, "headers": dict(error.headers), "body": error.to_json()}
