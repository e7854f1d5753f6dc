"""AWS Signature Version 4 of a POST without a query.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
botocore's signer would do the same, but loads urllib3 and most of botocore. The tests compare the
two, and contain AWS's published examples.
"""

from __future__ import annotations

import hmac
import time
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.aws.credentials import Credentials


class Scope(NamedTuple):
    """What a signature is valid for, besides its day."""

    region: str
    service: str
    """As AWS names it in signatures: `dynamodb`, `lambda`."""


def sign(
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    scope: Scope,
    credentials: Credentials,
    now: float,
) -> dict[str, str]:
    """All headers of the request: those given, including `Host`, and those of the signature. The
    path contains only unreserved characters and slashes, which need no encoding."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    sent = {**headers, "X-Amz-Date": moment}
    if credentials.token:
        sent["X-Amz-Security-Token"] = credentials.token
    canonical = sorted((name.lower(), " ".join(value.split())) for name, value in sent.items())
    names = ";".join(name for name, _ in canonical)
    lines = "".join(f"{name}:{value}\n" for name, value in canonical)
    request = f"POST\n{path}\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"

    scope_text = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    digest = sha256(request.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope_text}\n{digest}"
    key = f"AWS4{credentials.secret}".encode()
    for part in scope_text.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    sent["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope_text}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return sent
