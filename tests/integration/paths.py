"""Every way through a function to AWS, ready to be walked: each declared operation, each page and
form, each event.

Operations and pages are read from the code, so that a new one is walked too, or fails for want of a
request here.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.item import alert_key
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.settings.thresholds import TUNABLES
from jmpy.alerts.store import AlertStore
from jmpy.audit import item as audit_item
from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.campaigns.changes import CampaignChanges, NewCampaign
from jmpy.campaigns.model import Campaign
from jmpy.campaigns.store import CampaignStore
from jmpy.checks.provider import Threat
from jmpy.clicks.model import Click
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.clock import DAY
from jmpy.domains.changes import DomainChanges, NewSubdomain
from jmpy.domains.claims import Claims, NewClaim
from jmpy.domains.files import DomainFiles
from jmpy.domains.hostnames import HostRules
from jmpy.domains.item import check_hour
from jmpy.domains.model import Domain, DomainState, WellKnownFile
from jmpy.domains.store import DomainStore
from jmpy.domains.tenant_store import TenantStore
from jmpy.domains.tenants import Tenants
from jmpy.gateway.own_names import NOWHERE
from jmpy.key_policy.service import KeyPolicies
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.links.takedown import Order, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.queue import ALERT
from jmpy.notices.takedowns import TakedownNotices
from jmpy.qr.content import ContentType, Url
from jmpy.qr.creation import NewQrCode, Place, QrCodeCreation
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode
from jmpy.qr.store import QrCodeStore
from jmpy.sessions.model import digest
from jmpy.webhooks.model import Webhook
from jmpy.webhooks.sender import DeliveryFailed
from jmpy.webhooks.store import WebhookStore
from local.dns_zone import Record
from project import clicks, functions, sample_account, template
from project.log_batches import packed
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, CLICKS, LINKS, SESSIONS
from tests import cognito
from tests.cognito import SUBJECT, FakeCognito
from tests.integration import moto_tables, nearby, retries
from tests.integration.browser import Browser
from tests.integration.campaigns import delete_campaign
from tests.integration.cloudfront import FakeCloudFront
from tests.integration.key_tokens import token_service
from tests.integration.outgoing import Call
from tests.integration.somebodys_links import SomebodysLinks
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.model import IssuedKey
    from jmpy.links.model import Link

ACCOUNT = SUBJECT
EVERYTHING = "read write delete analytics"
AGAIN = 503
"""In the place of a status: an event that has to come again."""


class Outcome(NamedTuple):
    status: int
    is_told: bool = True
    """Whether a fault is told as it has to be: the envelope or a page, and when to try again."""


Walk = Callable[[], Outcome]


@dataclass
class World:
    """An account with a key, a link that was clicked and an alert; all in the tables."""

    client: DynamoDBClient
    edge: UsagePlanKeys
    pool: FakeCognito
    now: int = field(default_factory=lambda: int(time.time()))
    key: IssuedKey = field(init=False)
    link: Link = field(init=False)
    alert: Alert = field(init=False)
    qr_code: QrCode = field(init=False)
    campaign: Campaign = field(init=False)
    branded: Domain = field(init=False)
    ids: dict[str, str] = field(default_factory=dict)
    """Of something that exists, by resource as in its path; a link's code elsewhere."""
    kept: Any = field(init=False)
    """The tables, to begin anew from."""
    csrf_token: str = field(init=False, default="")
    """Of the visitor's session."""
    _cookies: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.accounts = AccountService(
            AccountStore(self.client, ACCOUNTS),
            KeyStore(self.client, ACCOUNTS),
            self.edge,
            AuditLog(self.client, AUDIT),
            pause=lambda _: None,
        )
        self.keys = KeyService(
            KeyStore(self.client, ACCOUNTS),
            AccountStore(self.client, ACCOUNTS),
            AuditLog(self.client, AUDIT),
        )
        self.policies = KeyPolicies(
            AccountStore(self.client, ACCOUNTS), self.keys, AuditLog(self.client, AUDIT)
        )
        self.links = SomebodysLinks(LinkStore(self.client, LINKS))

    def fill(self) -> World:
        self.accounts.ensure(ACCOUNT, cognito.EMAIL, by=SOMEBODY)
        self.key = self.keys.create(ACCOUNT, "one", ["read"], self.now + 5 * DAY, by=SOMEBODY)
        self.link = self.links.create(
            ACCOUNT, NewLink("https://example.com/", custom_alias="sale", tags=("autumn",))
        )
        held = self.links.create(ACCOUNT, NewLink("https://example.com/", custom_alias="held-one"))
        self.links.remove(ACCOUNT, held.id)
        self.count([self.click(1)])
        evidence = Evidence("a", "b", 200)
        self.alert = Alert(ACCOUNT, self.key.record.id, self.now, KeyInUrl(), evidence)
        AlertStore(self.client, ACTIVITY).add(self.alert)
        WebhookStore(self.client, ACTIVITY).add(
            ACCOUNT, Webhook("https://hook.example.com/", "secret")
        )
        store = self.links._store
        new = NewQrCode(
            content_type=ContentType.URL,
            content=Url("https://example.com/menu"),
            look=Look(),
            is_dynamic=True,
        )
        creation = QrCodeCreation(QrCodeStore(self.client, LINKS), self.links, store)
        place = Place("https://go.example.com", NOWHERE)
        self.qr_code = creation.create(ACCOUNT, new, place).qr_code
        campaigns = CampaignChanges(CampaignStore(self.client, LINKS), AuditLog(self.client, AUDIT))
        self.campaign = campaigns.create(ACCOUNT, NewCampaign(name="Autumn"), by=SOMEBODY)
        member = NewLink("https://example.com/", "member", campaign_id=self.campaign.id)
        self.links.create(ACCOUNT, member)
        domains = DomainChanges(DomainStore(self.client, LINKS), AuditLog(self.client, AUDIT))
        subdomain = domains.create_subdomain(
            ACCOUNT,
            NewSubdomain(subdomain="autumn"),
            zone="go.example.com",
            limit=9,
            by=SOMEBODY,
        )
        files = DomainFiles(DomainStore(self.client, LINKS), AuditLog(self.client, AUDIT))
        files.put(ACCOUNT, subdomain.id, WellKnownFile.APPLE, {}, by=SOMEBODY)
        self.branded = self._claimed(domains)
        self.ids = {
            "branded": self.branded.id,
            "domains": subdomain.id,
            "qr-codes": self.qr_code.id,
            "qranalytics": self.qr_code.id,
            "campaigns": self.campaign.id,
            "tags": "autumn",
            "alerts": self.alert.id,
            "api-keys": self.key.record.id,
            "held-aliases": "held-one",
        }
        self.kept = moto_tables.kept()
        return self

    def _claimed(self, domains: DomainChanges) -> Domain:
        """With the DNS records that prove it."""
        claims = Claims(DomainStore(self.client, LINKS), domains, AuditLog(self.client, AUDIT))
        rules, new = HostRules(NOWHERE, frozenset()), NewClaim(host="go.acme.com")
        return claims.create(ACCOUNT, new, rules=rules, limit=9, by=SOMEBODY)

    def prove(self) -> None:
        """Adds the DNS records of its claim."""
        app = functions.load("branded_domains")
        records = app.resource.branded.verification.records(self.branded)
        nearby.DNS.records = [
            Record(records.host, "CNAME", records.target),
            Record(records.txt_name, "TXT", records.txt_value),
        ]

    def token_id(self) -> str:
        """Of a short-lived token of the key."""
        return token_service(self.client).create(self.key.record).record.id

    def visitor(self) -> Browser:
        """Somebody who signed in, and an execution environment that has served nothing. All walks
        share the session: its tables are those to begin anew from."""
        if not self._cookies:
            browser = Browser(self.pool)
            browser.sign_in()
            self._cookies, self.kept = browser.cookies, moto_tables.kept()
            self.csrf_token = browser.csrf_token()
            moto_tables.restore(self.kept)
        browser = Browser(self.pool)
        browser.cookies = dict(self._cookies)
        return browser

    def click(self, number: int) -> Click:
        return clicks.click(number, link=self.link.id, account=ACCOUNT, at=self.now * 1000)

    def count(self, made: list[Click]) -> None:
        ClickRecorder(ClickStore(self.client, CLICKS, LINKS, 30)).record(made)


