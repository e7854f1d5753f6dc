import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy.activity.access_log_line import UnreadableLine, parse, read
from jmpy.formats.sent import USER_AGENT_LENGTH
from project import template

LINE = {
    "time": "1800000000123",
    "extendedRequestId": "JJKFMkfHoAMFmDA=",
    "apiId": "api123",
    "plan": "free",
    "lookup": "cache",
    "accountId": "acme",
    "keyId": "key-1",
    "tokenId": "-",
    "credential": "bearer",
    "reason": "-",
    "method": "GET",
    "route": "/api/v1/short-urls",
    "status": "200",
    "latency": "12",
    "error": "-",
    "ip": "192.0.2.1",
    "viewer": "-",
    "country": "-",
    "requestId": "request-1",
    "userAgent": "curl/8",
}


FORMAT: dict[str, str] = json.loads(
    template.resources("AWS::Serverless::Api")["Api"]["AccessLogSetting"]["Format"]
)


def line(**changes: Any) -> str:
    return json.dumps({**LINE, **changes}, separators=(",", ":"))


def test_the_sample_has_the_fields_of_the_template() -> None:
    assert list(FORMAT) == list(LINE)


def test_what_a_client_can_influence_is_behind_all_that_it_cannot() -> None:
    assert list(FORMAT)[-2:] == ["requestId", "userAgent"]
    # What is left are the gateway's own words, and the authorizer's.
    of_request = {name for name, variable in FORMAT.items() if "request" in variable.lower()}
    assert of_request == {"time", "extendedRequestId", "requestId"}


HOSTILE = (
    "x" * 10_000,
    'x" y',
    'x","keyId":"key-2","accountId":"mallory","status":"500',
    "x\\",
    "it\\'s",
    "\ttab\x00",
    '"' * 300,
    "{" * 300,
    "[" * 100_000,
)


@pytest.mark.parametrize("field", ["requestId", "userAgent"])
@pytest.mark.parametrize("sent", HOSTILE)
@pytest.mark.parametrize("is_escaped", [True, False])
def test_no_text_of_a_client_keeps_its_request_out_of_the_log(
    field: str, sent: str, *, is_escaped: bool
) -> None:
    text = line(**{field: sent}) if is_escaped else line(**{field: "%"}).replace("%", sent)
    request = parse(text)
    assert request is not None
    assert (request.account_id, request.key_id, request.status) == ("acme", "key-1", 200)
    assert len(request.request_id) <= 64
    assert len(request.user_agent) <= USER_AGENT_LENGTH


@settings(deadline=None)
@given(st.text(), st.text(), st.integers(min_value=0, max_value=10_000))
def test_a_line_that_is_cut_short_or_broken_yields_what_stands_before(
    request_id: str, user_agent: str, length: int
) -> None:
    whole = line(requestId="%", userAgent="%").split("%")
    text = request_id.join(whole[:2]) + user_agent + whole[2]
    request = parse(text[: len(whole[0]) + length])
    assert request is not None
    assert (request.account_id, request.key_id, request.route) == (
        "acme", "key-1", "/api/v1/short-urls",
    )  # fmt: skip


def test_a_line_says_who_asked_for_what_and_from_where() -> None:
    request = parse(line())
    assert request is not None
    assert (request.at, request.account_id, request.key_id) == (1_800_000_000, "acme", "key-1")
    assert (request.method, request.route, request.status) == ("GET", "/api/v1/short-urls", 200)
    assert (request.ip, request.user_agent) == ("192.0.2.1", "curl/8")
    assert request.is_use
    assert not request.exposes


def test_behind_a_cdn_the_address_is_the_viewers() -> None:
    request = parse(line(ip="203.0.113.9", viewer="198.51.100.10"))
    assert request is not None
    assert request.ip == "198.51.100.10"


@pytest.mark.parametrize(
    ("country", "known"), [("DE", "DE"), ("-", None), ("Germany", None), ("", None)]
)
def test_the_country_of_a_request_is_a_code_or_unknown(country: str, known: str | None) -> None:
    request = parse(line(country=country))
    assert request is not None
    assert request.country == known


