"""What is below `/api/v1/api-keys` about credentials at work: short-lived tokens, and `verify`.

A token never creates or revokes tokens, nor does anything else that is about keys.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from jmpy.access.errors import KeyRequired
from jmpy.access.policy import Caller
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.envelope import Success
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.idempotency.header import IdempotencyKey
from jmpy.idempotency.service import IdempotencyUnsupported
from jmpy.key_tokens.errors import TokenNotFound, TooManyTokens
from jmpy.key_tokens.schema import (
    CreatedKeyTokenBody,
    CreateKeyToken,
    KeyTokenBody,
    KeyTokensBody,
    VerificationBody,
    VerifyApiKey,
)
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from jmpy.key_tokens.verification import Verifier
from jmpy.keys.errors import InvalidKeyRequest, KeyNotFound
from jmpy.keys.model import ApiKey
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import LimitClass
from jmpy.settings import ReadWriteTable, WriteTable

API_KEYS = "/api/v1/api-keys"
CURRENT = f"{API_KEYS}/current/tokens"
OF_KEY = f"{API_KEYS}/<id>/tokens"

# Not counted; the header fields of the responses are about reads.
_uncounted = partial(operation, limit=LimitClass.URL_READS, cost=0)
for_session = partial(_uncounted, caller=Caller.SESSION)
for_any_key = partial(_uncounted, caller=Caller.ANY_KEY)

KeyId = Annotated[str, Path(alias="id", description="Id of an API key, as listed")]
TokenId = Annotated[str, Path(alias="token_id", description="Id of a token, as listed")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    accounts_table: ReadWriteTable
    audit_table: WriteTable


class KeyTokens(Resource):
    tag = "Short-lived tokens"
    description = "Derived from an API key, for an hour at most; and whether a credential works."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.keys = KeyStore(dynamodb, settings.accounts_table)
        store = KeyTokenStore(dynamodb, settings.accounts_table)
        self.tokens = KeyTokenService(store, AuditLog(dynamodb, settings.audit_table))
        self.verifier = Verifier(self.keys, store)

    @for_any_key(
        "POST",
        CURRENT,
        summary="Create a short-lived token",
        status=201,
        errors=(
            *WITH_BODY,
            KeyRequired,
            KeyNotFound,
            InvalidKeyRequest,
            TooManyTokens,
            IdempotencyUnsupported,
        ),
    )
    def create_key_token(
        self, body: CreateKeyToken, idempotency_key: IdempotencyKey = None
    ) -> Success[CreatedKeyTokenBody]:
        """For a job or a page that should not get the key of the request: `token` is sent like a
        key, in a header, and is shown in this response only. It works while its key does, with the
        permissions that both have and under the limits and allowed addresses of the key. A key has
        at most 20 working tokens. `Idempotency-Key` is rejected, as the response is never
        stored."""
        if idempotency_key is not None:
            raise IdempotencyUnsupported(
                "the response contains a token, which is never stored; a token that you did not "
                "receive expires by itself"
            )
        issued = self.tokens.create(
            self._current(),
            permissions=body.permissions,
            lifetime=body.expires_in,
            name=body.name,
        )
        return Success(data=CreatedKeyTokenBody.created(issued))

    @for_any_key(
        "GET",
        CURRENT,
        summary="List the short-lived tokens of the API key used for the request",
        errors=(KeyRequired, KeyNotFound),
    )
    def list_current_key_tokens(self) -> Success[KeyTokensBody]:
        """Those that work, newest first."""
        return Success(data=KeyTokensBody.from_tokens(self.tokens.of_key(self._current())))

    @for_any_key(
        "DELETE",
        CURRENT,
        summary="Revoke all short-lived tokens of the API key used for the request",
        errors=(KeyRequired, KeyNotFound),
    )
    def revoke_current_key_tokens(self) -> Success[KeyTokensBody]:
        """Permanent, and effective within five seconds; the key itself works on. `tokens` are those
        that were revoked."""
        revoked = self.tokens.revoke_all(self._current(), by=None)
        return Success(data=KeyTokensBody.from_tokens(revoked))

    @for_any_key(
        "DELETE",
        f"{CURRENT}/<token_id>",
        summary="Revoke a short-lived token of the API key used for the request",
        errors=(KeyRequired, KeyNotFound, TokenNotFound),
    )
    def revoke_current_key_token(self, token_id: TokenId) -> Success[KeyTokenBody]:
        """Permanent, and effective within five seconds."""
        revoked = self.tokens.revoke(self._current(), token_id, by=None)
        return Success(data=KeyTokenBody.from_token(revoked))

    @for_session(
        "GET", OF_KEY, summary="List an API key's short-lived tokens", errors=(KeyNotFound,)
    )
    def list_key_tokens(self, key_id: KeyId) -> Success[KeyTokensBody]:
        """Those that work, newest first."""
        return Success(data=KeyTokensBody.from_tokens(self.tokens.of_key(self._key(key_id))))

    @for_session(
        "DELETE", OF_KEY, summary="Revoke all short-lived tokens of an API key",
        errors=(KeyNotFound,),
    )  # fmt: skip
    def revoke_key_tokens(self, key_id: KeyId) -> Success[KeyTokensBody]:
        """Permanent, and effective within five seconds; the key itself works on. `tokens` are those
        that were revoked."""
        revoked = self.tokens.revoke_all(self._key(key_id), by=self.origin)
        return Success(data=KeyTokensBody.from_tokens(revoked))

    @for_session(
        "DELETE",
        f"{OF_KEY}/<token_id>",
        summary="Revoke a short-lived token of an API key",
        errors=(KeyNotFound, TokenNotFound),
    )
    def revoke_key_token(self, key_id: KeyId, token_id: TokenId) -> Success[KeyTokenBody]:
        """Permanent, and effective within five seconds."""
        revoked = self.tokens.revoke(self._key(key_id), token_id, by=self.origin)
        return Success(data=KeyTokenBody.from_token(revoked))

    @_uncounted(
        "POST",
        f"{API_KEYS}/verify",
        caller=Caller.ANYBODY,
        summary="Verify an API key or short-lived token",
        errors=WITH_BODY,
    )
    def verify_api_key(self, body: VerifyApiKey) -> Success[VerificationBody]:
        """Whether it works, and what it is allowed to do, if it is of your own account. Every other
        text gets the same response, so that nobody can find out which keys exist elsewhere. Not a
        use of the key: it appears neither in its access log nor in its last use."""
        verified = self.verifier.verify(self.account_id, body.key.get_secret_value())
        return Success(data=VerificationBody.from_verification(verified))

    def _current(self) -> ApiKey:
        key_id = self.caller.key_id
        assert key_id is not None, "these operations serve only keys"
        return self._key(key_id)

    def _key(self, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        return self.keys.get(self.account_id, key_id)


dynamodb = clients.dynamodb()
resource = KeyTokens(Settings.from_environment(), dynamodb)
handler = resource.handle