class Path(NamedTuple):
    name: str
    function: str
    """Logical id in the template."""
    prepare: Callable[[World], Walk]
    is_one_step: bool = True
    """Whether it changes all that it changes at once; otherwise what comes again does the rest."""
    does_without: frozenset[str | Call] = frozenset()
    """Services and calls that it gets along without."""

    @property
    def timeout(self) -> float:
        properties = template.resources("AWS::Serverless::Function")[self.function]
        seconds = properties.get("Timeout", template.load()["Globals"]["Function"]["Timeout"])
        return float(seconds)


def every() -> Iterator[Path]:
    yield from _operations()
    yield from pages()
    yield Path("GET /login/callback, a second time", "DashboardFunction", _signing_in_again, False)
    yield Path("GET /dashboard, an hour later", "DashboardFunction", _refreshed)
    yield from _public()
    yield from _events()


# Operations of the API

REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/v1/short-urls/{id}"): {"body": {"name": "Two", "custom_alias": "other"}},
    ("PATCH", "/api/v1/short-urls/{id}"): {"body": {"name": "Two"}},
    ("GET", "/api/v1/short-urls/check-alias"): {"query": {"alias": "free-one"}},
    ("GET", "/api/v1/short-urls/lookup"): {"query": {"url": "https://example.com/"}},
    ("POST", "/api/v1/bulk-urls/validate"): {
        "body": {"csv_content": "url,custom_alias\nhttps://example.com/,row\n"}
    },
    ("POST", "/api/v1/bulk-urls/create"): {
        "body": {"csv_content": "url,custom_alias\nhttps://example.com/,row\n"}
    },
    ("PUT", "/api/v1/qr-codes/{id}"): {"body": {"content_data": {"url": "https://example.com/2"}}},
    ("PATCH", "/api/v1/qr-codes/{id}"): {"body": {"name": "Two"}},
    ("POST", "/api/v1/campaigns"): {"body": {"name": "Winter"}},
    ("DELETE", "/api/v1/campaigns/{id}"): {"query": {"force": "true"}},
    ("POST", "/api/v1/campaigns/{id}/urls"): {"body": {"short_urls": ["sale"]}},
    ("PUT", "/api/v1/campaigns/{id}"): {"body": {"name": "Two", "archived": True}},
    ("PATCH", "/api/v1/campaigns/{id}"): {"body": {"name": "Two"}},
    ("PUT", "/api/v1/domains/{id}/files/{name}"): {"body": {"content": {"applinks": {}}}},
    ("POST", "/api/v1/domains/subdomains"): {"body": {"subdomain": "winter"}},
    ("PATCH", "/api/v1/domains/subdomains/{id}"): {"body": {"root_url": "https://example.com/"}},
    ("POST", "/api/v1/domains/branded"): {"body": {"domain": "winter.acme.com"}},
    ("PATCH", "/api/v1/domains/branded/{id}"): {"body": {"root_url": "https://example.com/"}},
    ("PATCH", "/api/v1/tags/{id}"): {"body": {"name": "winter"}},
    ("PUT", "/api/v1/alert-settings/webhook"): {"body": {"url": "https://other.example.com/"}},
    ("PATCH", "/api/v1/api-keys/policy"): {"body": {"max_key_days": 90}},
    ("PATCH", "/api/v1/api-keys/{id}"): {"body": {"name": "two"}},
}
"""What requests need here, where it is not that of the sample account."""