def test_a_line_of_a_log_without_countries_is_read() -> None:
    fields = {name: value for name, value in LINE.items() if name != "country"}
    request = parse(json.dumps(fields))
    assert request is not None
    assert request.country is None


@pytest.mark.parametrize(
    "changes", [{"keyId": "-"}, {"accountId": "-"}, {"keyId": "-", "credential": "session"}]
)
def test_a_request_without_a_known_key_is_none(changes: dict[str, str]) -> None:
    assert parse(line(**changes)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        line(time="-"),
        line(status="-"),
        line(keyId=None, time=None),
        line(status="2e2"),
        line(time="9" * 40),
        line(keyId="k" * 3000),
        line(keyId=""),
        # Cut among what no client can influence.
        line()[:150],
    ],
)
def test_what_is_no_line_is_told_apart(text: str) -> None:
    with pytest.raises(UnreadableLine):
        parse(text)


@pytest.mark.parametrize(
    ("changes", "permission"),
    [
        ({}, "read"),
        ({"method": "HEAD"}, "read"),
        ({"method": "POST"}, "write"),
        ({"method": "PATCH", "route": "/api/v1/short-urls/{id}"}, "write"),
        ({"method": "DELETE", "route": "/api/v1/short-urls/{id}"}, "delete"),
        ({"method": "POST", "route": "/api/v1/bulk-urls/validate"}, "write"),
        ({"route": "/api/v1/analytics/recent"}, "analytics"),
        ({"method": "TRACE"}, None),
        ({"status": "403"}, None),
        ({"status": "404"}, None),
    ],
)
def test_what_was_needed_follows_from_what_was_served(
    changes: dict[str, str], permission: str | None
) -> None:
    request = parse(line(**changes))
    assert request is not None
    assert request.permission == permission


def test_a_key_in_a_url_is_exposed_also_when_it_is_denied_there() -> None:
    sent = parse(line(credential="query"))
    refused = parse(line(credential="-", reason="header_only", status="401"))
    revoked = parse(line(credential="-", reason="revoked", status="401"))
    assert sent is not None
    assert refused is not None
    assert revoked is not None
    assert (sent.exposes, sent.is_use) == (True, True)
    assert (refused.exposes, refused.is_use) == (True, False)
    assert (revoked.exposes, revoked.is_use) == (False, False)


def test_a_user_agent_is_bounded() -> None:
    request = parse(line(userAgent="x" * 10_000))
    assert request is not None
    assert len(request.user_agent) == USER_AGENT_LENGTH


def test_text_that_no_table_can_hold_is_replaced() -> None:
    request = parse(line(userAgent="a\ud800b\0"))
    assert request is not None
    assert request.user_agent == "a?b\0"


def test_lines_that_cannot_be_read_keep_no_other_from_being_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lines = ["{", "null", line(), line(keyId="-"), line(time="never")]
    assert [request.key_id for request in read(lines)] == ["key-1"]
    (said,) = caplog.records
    assert vars(said)["lines"] == 3


def test_lines_that_cannot_be_read_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    read(["{", line(), "null"])
    assert json.loads(capsys.readouterr().out)["UnreadableLines"] == [2.0]


def test_a_method_that_nobody_knows_names_no_counter() -> None:
    request = parse(line(method="BREW"))
    assert request is not None
    assert request.method == "-"


@pytest.mark.parametrize(("latency", "milliseconds"), [("12", 12), ("-", 0), ("9" * 9, 0)])
def test_how_long_a_request_took(latency: str, milliseconds: int) -> None:
    request = parse(line(latency=latency))
    assert request is not None
    assert (request.request_id, request.milliseconds) == ("request-1", milliseconds)


def test_requests_with_the_same_id_and_time_are_told_apart_by_the_gateways_own_id() -> None:
    first, second = parse(line(extendedRequestId="a=")), parse(line(extendedRequestId="b="))
    assert first is not None
    assert second is not None
    assert first.request_id == second.request_id
    assert first.id != second.id
