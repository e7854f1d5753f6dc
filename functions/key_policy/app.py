"""The resource `/api/v1/api-keys/policy`: how long an account's keys may live. For its owner."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial

from jmpy.access.policy import Caller
from jmpy.accounts.errors import AccountChanged
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.cognito import Cognito
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.envelope import Success
from jmpy.http import entity_tag
from jmpy.http.entity_tag import InvalidEntityTag
from jmpy.http.if_match import IfMatch
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.key_policy.errors import KeyPolicyChanged
from jmpy.key_policy.schema import AppliedKeyPolicyBody, KeyPolicyBody, UpdateKeyPolicy
from jmpy.key_policy.service import KeyPolicies, KeyPolicy
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.changes import ChangeLimit
from jmpy.limits.errors import TooManyChanges
from jmpy.limits.plan import LimitClass
from jmpy.sessions.people import People
from jmpy.settings import ReadWriteTable, WriteTable

POLICY = "/api/v1/api-keys/policy"
VERSION = (InvalidEntityTag, KeyPolicyChanged)
TAGGED = ("ETag",)

# Not counted; the header fields of the responses are about reads.
for_session = partial(operation, limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    accounts_table: ReadWriteTable
    audit_table: WriteTable
    usage_table: ReadWriteTable
    user_pool_id: str


class KeyPolicyResource(Resource):
    tag = "API key policy"
    description = "How long API keys may live. For signed-in users."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations, cognito: Cognito) -> None:
        super().__init__(settings, dynamodb)
        accounts = AccountStore(dynamodb, settings.accounts_table)
        audit = AuditLog(dynamodb, settings.audit_table, ChangeLimit(settings.usage_table))
        keys = KeyService(KeyStore(dynamodb, settings.accounts_table), accounts, audit)
        self.policies = KeyPolicies(accounts, keys, audit)
        self.people = People(cognito, settings.user_pool_id)

    @for_session("GET", POLICY, summary="Get the API key policy", headers=TAGGED)
    def get_api_key_policy(self) -> Success[KeyPolicyBody]:
        """With the keys that exceed it: they keep their expiry until the policy is applied."""
        return self._response(self.policies.get(self.account_id))

    @for_session(
        "PATCH",
        POLICY,
        summary="Update the API key policy",
        errors=(*WITH_BODY, *VERSION, AccountChanged, TooManyChanges),
        headers=TAGGED,
    )
    def update_api_key_policy(
        self, body: UpdateKeyPolicy, if_match: IfMatch = None
    ) -> Success[KeyPolicyBody]:
        """From now on, a key is created or changed only if it expires within `max_key_days`; one
        that is created without `expires_at`, or by a rotation, gets the longest lifetime that is
        allowed. Existing keys are left alone, and those that exceed the policy are listed."""
        version = entity_tag.expected_version(if_match)
        self.people.require(self.account_id)
        changed = self.policies.set(
            self.account_id, body.max_key_days, by=self.origin, version=version
        )
        return self._response(changed)

    @for_session(
        "POST",
        f"{POLICY}/apply",
        summary="Apply the API key policy to existing keys",
        errors=VERSION,
    )
    def apply_api_key_policy(self, if_match: IfMatch = None) -> Success[AppliedKeyPolicyBody]:
        """Shortens each key that exceeds the policy to `max_key_days` from now. Can be repeated:
        then only keys that still exceed it are changed."""
        version = entity_tag.expected_version(if_match)
        applied = self.policies.apply(self.account_id, by=self.origin, version=version)
        return Success(data=AppliedKeyPolicyBody.from_applied(applied))

    def _response(self, policy: KeyPolicy) -> Success[KeyPolicyBody]:
        self.set_header("ETag", entity_tag.for_version(policy.version))
        return Success(data=KeyPolicyBody.from_policy(policy))


dynamodb = clients.dynamodb()
cognito = clients.cognito()
resource = KeyPolicyResource(Settings.from_environment(), dynamodb, cognito)
handler = resource.handle