_STEPWISE = {"POST /api/v1/api-keys/policy/apply", "POST /api/v1/domains/branded/{id}/verify"}
"""Operations that change one thing after another."""

_IDEMPOTENT = {"headers": {"Idempotency-Key": "once"}}
_ONCE = {"POST /api/v1/short-urls", "POST /api/v1/qr-codes/generate", "POST /api/v1/campaigns"}


def _operations() -> Iterator[Path]:
    for operation in functions.operations():
        name = f"{operation.method} {operation.path}"
        yield Path(name, operation.function, requested(operation), name not in _STEPWISE)
        if name in _ONCE:
            named = requested(operation, **_IDEMPOTENT)
            yield Path(f"{name}, to be created once", operation.function, named)
        if name == "POST /api/v1/short-urls":
            with_budget = requested(operation, caller=with_a_budget())
            yield Path(f"{name}, with a budget", operation.function, with_budget)


def with_a_budget(**changes: str) -> dict[str, str]:
    """A key, as the authorizer identifies it."""
    budget = {"budget": "key-1 url_creation=10"}
    return functions.authorizer_context("write", ACCOUNT) | budget | changes


def requested(
    operation: functions.Operation, caller: dict[str, str] | None = None, **more: Any
) -> Callable[[World], Walk]:
    """By `caller`; without one, by a session or, if it is about the key of the request, by that."""
    folder = functions.FOLDERS[operation.function]

    def prepare(world: World) -> Walk:
        noun = "branded" if "/branded/" in operation.path else operation.path.split("/")[3]
        wanted = world.ids.get(noun, world.link.short_code)
        context = caller or functions.session_context(ACCOUNT)
        if "/current" in operation.path:
            context = functions.authorizer_context("", ACCOUNT) | {"key_id": world.key.record.id}
        link_id = "member" if operation.method == "DELETE" else world.link.id
        path, parameters = functions.at(
            operation.path,
            wanted,
            token_id=world.token_id(),
            link_id=link_id,
            name=WellKnownFile.APPLE.value,
        )
        event = functions.event(
            operation.method,
            path,
            resource=operation.path,
            parameters=parameters,
            authorizer=context,
            **sent(operation),
            **more,
        )
        if operation.path.endswith("/verify"):
            world.prove()
        if operation.path.endswith("/policy/apply"):
            world.policies.set(ACCOUNT, 1, by=SOMEBODY)
        app = functions.load(folder)
        return lambda: _answered(functions.call(app.handler, event))

    return prepare


