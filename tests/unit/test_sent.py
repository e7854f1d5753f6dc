"""What clients send is cut and cleaned before anything is done with it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy.audit import request_source
from jmpy.audit.model import Channel
from jmpy.formats.sent import IDENTIFIER_LENGTH, USER_AGENT_LENGTH, identifier, storable


@settings(deadline=None)
@given(st.text())
def test_an_id_that_a_client_chose_is_one_that_can_be_stored_and_shown(sent: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{0,64}", identifier(sent))


@pytest.mark.parametrize(
    "request_id",
    [
        "5f0c9a4e-1d2b-4c3d-9e8f-0123456789ab",
        # Of a client that sent something else, in API Gateway's words.
        "5f0c9a4e-1d2b-4c3d-9e8f-0123456789ab_REPLACED_INVALID_REQUEST_ID",
    ],
)
def test_an_id_of_api_gateway_stays_as_it_is(request_id: str) -> None:
    assert identifier(request_id) == request_id


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())), st.integers(0, 20))
def test_text_is_cut_and_fits_a_table(sent: str, length: int) -> None:
    stored = storable(sent, length)
    assert len(stored) <= length
    assert stored.encode().decode() == stored


def test_an_audited_change_holds_no_more_of_a_request_than_fits() -> None:
    identity = {"sourceIp": "192.0.2.1", "userAgent": "\ud800" + "x" * 9000}
    context = {"requestId": "a\n'b" + "c" * 9000, "identity": identity}
    source = request_source.source({"requestContext": context}, Channel.API)
    assert source.user_agent == "?" + "x" * (USER_AGENT_LENGTH - 1)
    assert source.request_id == "a__b" + "c" * (IDENTIFIER_LENGTH - 4)
