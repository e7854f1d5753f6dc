"""Authorize the sending of a mail on whom it is from.

MiniStack checks `ses:SendEmail` against every resource and without `ses:FromAddress`, so that a
policy that names either never allows it. On AWS the resource is the verified identity of the
sender, the address or else its domain, and the address is a condition key (Service Authorization
Reference, "Actions, resources, and condition keys for Amazon Simple Email Service v2"). It must
never decide anything: MiniStack evaluates the policies.

Tests: tests/emulator/test_gap_mail_identity.py.
"""

import json
from email.utils import parseaddr
from typing import Any

from ministack import app
from ministack.core.responses import get_account_id
from ministack.services import ses, ses_v2

_SEND = ("POST", "/v2/email/outbound-emails")


def apply() -> None:
    """Give SendEmail its resource and its condition key."""
    original = app._enforce_ses_v2

    def enforce(method: str, path: str, headers: Any, body: bytes, *rest: Any) -> Any:
        if not app.AUTH or (method, path.rstrip("/")) != _SEND:
            return original(method, path, headers, body, *rest)
        query, request_id = rest
        address = _sender(body)
        region = app.extract_region(headers, query)
        arn = f"arn:aws:ses:{region}:{get_account_id()}:identity/{_identity(address)}"
        return app._enforce_data_plane(
            "sesv2",
            "ses:SendEmail",
            headers,
            query,
            request_id,
            resource_arn=arn,
            service_context={"ses:FromAddress": address},
            named_resource=arn,
        )

    app._enforce_ses_v2 = enforce


def _sender(body: bytes) -> str:
    try:
        return parseaddr(json.loads(body)["FromEmailAddress"])[1]
    except (ValueError, KeyError, TypeError):
        return ""


def _identity(address: str) -> str:
    # A domain that nobody verified is rejected later, by the service.
    known = address in ses._identities or address in ses_v2._identities
    return address if known else address.rpartition("@")[2]