def sent(operation: functions.Operation) -> dict[str, Any]:
    body = sample_account.BODIES.get(f"{operation.method} {operation.path}")
    return REQUESTS.get((operation.method, operation.path), {"body": body})


def _answered(response: functions.Response) -> Outcome:
    if response.status < 500:
        return Outcome(response.status)
    is_told = "retry-after" in response.headers and "x-request-id" in response.headers
    if response.headers["content-type"] == "application/json":
        is_told &= response.code == "SERVICE_UNAVAILABLE"
    return Outcome(response.status, is_told)


# Pages and forms of the dashboard

_KEY_FORM = {"name": "two", "permissions": "read", "expiry": "never", "environment": ""}
_LINK_FORM = {"url": "https://example.com/new", "custom_alias": "sale", "version": "1"}
FORMS: dict[str, Callable[[World], dict[str, str]]] = {
    "/dashboard/getting-started/hide": lambda _: {},
    "/dashboard/getting-started/show": lambda _: {},
    "/dashboard/api-keys": lambda _: _KEY_FORM,
    "/dashboard/api-keys/policy": lambda _: {"max_key_days": "1", "version": "0"},
    "/dashboard/api-keys/policy/apply": lambda _: {"version": "0"},
    "/dashboard/api-keys/<id>": lambda world: _KEY_FORM | _key_version(world),
    "/dashboard/api-keys/<id>/allowed-ips/preview": lambda world: _KEY_FORM | _key_version(world),
    "/dashboard/api-keys/<id>/pause": lambda _: {},
    "/dashboard/api-keys/<id>/resume": lambda _: {},
    "/dashboard/api-keys/<id>/rotate": lambda world: {"grace_days": "1"} | _key_version(world),
    "/dashboard/api-keys/<id>/revoke": lambda _: {},
    "/dashboard/api-keys/<id>/tokens/revoke": lambda world: {"token": world.token_id()},
    "/dashboard/api-keys/revoke": lambda world: {"key": world.key.record.id},
    "/dashboard/links": lambda _: {"url": "https://example.com/new"},
    "/dashboard/links/<id>": lambda world: _LINK_FORM | {"version": _version(world)},
    "/dashboard/links/<id>/qr-code": lambda _: {},
    "/dashboard/qr-codes/new/<kind>": lambda _: {
        "content_data.url": "https://example.com/new",
        "is_dynamic": "on",
    },
    "/dashboard/qr-codes/new/<kind>/preview": lambda _: {
        "content_data.url": "https://example.com/new"
    },
    "/dashboard/qr-codes/<id>": lambda world: {
        "name": "Menu",
        "tracking_enabled": "on",
        "content_data.url": "https://example.com/new",
        "version": str(world.qr_code.version),
        "link_version": str(world.links.get(ACCOUNT, world.qr_code.link_id or "").version),
    },
    "/dashboard/qr-codes/<id>/delete": lambda _: {},
    "/dashboard/campaigns": lambda _: {"name": "Winter"},
    "/dashboard/campaigns/<id>": lambda world: {
        "name": "Two",
        "version": str(world.campaign.version),
    },
    "/dashboard/campaigns/<id>/delete": lambda _: {},
    "/dashboard/campaigns/<id>/links/remove": lambda _: {"link": "member"},
    "/dashboard/domains/new/subdomain": lambda _: {"subdomain": "winter"},
    "/dashboard/domains/new/branded": lambda _: {"domain": "winter.acme.com"},
    "/dashboard/domains/<id>/check": lambda _: {},
    "/dashboard/domains/<id>/delete": lambda _: {},
    "/dashboard/domains/<id>/apple-app-site-association": lambda _: {"content": "[1]"},
    "/dashboard/domains/<id>/assetlinks.json": lambda _: {"content": "[]"},
    "/dashboard/domains/<id>": lambda _: {"name": "Two", "version": "2"},
    "/dashboard/tags/rename": lambda _: {"tag": "autumn", "name": "Winter"},
    "/dashboard/tags/remove": lambda _: {"tag": "autumn"},
    "/dashboard/links/<id>/destination": lambda world: {
        "url": "https://example.com/new",
        "version": _version(world),
    },
    "/dashboard/links/held-aliases/release": lambda _: {"alias": "held-one"},
    "/dashboard/links/<id>/delete": lambda _: {},
    "/dashboard/alerts/<id>/dismiss": lambda _: {},
    "/dashboard/alerts/<id>/revoke": lambda _: {},
    "/dashboard/alerts/settings": lambda _: dict.fromkeys(TUNABLES, ""),
    "/dashboard/alerts/settings/defaults": lambda _: {},
    "/dashboard/alerts/email": lambda _: {},
    "/dashboard/alerts/webhook": lambda _: {"url": "https://other.example.com/"},
    "/dashboard/alerts/webhook/test": lambda _: {},
    "/dashboard/alerts/webhook/secret": lambda _: {},
    "/dashboard/alerts/webhook/remove": lambda _: {},
    "/dashboard/sessions/<id>/end": lambda _: {},
    "/dashboard/sessions/end-all": lambda _: {},
    "/logout": lambda _: {},
}
_IN_STEPS = {
    "/dashboard/alerts/<id>/revoke",
    "/dashboard/domains/<id>/check",
    "/dashboard/sessions/end-all",
}


