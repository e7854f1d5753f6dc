"""What the SDK logs at DEBUG is in no log: it includes credentials and decrypted parameters."""

from __future__ import annotations

import logging

import pytest
from botocore.stub import Stubber

from jmpy.aws import clients

SECRET = "the-key-of-a-provider"


def test_a_decrypted_parameter_is_not_logged_at_debug(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    caplog.set_level(logging.DEBUG)
    client = clients._client("ssm")
    with Stubber(client) as ssm:
        ssm.add_response("get_parameter", {"Parameter": {"Value": SECRET}})
        monkeypatch.setattr(clients, "_client", lambda *_: client)
        assert clients.secret_parameter("/jmpy/safe-browsing-key") == SECRET
    assert not [record for record in caplog.records if record.name.startswith("botocore")]
