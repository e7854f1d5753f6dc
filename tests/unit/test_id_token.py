"""Which ID tokens are believed: one kind, and nothing near it."""

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.id_token import IdTokenVerifier
from jmpy.sessions.model import Claims
from jmpy.sessions.signing_keys import SigningKeys
from tests import cognito
from tests.cognito import claims, sign

NOW = 1_800_000_000.0


def verify(token: str, nonce: str | None = None, now: float = NOW) -> Claims:
    keys = SigningKeys(cognito.keys_document, lambda: now)
    return IdTokenVerifier(cognito.SETTINGS, keys, lambda: now).verify(token, nonce)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_a_valid_token_says_who_it_is() -> None:
    assert verify(sign(claims(NOW))) == Claims(cognito.SUBJECT, cognito.EMAIL, int(NOW) + 3600)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": int(NOW)}, "expired"),
        ({"exp": int(NOW) - 1}, "expired"),
        ({"exp": float("inf")}, "expired"),
        ({"aud": "client-2"}, "InvalidAudienceError"),
        ({"aud": [cognito.CLIENT_ID, "client-2"]}, "InvalidAudienceError"),
        ({"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"}, "Issuer"),
        ({"token_use": "access"}, "not an ID token"),
        ({"token_use": ["id"]}, "not an ID token"),
        ({"nonce": "other"}, "of another sign-in"),
        ({"nonce": None}, "of another sign-in"),
        ({"nonce": 1}, "of another sign-in"),
        ({"sub": "root"}, "not about a user"),
        ({"email": 1}, "not about a user"),
        *(({name: None}, "Missing") for name in ("sub", "aud", "iss", "exp", "token_use", "email")),
    ],
)
def test_a_token_with_a_wrong_claim_is_rejected(changes: dict[str, Any], reason: str) -> None:
    assert verify(sign(claims(NOW, nonce="mine")), nonce="mine").subject == cognito.SUBJECT
    with pytest.raises(InvalidIdToken, match=reason):
        verify(sign(claims(NOW, **{"nonce": "mine", **changes})), nonce="mine")


def test_a_token_ends_with_time() -> None:
    token = sign(claims(NOW))
    assert verify(token, now=NOW + 3599)
    with pytest.raises(InvalidIdToken, match="expired"):
        verify(token, now=NOW + 3600)


def test_a_token_of_another_key_under_the_name_of_ours_is_rejected() -> None:
    with pytest.raises(InvalidIdToken, match="InvalidSignatureError"):
        verify(sign(claims(NOW), key=cognito.FOREIGN_KEY))


def test_a_token_whose_claims_were_changed_is_rejected() -> None:
    header, _, signature = sign(claims(NOW)).split(".")
    other = sign(claims(NOW, sub="00000000-0000-0000-0000-000000000000")).split(".")[1]
    with pytest.raises(InvalidIdToken, match="InvalidSignatureError"):
        verify(f"{header}.{other}.{signature}")


def test_a_token_without_a_signature_is_rejected() -> None:
    unsigned = jwt.encode(claims(NOW), key="", algorithm="none", headers={"kid": cognito.KEY_ID})
    with pytest.raises(InvalidIdToken, match="another algorithm"):
        verify(unsigned)
    with pytest.raises(InvalidIdToken):
        verify(sign(claims(NOW)).rpartition(".")[0] + ".")


def test_the_public_key_is_no_shared_secret() -> None:
    # The classic confusion: HS256 with the text of the RSA public key as the secret.
    # By hand, because PyJWT refuses to make such a token.
    public = cognito.POOL_KEY.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    parts = ({"alg": "HS256", "kid": cognito.KEY_ID}, claims(NOW))
    signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    signature = base64url(hmac.digest(public, signed.encode(), "sha256"))
    with pytest.raises(InvalidIdToken, match="another algorithm"):
        verify(f"{signed}.{signature}")


def test_another_algorithm_of_the_same_key_is_rejected() -> None:
    with pytest.raises(InvalidIdToken, match="another algorithm"):
        verify(sign(claims(NOW), algorithm="RS512"))


def test_a_key_that_the_pool_does_not_publish_is_rejected() -> None:
    unknown = jwt.encode(claims(NOW), cognito.POOL_KEY, "RS256", headers={"kid": "unknown"})
    nameless = jwt.encode(claims(NOW), cognito.POOL_KEY, "RS256")
    for token in (unknown, nameless):
        with pytest.raises(InvalidIdToken, match="unknown key"):
            verify(token)


@pytest.mark.parametrize(
    "noise", ["", "x", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9.e30.", "\u00e9.x.y"]
)
def test_noise_is_rejected(noise: str) -> None:
    with pytest.raises(InvalidIdToken):
        verify(noise)


def test_an_error_never_quotes_the_token() -> None:
    with pytest.raises(InvalidIdToken) as rejected:
        verify(sign(claims(NOW, iss="https://secret.example", aud="secret")))
    assert "secret" not in str(rejected.value)
    assert rejected.value.__suppress_context__