def _version(world: World) -> str:
    return str(world.links.get(ACCOUNT, world.link.id).version)


def _key_version(world: World) -> dict[str, str]:
    return {"version": str(world.key.record.version)}


def pages() -> Iterator[Path]:
    for path, methods in functions.site_paths().items():
        for method in sorted(methods):
            if path == "/login/callback":
                yield Path("GET /login/callback", "DashboardFunction", _signing_in, False)
            else:
                yield Path(
                    f"{method} {path}", "DashboardFunction", _visited(method, path),
                    is_one_step=path not in _IN_STEPS,
                )  # fmt: skip


def _visited(method: str, path: str) -> Callable[[World], Walk]:
    def prepare(world: World) -> Walk:
        browser = world.visitor()
        wanted = world.link.id
        if "/api-keys/" in path:
            wanted = world.key.record.id
        elif "/campaigns/" in path:
            wanted = world.campaign.id
        elif "/domains/" in path:
            wanted = world.ids["branded" if path.endswith("/check") else "domains"]
        elif "/qr-codes/" in path:
            wanted = world.qr_code.id
        elif "/alerts/" in path:
            wanted = world.alert.id
        elif "/sessions/" in path:
            other = Browser(world.pool)
            other.sign_in()
            wanted = digest(other.session_id or "")
        url = path.replace("<id>", wanted).replace("<name>", "dashboard.css")
        url = url.replace("<kind>", "url")
        if method == "GET":
            url += "?alias=held-one" if path.endswith("/release") else ""
            url += "?tag=autumn" if "/tags/" in path else ""
            url += "?subdomain=winter" if path.endswith("/availability") else ""
            url += f"?key={wanted}" if path.endswith("/api-keys/revoke") else ""
            return lambda: _answered(browser.get(url))
        if path.endswith("/check"):
            world.prove()
        form = {"csrf_token": world.csrf_token, "form_token": "0" * 32, **FORMS[path](world)}
        return lambda: _answered(browser.post(url, form))

    return prepare


