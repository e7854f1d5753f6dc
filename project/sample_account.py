"""An account for which every operation has something to do, and a request of each operation."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jmpy.access.policy import Caller
from jmpy.accounts.model import Account, Subscription
from jmpy.accounts.store import AccountStore
from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.store import AlertStore
from jmpy.audit.store import AuditLog
from jmpy.campaigns.changes import CampaignChanges, NewCampaign
from jmpy.campaigns.model import Campaign
from jmpy.campaigns.store import CampaignStore
from jmpy.domains.changes import DomainChanges, NewSubdomain
from jmpy.domains.claims import Claims, NewClaim
from jmpy.domains.files import DomainFiles
from jmpy.domains.hostnames import HostRules
from jmpy.domains.model import Domain, WellKnownFile
from jmpy.domains.store import DomainStore
from jmpy.gateway.own_names import NOWHERE
from jmpy.key_policy.service import KeyPolicies
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from jmpy.keys.model import ApiKey
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.links.model import Link
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.qr.content import ContentType, Url
from jmpy.qr.creation import NewQrCode, Place, QrCodeCreation
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode
from jmpy.qr.store import QrCodeStore
from jmpy.webhooks.model import Webhook
from jmpy.webhooks.store import WebhookStore
from project import functions
from project.analytics import Clicked
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Operation

EVERYTHING = "read write delete analytics"
URL = "https://example.com/"

BODIES: dict[str, dict[str, Any]] = {
    "PUT /api/v1/domains/{id}/files/{name}": {"content": {"applinks": {}}},
    "POST /api/v1/short-urls": {"url": URL},
    "POST /api/v1/qr-codes/generate": {"content_type": "url", "content_data": {"url": URL}},
    "POST /api/v1/api-keys": {"name": "another", "permissions": ["read"]},
    "POST /api/v1/api-keys/{id}/allowed-ips/preview": {"allowed_ips": ["203.0.113.0/24"]},
    "POST /api/v1/api-keys/{id}/rotate": {"grace_period": 0},
    "PATCH /api/v1/api-keys/policy": {"max_key_days": None},
    "POST /api/v1/api-keys/current/tokens": {"permissions": ["read"]},
    "POST /api/v1/api-keys/verify": {"key": "jmpy_"},
    "PATCH /api/v1/alert-settings": {"thresholds": {"burst_factor": 20}},
    "PUT /api/v1/alert-settings/webhook": {"url": URL},
}
"""What operations are sent, unless the sample account or a test has something else for them."""

_REJECTED_URL = "https://127.0.0.1/"

_NAMED = (
    "/api-keys/{id}", "/branded/{id}", "/campaigns/{id}", "/qr-codes/{id}", "/short-urls/{id}",
    "/subdomains/{id}", "/tags/{id}",
)  # fmt: skip

_ENDING = ("DELETE", "POST")
"""Methods that leave their link, key or alert unfit for a second request."""


class SampleAccount:
    """On the tables of the tests; `client` creates it, and is not one whose calls count."""

    def __init__(self, client: DynamoDBClient, account_id: str = "acme") -> None:
        self.id = account_id
        self._store = LinkStore(client, LINKS)
        self._links = LinkService(self._store)
        accounts = AccountStore(client, ACCOUNTS)
        self._alerts = AlertStore(client, ACTIVITY)
        self._webhooks = WebhookStore(client, ACTIVITY)
        audit = AuditLog(client, AUDIT)
        self._keys = KeyService(KeyStore(client, ACCOUNTS), accounts, audit)
        self._tokens = KeyTokenService(KeyTokenStore(client, ACCOUNTS), audit)
        self._policies = KeyPolicies(accounts, self._keys, audit)
        accounts.add(Account(self.id, Subscription("enterprise", "edge-key"), int(time.time())))
        self.url = f"{URL}{account_id}"
        self._qr_codes = QrCodeCreation(QrCodeStore(client, LINKS), self._links, self._store)
        self._campaigns = CampaignChanges(CampaignStore(client, LINKS), audit)
        domains = DomainStore(client, LINKS)
        self._domains = DomainChanges(domains, audit)
        self._files = DomainFiles(domains, audit)
        self._claims = Claims(domains, self._domains, audit)
        self.link = self.new_link()
        self.qr_code = self.new_qr_code()
        self.campaign = self.new_campaign()
        self.subdomain = self.new_subdomain()
        self.branded_domain = self.new_branded_domain()
        self.new_link(url=f"{self.url}/promo", host=self.subdomain.host)
        self.key = self.new_key()
        self.alert = self.new_alert()
        now = datetime.now(UTC).isoformat()
        Clicked(client).keep(self.link, now, "a scan", qr_id=self.qr_code.id)

    def new_link(self, **fields: Any) -> Link:
        return self._links.create(self.id, NewLink(**{"url": self.url, **fields}))

    def new_qr_code(self) -> QrCode:
        """A dynamic one."""
        new = NewQrCode(
            content_type=ContentType.URL,
            content=Url(f"{URL}menu"),
            look=Look(),
            is_dynamic=True,
        )
        return self._qr_codes.create(self.id, new, Place("https://go.example.com", NOWHERE)).qr_code

    def new_campaign(self) -> Campaign:
        new = NewCampaign(name=f"campaign {uuid4()}")
        return self._campaigns.create(self.id, new, by=SOMEBODY)

    def new_subdomain(self) -> Domain:
        new = NewSubdomain(subdomain=f"s{uuid4()}")
        return self._domains.create_subdomain(
            self.id, new, zone="go.example.com", limit=1000, by=SOMEBODY
        )

    def new_domain_with_file(self) -> Domain:
        domain = self.new_subdomain()
        return self._files.put(self.id, domain.id, WellKnownFile.APPLE, {}, by=SOMEBODY)

    def new_branded_domain(self) -> Domain:
        """A claim."""
        return self._claims.create(
            self.id,
            NewClaim(host=f"s{uuid4()}.acme.com"),
            rules=HostRules(NOWHERE, frozenset()),
            limit=1000,
            by=SOMEBODY,
        )

    def new_tag(self) -> str:
        """Of one link."""
        (tag,) = self.new_link(tags=(uuid4().hex,)).tags
        return tag

    def new_held_alias(self) -> str:
        link = self.new_link()
        self._store.remove(link, int(time.time()))
        return link.short_code

    def new_key(self) -> ApiKey:
        return self._keys.create(self.id, "one", ["read"], by=SOMEBODY).record

    def new_token_id(self, operation: Operation, key: ApiKey) -> str:
        """Of a short-lived token of the key, if the operation has something to do with one."""
        if operation.method != "DELETE" or "/tokens" not in operation.path:
            return ""
        return self._tokens.create(key).record.id

    def new_link_id(self, operation: Operation, campaign_id: str) -> str:
        """Of a link for the campaign, or in it, if the operation has something to do with one."""
        if "{link_id}" not in operation.path:
            return ""
        in_it = operation.method == "DELETE"
        return self.new_link(campaign_id=campaign_id if in_it else None).id

    def new_alert(self) -> Alert:
        evidence = Evidence("192.0.2.1", "GET /api/v1/short-urls", 200)
        now = int(time.time())
        alert = Alert(self.id, str(uuid4()), now, KeyInUrl(), evidence)
        assert self._alerts.add(alert)
        return alert

    def _have_new_webhook(self) -> None:
        """One that was not tested yet; its address is rejected, so nothing is sent."""
        for url in (_REJECTED_URL, URL):
            self._webhooks.remove(self.id, url)
        self._webhooks.add(self.id, Webhook(_REJECTED_URL, "secret"))

    def have_policy(self, max_key_days: int | None) -> None:
        self._policies.set(self.id, max_key_days, by=SOMEBODY)

    def request(
        self, operation: Operation, reference: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        """An event to which the operation responds with success, each time. `reference` replaces
        the `{id}` of a link, key or alert of the account; `changes` are those of
        `functions.event`."""
        fresh = operation.method in _ENDING
        link = self.new_link() if fresh and "/short-urls/{id}" in operation.path else self.link
        key = self.new_key() if fresh and "/api-keys/" in operation.path else self.key
        if operation.path.endswith("/resume"):
            key = self._keys.pause(self.id, key.id, by=SOMEBODY)
        alert = self.new_alert() if fresh and "/alerts/" in operation.path else self.alert
        if "/api-keys/policy" in operation.path:
            # One that the update lifts: to list the keys that exceed it costs more with each key.
            self.have_policy(90 if operation.method == "PATCH" else None)
        if "/alert-settings/webhook" in operation.path:
            self._have_new_webhook()
        ids = {
            "api-keys": key.id,
            "alerts": alert.id,
            "qr-codes": self.qr_code.id,
            "qranalytics": self.qr_code.id,
            "campaigns": self.campaign.id,
            "domains": self.subdomain.id,
        }
        if "/qr-codes/{id}" in operation.path and fresh:
            ids["qr-codes"] = self.new_qr_code().id
        if operation.path.endswith("/campaigns/{id}") and fresh:
            ids["campaigns"] = self.new_campaign().id
        if "/subdomains/{id}" in operation.path and fresh:
            ids["domains"] = self.new_subdomain().id
        if "/domains/{id}/files/" in operation.path:
            ids["domains"] = self.new_domain_with_file().id
        if "/branded/{id}" in operation.path:
            domain = self.new_branded_domain() if fresh else self.branded_domain
            ids["domains"] = domain.id
        if "/tags/{id}" in operation.path:
            ids["tags"] = self.new_tag()
        if "/held-aliases/" in operation.path:
            ids["held-aliases"] = self.new_held_alias()
        expected = reference or ids.get(operation.path.split("/")[3], link.id)
        token_id = reference or self.new_token_id(operation, key)
        link_id = reference or self.new_link_id(operation, ids["campaigns"])
        path, parameters = functions.at(
            operation.path,
            expected,
            token_id=token_id,
            link_id=link_id,
            name=WellKnownFile.APPLE.value,
        )
        name = f"{operation.method} {operation.path}"
        sent: dict[str, Any] = {
            "resource": operation.path,
            "parameters": parameters,
            "body": self._body(name),
            "query": self._query(name),
            "authorizer": self.caller(operation, key),
        }
        return functions.event(operation.method, path, **(sent | changes))

    def caller(self, operation: Operation, key: ApiKey) -> dict[str, str]:
        if operation.access_policy.caller is Caller.SESSION:
            return functions.session_context(self.id)
        return functions.authorizer_context(EVERYTHING, self.id) | {"key_id": key.id}

    def _body(self, name: str) -> dict[str, Any] | None:
        if "/bulk-urls/" in name:
            return {"csv_content": f"url,custom_alias\n{self.url},{uuid4()}"}
        if name == "POST /api/v1/campaigns/{id}/urls":
            return {"short_urls": [self.new_link().id]}
        unique = {  # no two have the same
            "POST /api/v1/campaigns": {"name": f"another {uuid4()}"},
            "POST /api/v1/domains/subdomains": {"subdomain": f"s{uuid4()}"},
            "POST /api/v1/domains/branded": {"domain": f"s{uuid4()}.acme.com"},
        }
        if name in unique:
            return unique[name]
        if name.endswith(_NAMED) and name.startswith("P"):
            return {"name": f"another {uuid4()}"}  # the name that it has would not be written
        return BODIES.get(name)

    def _query(self, name: str) -> dict[str, str] | None:
        if name.endswith("/check-alias"):
            return {"alias": "a-free-alias"}
        return {"url": self.url} if name.endswith("/lookup") else None
