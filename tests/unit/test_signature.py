"""Signatures of requests to AWS: AWS's published examples, and the SDK's own signer."""

from __future__ import annotations

import calendar

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SdkCredentials
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jmpy.aws.credentials import Credentials
from jmpy.aws.signature import Scope, sign

# The names and values of AWS's Signature Version 4 test suite.
MOMENT = float(calendar.timegm((2015, 8, 30, 12, 36, 0)))
EXAMPLE = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None)
SCOPE = Scope("us-east-1", "service")


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        pytest.param(
            {},
            b"",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            id="post-vanilla",
        ),
        pytest.param(
            {"My-Header1": "value1"},
            b"",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            id="post-header-key-sort",
        ),
        pytest.param(
            {"My-Header1": "VALUE1"},
            b"",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
            id="post-header-value-case",
        ),
        pytest.param(
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            id="post-x-www-form-urlencoded",
        ),
    ],
)
def test_the_published_examples(headers: dict[str, str], body: bytes, expected: str) -> None:
    named = {"Host": "example.amazonaws.com", **headers}
    signed = sign("/", named, body, scope=SCOPE, credentials=EXAMPLE, now=MOMENT)
    names = ";".join(sorted(name.lower() for name in {**named, "X-Amz-Date": ""}))
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={expected}"
    )


words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=40)


# No promise about speed: the machine may be busy.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.binary(max_size=200),
    key_id=words,
    secret=words,
    token=st.none() | words,
    target=words,
    now=st.integers(0, 4_000_000_000),
)
def test_it_signs_as_the_sdk_does(  # noqa: PLR0917 - hypothesis names them
    body: bytes, key_id: str, secret: str, token: str | None, target: str, now: int
) -> None:
    named = {"Host": "dynamodb.eu-west-1.amazonaws.com", "X-Amz-Target": target}
    path = "/2015-03-31/functions/jmpy-IdTokenFunction-1a2B/invocations"
    credentials = Credentials(key_id, secret, token)
    scope = Scope("eu-west-1", "lambda")
    signed = sign(path, named, body, scope=scope, credentials=credentials, now=now)

    request = AWSRequest("POST", f"https://{named['Host']}{path}", headers=named, data=body)
    request.context["timestamp"] = signed["X-Amz-Date"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
    request.headers["X-Amz-Date"] = signed["X-Amz-Date"]
    sdk = SigV4Auth(SdkCredentials(key_id, secret, token), "lambda", "eu-west-1")
    text = sdk.string_to_sign(request, sdk.canonical_request(request))
    assert signed["Authorization"].endswith(f"Signature={sdk.signature(text, request)}")


def test_credentials_are_not_shown() -> None:
    assert EXAMPLE.secret not in repr(EXAMPLE)
    assert EXAMPLE.key_id not in repr(EXAMPLE)