def _signing_in(world: World) -> Walk:
    world.client.delete_item(
        TableName=ACCOUNTS, Key={"pk": {"S": f"account#{ACCOUNT}"}, "sk": {"S": "account"}}
    )
    return _signing_in_again(world)


def _signing_in_again(world: World) -> Walk:
    """Who is refused begins anew: the code was good once."""
    browser = Browser(world.pool)
    states = [browser.start()]
    browser.app = functions.load("dashboard")

    def walk() -> Outcome:
        state = states.pop() if states else browser.start()
        return _answered(browser.get(f"/login/callback?code=code&state={state}"))

    return walk


def _refreshed(world: World) -> Walk:
    browser = Browser(world.pool)
    browser.sign_in()
    for item in world.client.scan(TableName=SESSIONS)["Items"]:
        world.client.put_item(TableName=SESSIONS, Item={**item, "proven_until": {"N": "1"}})
    browser.app = functions.load("dashboard")
    return lambda: _answered(browser.get("/dashboard/plan"))


# What needs no key: redirects, reports of leaked keys


def _public() -> Iterator[Path]:
    queue = frozenset({"sqs"})
    yield Path("GET /{short_code}", "RedirectFunction", _followed(), does_without=queue)
    yield Path("GET /{short_code}+", "RedirectFunction", _followed(behind="+"))
    yield Path(
        "POST /{short_code}, with its password", "RedirectFunction", _unlocked, does_without=queue
    )
    yield Path("POST /api/v1/leaked-keys", "LeakedKeysFunction", _reported, is_one_step=False)


def _followed(method: str = "GET", *, behind: str = "", **sent: Any) -> Callable[[World], Walk]:
    def prepare(world: World) -> Walk:
        code = f"{world.link.short_code}{behind}"
        event = functions.event(
            method, f"/{code}", resource="/{proxy+}", parameters={"proxy": code}, **sent
        )
        app = functions.load("redirect")
        return lambda: _answered(functions.call(app.handler, event))

    return prepare


