"""Whether a request is signed with valid credentials.

MiniStack checks signatures of IAM users and of sessions, but accepts any request that names its
root credentials, "test" or twelve digits, and S3 checks none. On AWS every request to a service is
signed, except the few that are public ("AWS Signature Version 4 for API requests", IAM user guide).
It must never accept a signature that does not cover the host and every `x-amz-*` header: anybody
could change the parts that it does not cover.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ministack.core import iam_evaluator, responses, router, sigv4
from ministack.core.iam_evaluator import AuthError, CredentialResolutionError
from ministack.core.sigv4 import HeaderSignature

_LONGEST_PRESIGNED = 7 * 86400
"""Seconds; SigV4 allows no more."""


class _Parsed(NamedTuple):
    signature: HeaderSignature
    token: str
    presigned: bool


_UNKNOWN = AuthError(
    "UnrecognizedClientException", "The security token included in the request is invalid."
)
_MISSING = AuthError("MissingAuthenticationToken", "Request is missing Authentication Token")
_MISMATCH = AuthError("SignatureDoesNotMatch", sigv4.SIGNATURE_MISMATCH)
_EXPIRED = AuthError("RequestExpired", "Request has expired")


def failure(
    method: str, raw_path: str, query: Mapping[str, Any], headers: Mapping[str, str], body: bytes
) -> AuthError | None:
    """Why the request is not accepted as that of a known caller, in AWS's words."""
    found = _parsed(query, headers)
    if isinstance(found, AuthError):
        return found
    signature, token, presigned = found
    secret = _secret(signature.access_key_id, token)
    if isinstance(secret, AuthError):
        return secret
    if not _covers(signature.signed_headers, headers) or not _is_own_body(headers, body):
        return _MISMATCH
    wrong = (
        _expired(signature.amz_date, query) if presigned else sigv4.request_time_failure(signature)
    ) or sigv4.header_signature_failure(
        signature, secret, method, raw_path, query, headers, body, presigned=presigned
    )
    return AuthError(*wrong) if wrong else None


def _parsed(query: Mapping[str, Any], headers: Mapping[str, str]) -> _Parsed | AuthError:
    """Of the `Authorization` header, or else of a presigned URL."""
    authorization = headers.get("authorization")
    if authorization is None and query.get("X-Amz-Algorithm") == ["AWS4-HMAC-SHA256"]:
        signature = sigv4.parse_query_signature(query)
        token = query.get("X-Amz-Security-Token", [""])[0]
    elif authorization is not None and authorization.startswith("AWS4-HMAC-SHA256 "):
        signature = sigv4.parse_header_signature(headers)
        token = headers.get("x-amz-security-token", "")
    else:
        return _MISSING
    if isinstance(signature, tuple):
        return AuthError(*signature)
    # The verified value has to be the one that MiniStack uses.
    if signature.access_key_id != router.extract_access_key_id(dict(headers), dict(query)):
        return _UNKNOWN
    return _Parsed(signature, token, authorization is None)


def _secret(access_key_id: str, token: str) -> str | AuthError:
    """Of root, an IAM user or a session that has not ended."""
    if not access_key_id:
        return _UNKNOWN
    try:
        account = iam_evaluator.find_iam_access_key_account(access_key_id)
    except iam_evaluator.AmbiguousAccessKeyError:
        return _UNKNOWN
    responses.set_request_account_id(account or access_key_id)
    found = iam_evaluator.resolve_credential(access_key_id, account, token)
    if isinstance(found, CredentialResolutionError):
        return AuthError(found.code, found.message)
    return str(found.secret_access_key)


def _covers(signed: str, headers: Mapping[str, str]) -> bool:
    expected = {"host"} | {name for name in headers if name.startswith("x-amz-")}
    return expected <= set(signed.split(";"))


def _is_own_body(headers: Mapping[str, str], body: bytes) -> bool:
    """A digest that was signed is that of the body that was sent."""
    stated = headers.get("x-amz-content-sha256", "")
    return not re.fullmatch("[0-9a-f]{64}", stated) or stated == hashlib.sha256(body).hexdigest()


def _expired(amz_date: str, query: Mapping[str, Any]) -> tuple[str, str] | None:
    try:
        seconds = int(query.get("X-Amz-Expires", ["0"])[0])
        over = sigv4.presigned_request_is_expired(amz_date, seconds)
    except ValueError:
        over = True
    if over or not 0 < seconds <= _LONGEST_PRESIGNED:
        return _EXPIRED.code, _EXPIRED.message
    return None
