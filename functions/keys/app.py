"""The resource `/api/v1/api-keys`: an account's keys, for its owner; `current` for their holders.

An API key never manages keys, whatever its permissions: a leaked one must not make others.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.access.errors import KeyRequired
from jmpy.access.permission import Permission
from jmpy.access.policy import Caller
from jmpy.accounts.errors import AccountChanged
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.cognito import Cognito
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.absent import Absent
from jmpy.formats.envelope import Success
from jmpy.formats.time_range import ReversedRange
from jmpy.formats.times import seconds
from jmpy.http import entity_tag
from jmpy.http.entity_tag import InvalidEntityTag
from jmpy.http.if_match import IfMatch
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.parameters import From, PageSize, Until
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.idempotency.header import IdempotencyKey
from jmpy.idempotency.service import IdempotencyUnsupported
from jmpy.keys import listing
from jmpy.keys.errors import (
    InvalidKeyRequest,
    KeyChanged,
    KeyNotActive,
    KeyNotFound,
    KeyPaused,
    TooManyKeys,
)
from jmpy.keys.fields import LABEL_LENGTH
from jmpy.keys.model import ApiKey, Environment, KeyState
from jmpy.keys.request_schema import CreateApiKey, RotateApiKey, UpdateApiKey
from jmpy.keys.schema import (
    ApiKeyBody,
    ApiKeyPage,
    CreatedApiKeyBody,
    CurrentApiKeyBody,
    RotatedApiKeyBody,
    UpdatedApiKeyBody,
    for_holder,
)
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.changes import ChangeLimit
from jmpy.limits.errors import TooManyChanges
from jmpy.limits.plan import LimitClass
from jmpy.sessions.people import People
from jmpy.settings import ReadWriteTable, WriteTable

API_KEYS = "/api/v1/api-keys"
ONE = f"{API_KEYS}/<id>"
CURRENT = f"{API_KEYS}/current"
FIELDS = (*WITH_BODY, InvalidKeyRequest, AccountChanged, TooManyChanges)
ISSUING = (*FIELDS, TooManyKeys, IdempotencyUnsupported)
OF_THE_REQUEST = (KeyRequired, KeyNotFound)
VERSION = (InvalidEntityTag, KeyChanged)
TAGGED = ("ETag",)


# Managing keys is not counted; the header fields of the responses are about reads.
_uncounted = partial(operation, limit=LimitClass.URL_READS, cost=0)
for_session = partial(_uncounted, caller=Caller.SESSION)
for_any_key = partial(_uncounted, caller=Caller.ANY_KEY)

ListedSort = Literal["created_at", "name", "expires_at"]
"""Without the last use, which the operation does not return."""
Search = Annotated[
    str | Absent,
    Query(
        max_length=listing.LONGEST_SEARCH,
        description="Words that the name, id, prefix or last four characters contain",
    ),
]
HasPermission = Annotated[
    Permission | Absent, Query(description="Only keys that have this permission")
]
Expires = Annotated[bool | Absent, Query(description="Whether the key has an expiry")]

KeyId = Annotated[str, Path(alias="id", description="Id of an API key, as listed")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    accounts_table: ReadWriteTable
    audit_table: WriteTable
    usage_table: ReadWriteTable
    user_pool_id: str


class ApiKeys(Resource):
    tag = "API keys"
    description = "Managed by signed-in users; a key can only read and revoke itself."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations, cognito: Cognito) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table, ChangeLimit(settings.usage_table))
        self.keys = KeyService(
            KeyStore(dynamodb, settings.accounts_table),
            AccountStore(dynamodb, settings.accounts_table),
            audit,
        )
        self.people = People(cognito, settings.user_pool_id)

    @for_session("GET", API_KEYS, summary="List API keys", errors=(ReversedRange,))
    def list_api_keys(  # noqa: PLR0917 - the parameters of the operation
        self,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")
        ] = 1,
        limit: PageSize = 20,
        sort: Annotated[ListedSort, Query(description="Sort by")] = "created_at",
        order: Annotated[Literal["asc", "desc"], Query(description="Sort order")] = "desc",
        search: Search = None,
        status: Annotated[KeyState | Absent, Query(description="Filter by status")] = None,
        permission: HasPermission = None,
        environment: Annotated[
            Environment | Absent, Query(description="Filter by environment")
        ] = None,
        expires: Expires = None,
        label: Annotated[
            str | Absent, Query(max_length=LABEL_LENGTH, description="Filter by label")
        ] = None,
        expires_after: From = None,
        expires_before: Until = None,
    ) -> Success[ApiKeyPage]:
        """Newest first, unless `sort` and `order` are set, including revoked keys. Filters combine.
        With a filter or another sort, only the newest 2,000 keys are searched (with
        `sort=created_at&order=asc` the oldest); `complete` says whether these are all."""
        request = listing.Request(
            page=page,
            limit=limit,
            sort=listing.Sort(sort),
            descending=order == "desc",
            filter=listing.Filter(
                search=search,
                states=None if status is None else {status},
                permission=permission,
                environment=environment,
                label=label,
                expires=expires,
                expires_after=seconds(expires_after),
                expires_before=seconds(expires_before),
            ),
        )
        found = self.keys.page(self.account_id, request)
        return Success(data=ApiKeyPage.from_page(found, request, self.now))

    @for_session(
        "POST", API_KEYS, summary="Create an API key", status=201, errors=ISSUING, headers=TAGGED
    )
    def create_api_key(
        self, body: CreateApiKey, idempotency_key: IdempotencyKey = None
    ) -> Success[CreatedApiKeyBody]:
        """`key` is the key itself: store it, as it cannot be shown again. For the same reason,
        `Idempotency-Key` is rejected."""
        _refuse_idempotency(idempotency_key)
        self.people.require(self.account_id)
        issued = self.keys.create(
            self.account_id,
            body.name,
            body.permissions,
            body.expiry,
            by=self.origin,
            environment=body.environment,
            description=body.description,
            labels=body.labels,
            not_before=seconds(body.not_before),
            header_only=body.header_only,
            allowed_ips=body.allowed_ips,
            limits=body.limits,
        )
        self._tag(issued.record)
        return Success(data=CreatedApiKeyBody.created(issued, body.allowed_ips, self.now))

    @for_any_key(
        "GET",
        CURRENT,
        summary="Get the API key used for the request",
        errors=OF_THE_REQUEST,
        headers=TAGGED,
    )
    def get_current_api_key(self) -> Success[CurrentApiKeyBody]:
        key = for_holder(self.keys.get(self.account_id, self._current_id()))
        self._tag(key)
        plan = self.caller.subscriber.plan
        today = self.budget_today(key.budget)
        return Success(data=CurrentApiKeyBody.on_plan(key, plan, today, self.now))

    @for_any_key(
        "DELETE",
        CURRENT,
        summary="Revoke the API key used for the request",
        errors=(*OF_THE_REQUEST, *VERSION),
        headers=TAGGED,
    )
    def revoke_current_api_key(self, if_match: IfMatch = None) -> Success[ApiKeyBody]:
        """Permanent, and effective within five seconds. Use it if a key has leaked."""
        version = entity_tag.expected_version(if_match)
        revoked = self.keys.revoke(
            self.account_id, self._current_id(), by=self.origin, version=version
        )
        return self._response(for_holder(revoked))

    @for_session("GET", ONE, summary="Get an API key", errors=(KeyNotFound,), headers=TAGGED)
    def get_api_key(self, key_id: KeyId) -> Success[ApiKeyBody]:
        return self._response(self.keys.get(self.account_id, key_id))

    @for_session(
        "PATCH",
        ONE,
        summary="Update an API key",
        errors=(KeyNotFound, KeyNotActive, *VERSION, *FIELDS),
        headers=TAGGED,
    )
    def update_api_key(
        self, key_id: KeyId, body: UpdateApiKey, if_match: IfMatch = None
    ) -> Success[UpdatedApiKeyBody]:
        """Only the fields that are sent are changed; `null` clears a field, and
        `"allowed_ips": []` allows any address. `limits` are replaced as a whole: `null` or `{}`
        removes them. Takes effect within five seconds. The audit log records the previous
        values."""
        version = entity_tag.expected_version(if_match)
        self.people.require(self.account_id)
        changed = self.keys.change(
            self.account_id, key_id, by=self.origin, version=version, **body.update()
        )
        self._tag(changed)
        return Success(data=UpdatedApiKeyBody.updated(changed, body, self.now))

    @for_session(
        "DELETE", ONE, summary="Revoke an API key", errors=(KeyNotFound, *VERSION), headers=TAGGED
    )
    def revoke_api_key(self, key_id: KeyId, if_match: IfMatch = None) -> Success[ApiKeyBody]:
        """Permanent, and effective within five seconds. The key remains in the list."""
        version = entity_tag.expected_version(if_match)
        return self._response(
            self.keys.revoke(self.account_id, key_id, by=self.origin, version=version)
        )

    @for_session(
        "POST",
        f"{ONE}/pause",
        summary="Pause an API key",
        errors=(KeyNotFound, KeyNotActive, *VERSION),
        headers=TAGGED,
    )
    def pause_api_key(self, key_id: KeyId, if_match: IfMatch = None) -> Success[ApiKeyBody]:
        """The key is denied until it is resumed; effective within five seconds. It can be changed
        and revoked meanwhile, but not rotated. Pausing it again changes nothing."""
        version = entity_tag.expected_version(if_match)
        return self._response(
            self.keys.pause(self.account_id, key_id, by=self.origin, version=version)
        )

    @for_session(
        "POST",
        f"{ONE}/resume",
        summary="Resume an API key",
        errors=(KeyNotFound, KeyNotActive, *VERSION, AccountChanged, TooManyChanges),
        headers=TAGGED,
    )
    def resume_api_key(self, key_id: KeyId, if_match: IfMatch = None) -> Success[ApiKeyBody]:
        """Ends a pause; effective within five seconds. Resuming a key that is not paused changes
        nothing."""
        version = entity_tag.expected_version(if_match)
        self.people.require(self.account_id)
        return self._response(
            self.keys.resume(self.account_id, key_id, by=self.origin, version=version)
        )

    @for_session(
        "POST",
        f"{ONE}/rotate",
        summary="Rotate an API key",
        status=201,
        errors=(KeyNotFound, KeyNotActive, KeyPaused, *VERSION, *ISSUING),
        headers=TAGGED,
    )
    def rotate_api_key(
        self,
        key_id: KeyId,
        body: RotateApiKey,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Success[RotatedApiKeyBody]:
        """The new key has the name, permissions, labels and allowed addresses of the old one, which
        keeps working for `grace_period` seconds (a day by default), but never beyond its own
        expiry: until `old_key_expires_at`. `key` is shown in this response only. `ETag` refers to
        the new key, `If-Match` to the old one."""
        _refuse_idempotency(idempotency_key)
        version = entity_tag.expected_version(if_match)
        self.people.require(self.account_id)
        rotated = self.keys.rotate(
            self.account_id, key_id, body.grace_period, by=self.origin, version=version
        )
        self._tag(rotated.record)
        return Success(data=RotatedApiKeyBody.rotated(rotated, self.now))

    def _current_id(self) -> str:
        key_id = self.caller.key_id
        assert key_id is not None, "these operations serve only keys"
        return key_id

    def _tag(self, key: ApiKey) -> None:
        self.set_header("ETag", entity_tag.for_version(key.version))

    def _response(self, key: ApiKey) -> Success[ApiKeyBody]:
        self._tag(key)
        return Success(data=ApiKeyBody.from_key(key, self.now))


def _refuse_idempotency(key: str | None) -> None:
    """To respond the same a second time, the new key would have to be stored. Raises
    IdempotencyUnsupported."""
    if key is not None:
        raise IdempotencyUnsupported(
            "the response contains a key, which is never stored; revoke a key that you did not "
            "receive"
        )


dynamodb = clients.dynamodb()
cognito = clients.cognito()
resource = ApiKeys(Settings.from_environment(), dynamodb, cognito)
handler = resource.handle