def _unlocked(world: World) -> Walk:
    world.links.change(ACCOUNT, world.link.id, {"password": "open sesame"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _followed("POST", body="password=open+sesame", headers=form)(world)


def _reported(world: World) -> Walk:
    from tests.integration.test_leaked_keys import Scanner, found  # noqa: PLC0415 - no circle

    scanner = Scanner()
    return lambda: _answered(scanner.report(found(world.key.secret)))


# Events


def _events() -> Iterator[Path]:
    yield Path("counting clicks", "ClicksFunction", _counted)
    yield Path("queueing links to check", "LinkChecksFunction", _to_check)
    yield Path("checking domains", "DomainChecksFunction", _domains_checked, is_one_step=False)
    yield Path("checking links", "LinkChecksFunction", _checked, is_one_step=False)
    yield Path("removing clicks", "ClickRemovalFunction", _removed, is_one_step=False)
    yield Path("removing memberships", "ClickRemovalFunction", _campaign_removed, is_one_step=False)
    yield Path("removing a domain", "DomainRemovalsFunction", _emptied, is_one_step=False)
    yield Path("reading the access log", "ActivityFunction", _read, is_one_step=False)
    told = frozenset({Call("dynamodb", "UpdateItem", "activity")})  # how the delivery went
    yield Path("delivering an alert", "AlertDeliveryFunction", _delivered, does_without=told)
    yield Path("creating a key at the edge", "EdgeKeyFunction", _admitted)
    yield Path("taking hosts out of service", "DomainTenantsFunction", _swept)
    yield Path("disabling a webhook", "AlertDeliveryFunction", _disabled, is_one_step=False)
    yield Path("sending notices", "NoticesFunction", _noticed, is_one_step=False)
    yield Path("queueing a mail about a key", "NoticesFunction", _key_streamed)
    yield Path("mailing about a key", "NoticesFunction", _key_mailed, is_one_step=False)
    yield Path("mailing about an alert", "NoticesFunction", _alert_mailed, is_one_step=False)


def _handled(folder: str, event: dict[str, Any]) -> Walk:
    return _handling(functions.load(folder), event)


def _handling(app: Any, event: dict[str, Any]) -> Walk:
    def walk() -> Outcome:
        try:
            response = app.handler(event, LambdaContext())
        except Exception:  # noqa: BLE001 - Lambda, the queue or the stream brings it again
            return Outcome(AGAIN)
        return Outcome(AGAIN if response and response.get("batchItemFailures") else 200)

    return walk


class LambdaContext(functions.LambdaContext):
    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def _counted(world: World) -> Walk:
    bodies = [json.dumps(asdict(world.click(number))) for number in (2, 3)]
    records = [
        {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}
        for number, body in enumerate(bodies)
    ]
    return _handled("clicks", {"Records": records})


def _to_check(world: World) -> Walk:
    keys = {"pk": {"S": f"code#{world.link.short_code}"}, "sk": {"S": "code"}}
    record = {"eventSource": "aws:dynamodb", "dynamodb": {"Keys": keys}}
    return _handling(functions.load("link_checks"), {"Records": [record]})


def _checked(world: World) -> Walk:
    """Of a destination that is unsafe."""
    app = functions.load("link_checks")
    app.checks._provider.threats = lambda urls: dict.fromkeys(
        urls, Threat(TakedownReason.MALWARE, 300)
    )
    body = json.dumps([world.link.short_code])
    record = {"eventSource": "aws:sqs", "messageId": "1", "body": body}
    return _handling(app, {"Records": [record]})


def _domains_checked(world: World) -> Walk:
    """Of a domain that fails now, since its records are gone for the third day."""
    app = functions.load("domain_checks")
    active = {"state": DomainState.ACTIVE, "misses": 2, "missed_at": 1, "updated_at": 1}
    owned = app.branded.owners.take(world.branded, active, None)
    nearby.DNS.records = []
    hour = datetime(2026, 11, 23, check_hour(owned.id), tzinfo=UTC)
    return _handling(app, {"time": hour.isoformat()})


def _removed(world: World) -> Walk:
    world.links.remove(ACCOUNT, world.link.id)
    return _streamed_removal(f"link#{world.link.id}")


def _campaign_removed(world: World) -> Walk:
    delete_campaign(world.client, ACCOUNT, world.campaign.id)
    return _streamed_removal(f"campaign#{world.campaign.id}")


def _streamed_removal(sort_key: str) -> Walk:
    keys = {"pk": {"S": f"account#{ACCOUNT}"}, "sk": {"S": sort_key}}
    record = {
        "eventID": "1",
        "eventName": "REMOVE",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": "1"},
    }
    return _handled("click_removal", {"Records": [record]})


def _emptied(world: World) -> Walk:
    """Of a domain that is being deleted, with a link on it."""
    store = DomainStore(world.client, LINKS)
    domain = store.find(ACCOUNT, world.ids["domains"])
    world.links.create(ACCOUNT, NewLink("https://example.com/", host=domain.host))
    store.close(domain, {"state": DomainState.DELETING})
    body = json.dumps({"account_id": ACCOUNT, "domain_id": domain.id})
    record = {"eventSource": "aws:sqs", "messageId": "1", "body": body}
    return _handled("domain_removals", {"Records": [record]})


def _read(world: World) -> Walk:
    """Of a key that came in a query: that is told."""
    at = world.now * 1000
    message = line(
        time=str(at), accountId=ACCOUNT, keyId=world.key.record.id, credential="query",
        status="200",
    )  # fmt: skip
    world.client.delete_item(
        TableName=ACTIVITY, Key=alert_key(ACCOUNT, world.alert.at, world.alert.id)
    )
    event, app = packed([message]), functions.load("activity")
    retries.create()

    def walk() -> Outcome:
        outcome = _handling(app, event)()
        # What is in the queue comes again.
        return Outcome(AGAIN) if retries.taken() else outcome

    return walk


def _admitted(_world: World) -> Walk:
    return _handled("edge_key", {"account_id": "somebody-new"})


def _swept(world: World) -> Walk:
    """With a tenant of a host that is nobody's; CloudFront itself is not walked."""
    cloudfront = FakeCloudFront(lambda: world.now)
    cloudfront.pointed.add("go.acme.com")
    app = functions.load("domain_tenants")
    tenants = Tenants(TenantStore(cloudfront, app.place), app.domains.records)
    tenants.serve("go.acme.com")
    app.tenants = lambda: tenants
    return _handling(app, {"source": "aws.events"})


def _delivered(world: World) -> Walk:
    app = functions.load("alert_delivery")
    app.delivery._sender.send = lambda *_: None
    body = json.dumps({"id": world.alert.id, "account_id": ACCOUNT})
    return _handling(app, _queued(body))


def _disabled(world: World) -> Walk:
    """A webhook that failed for days, and does once more."""
    names = {":since": world.now - 6 * DAY, ":failures": 50}
    world.client.update_item(
        TableName=ACTIVITY,
        Key={"pk": {"S": f"account#{ACCOUNT}"}, "sk": {"S": "webhook"}},
        UpdateExpression="SET failing_since = :since, failures = :failures",
        ExpressionAttributeValues={name: {"N": str(value)} for name, value in names.items()},
    )
    boto3.client("sesv2").create_email_identity(EmailIdentity="jmpy@example.com")
    app = functions.load("alert_delivery")

    def fail(*_: object) -> None:
        raise DeliveryFailed("status 500", 500)

    app.delivery._sender.send = fail
    return _handling(app, _queued(json.dumps({"id": world.alert.id, "account_id": ACCOUNT})))


def _queued(body: str) -> dict[str, Any]:
    attributes = {"SentTimestamp": str(int(time.time() * 1000))}
    return {"Records": [{"messageId": "1", "body": body, "attributes": attributes}]}


def _key_entry(world: World) -> dict[str, Any]:
    """Of the creation of the account's key."""
    (entry,) = AuditLog(world.client, AUDIT).all(
        ACCOUNT, EntryFilter(world.key.record.id, action=Action.KEY_CREATED), 1
    )
    return audit_item.to_item(entry)


def _key_streamed(world: World) -> Walk:
    image = _key_entry(world)
    created = int(image["sk"]["S"].partition("#")[0]) / 1000
    change = {"ApproximateCreationDateTime": created, "NewImage": image}
    record = {"eventSource": "aws:dynamodb", "dynamodb": change}
    return _handled("notices", {"Records": [record]})


def _key_mailed(world: World) -> Walk:
    return _mailed({"kind": "api_key", "account_id": ACCOUNT, "entry": _key_entry(world)})


def _alert_mailed(world: World) -> Walk:
    return _mailed({"kind": ALERT, "account_id": ACCOUNT, "id": world.alert.id})


def _mailed(message: dict[str, Any]) -> Walk:
    boto3.client("sesv2").create_email_identity(EmailIdentity="jmpy@example.com")
    record = {"eventSource": "aws:sqs", "messageId": "1", "body": json.dumps(message)}
    return _handled("notices", {"Records": [record]})


def _noticed(world: World) -> Walk:
    """Of a key that ends and a link that was taken down."""
    store, notices = TakedownStore(world.client, LINKS), TakedownNotices(world.client, ACTIVITY)
    takedowns = TakedownService(store, AuditLog(world.client, AUDIT), notices)
    order = Order(Cause.LINK, TakedownReason.SPAM)
    takedowns.take_down(world.link.short_code, order, by=SOMEBODY)
    app = functions.load("notices")
    boto3.client("sesv2").create_email_identity(EmailIdentity="jmpy@example.com")
    begun, hours = time.time(), itertools.count()

    def walk() -> Outcome:
        now = begun + 3600 * next(hours)  # the next run comes an hour later
        app.takedowns._now = lambda: now
        return _handling(app, {})()

    return walk
