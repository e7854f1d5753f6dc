import random
import uuid

import pytest

from jmpy.http.times import iso, parse_time
from jmpy.links import codes, destination
from jmpy.links.errors import InvalidAlias, InvalidDestination
from jmpy.links.own_names import OwnNames


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://example.com", "https://example.com"),
        ("http://example.com:8080/a/b?c=d#e", "http://example.com:8080/a/b?c=d#e"),
        ("HTTPS://EXAMPLE.COM/Path", "https://example.com/Path"),
        (
            "https://M\u00fcnchen.example/stra\u00dfe?q=\u20ac#\u00e9",
            "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%E2%82%AC#%C3%A9",
        ),
        ("https://xn--mnchen-3ya.example/%C3%9F", "https://xn--mnchen-3ya.example/%C3%9F"),
        ("https://my_host.example.com./", "https://my_host.example.com/"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ("http://[2001:DB8:0::0:1]/", "http://[2001:db8::1]/"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("http://192.0.2.1./", "http://192.0.2.1/"),
        ("http://localhost:3000/", "http://localhost:3000/"),
        ("https://example.com/" + "a" * 2028, "https://example.com/" + "a" * 2028),
    ],
)
def test_destinations_that_are_accepted(url: str, stored: str) -> None:
    assert destination.checked(url) == stored
    assert destination.checked(stored) == stored


OWN = OwnNames.of(
    [
        "https://go.example/live",
        "https://d111.cloudfront.net.",
        "https://M\u00fcnchen.example",
        "http://127.0.0.1:4566/live",
    ],
    ["abc123"],
)


@pytest.mark.parametrize(
    "url",
    [
        "https://go.example/abc",
        "http://GO.example:8443/",
        "https://go.example./abc",
        "https://go.example\u3002/abc",
        "https://g\uff4f.example:443/abc",
        "https://D111.cloudfront.net/abc",
        "https://xn--mnchen-3ya.example/abc",
        "https://m\u00fcnchen.example/abc",
        "https://abc123.execute-api.eu-west-1.amazonaws.com/live/abc",
        "https://abc123.execute-api.cn-north-1.amazonaws.com.cn/live/abc",
        "http://127.0.0.1:4566/live/abc",
        "http://127.8.8.8:4566/live/abc",
        "http://0.0.0.0:4566/live/abc",
        "http://localhost:4566/live/abc",
        "http://jmpy.localhost:4566/live/abc",
        "http://[::1]:4566/live/abc",
        "http://[0:0::1]:4566/live/abc",
        "http://[::]:4566/live/abc",
        "http://[::ffff:127.0.0.1]:4566/live/abc",
    ],
)
def test_a_destination_on_this_service_itself_is_refused(url: str) -> None:
    with pytest.raises(InvalidDestination, match="itself"):
        destination.checked(url, OWN)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.go.example/",
        "https://go.example.com/",
        "https://abc124.execute-api.eu-west-1.amazonaws.com/live/abc",
        "https://abc123.example/",
        "http://localhost:3000/",
        "http://localhost/",
        "http://192.0.2.1:4566/",
    ],
)
def test_a_destination_elsewhere_is_accepted(url: str) -> None:
    assert destination.checked(url, OWN) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "http or https"),
        ("example.com", "http or https"),
        ("ftp://example.com", "http or https"),
        ("javascript:alert(1)", "http or https"),
        ("https://", "http or https"),
        ("https:///path", "http or https"),
        ("https://user@example.com", "user name"),
        ("https://user:pass@example.com", "user name"),
        ("https://exam ple.com", "spaces"),
        ("https://example.com/\r\nSet-Cookie: a=b", "control"),
        ("https://example.com/\u202e", "control"),
        ("https://example.com:port", "not a valid URL"),
        ("https://[::1", "not a valid URL"),
        ("https://exa\\mple.com", "backslashes"),
        ("https://-bad-.example", "host name"),
        ("https://a..b", "host name"),
        ("https://" + "a" * 64 + ".example", "host name"),
        ("https://" + "a." * 127 + "example", "host name"),
        ("https://\u2488.example", "host name"),
        ("https://example.com../", "host name"),
        ("https://exa%6dple.com/", "host name"),
        ("http://[fe80::1%25eth0]/", "host name"),
        ("http://[fe80::1%eth0]/", "host name"),
        ("http://[fe80::1%25]/", "host name"),
        ("http://[v1.fe80::1]/", "host name"),
        ("http://[::1]x/", "host name"),
        ("http://x[::1]/", "host name"),
        ("http://127.1/", "host name"),
        ("http://2130706433/", "host name"),
        ("http://0x7f.0.0.1/", "host name"),
        ("http://0177.0.0.1/", "host name"),
        ("http://192.0.2.256/", "host name"),
        ("http://example.1/", "host name"),
        ("https://example.com/" + "a" * 2029, "2048"),
    ],
)
def test_destinations_that_are_refused_say_why(url: str, reason: str) -> None:
    with pytest.raises(InvalidDestination, match=reason):
        destination.checked(url)


@pytest.mark.parametrize("alias", ["abc", "A-b_9", "a" * 50])
def test_aliases_that_are_accepted(alias: str) -> None:
    assert codes.checked_alias(alias) == alias


@pytest.mark.parametrize("alias", ["", "ab", "a" * 51, "a b c", "caf\u00e9", "a/b/c", "abc\n"])
def test_aliases_of_a_wrong_shape_are_refused(alias: str) -> None:
    with pytest.raises(InvalidAlias, match="3 to 50"):
        codes.checked_alias(alias)


@pytest.mark.parametrize(
    "alias", ["api", "API", "Login", "docs", "health", "lookup", "check-alias"]
)
def test_reserved_words_are_refused_in_any_case(alias: str) -> None:
    with pytest.raises(InvalidAlias, match="reserved"):
        codes.checked_alias(alias)


def test_a_random_code_is_never_a_reserved_word() -> None:
    letters = iter("privacyABCDEFG")
    assert codes.random_code(lambda _alphabet: next(letters)) == "ABCDEFG"


def test_link_ids_are_uuids_of_version_7_in_order_of_time() -> None:
    rng = random.Random(1)
    ids = [codes.link_id(1_700_000_000 + n / 1000, rng.getrandbits) for n in range(100)]
    assert ids == sorted(ids)
    parsed = uuid.UUID(ids[0])
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert parsed.int >> 80 == 1_700_000_000_000


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T01:00:00+01:00", "2030-01-01T00:00:00Z"),
        ("2030-01-01T00:00:00", "2030-01-01T00:00:00Z"),
        ("2030-01-01", "2030-01-01T00:00:00Z"),
    ],
)
def test_times_in_any_iso_8601_form(text: str, canonical: str) -> None:
    time = parse_time(text)
    assert time is not None
    assert iso(int(time.timestamp())) == canonical


@pytest.mark.parametrize("value", [1893456000, True, "soon", "", "9999-12-31T23:59:59-14:00"])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"ISO 8601|year"):
        parse_time(value)
