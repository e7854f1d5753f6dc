"""Destinations are what browsers make of them (https://url.spec.whatwg.org/), and what is rejected
beyond that is rejected on purpose."""

import can_ada
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.gateway.own_names import OwnNames
from jmpy.links import destination
from jmpy.links.errors import InvalidDestination

LONGEST = "https://example.com/" + "a" * 7980


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://example.com", "https://example.com/"),
        ("http://example.com:8080/a/b?c=d#e", "http://example.com:8080/a/b?c=d#e"),
        ("HTTPS://EXAMPLE.COM/Path", "https://example.com/Path"),
        ("https:example.com/a", "https://example.com/a"),
        ("https:\\\\example.com\\a", "https://example.com/a"),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:00008443/", "https://example.com:8443/"),
        ("https://example.com:/", "https://example.com/"),
        ("https://@example.com/", "https://example.com/"),
        # Spaces around go, those inside are encoded; a line that was wrapped is joined.
        ("  https://example.com/a b?c d#e f\n", "https://example.com/a%20b?c%20d#e%20f"),
        ("https://exam\tple.com/a\r\nb", "https://example.com/ab"),
        ("https://example.com/\u202e", "https://example.com/%E2%80%AE"),
        # Dots.
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/%2e%2E/a", "https://example.com/a"),
        ("https://example.com/../../a", "https://example.com/a"),
        # What is encoded, and what stays.
        ('https://example.com/a"b<c>d`e{f}', "https://example.com/a%22b%3Cc%3Ed%60e%7Bf%7D"),
        ("https://example.com/?a\"b<c>d'e", "https://example.com/?a%22b%3Cc%3Ed%27e"),
        ("https://example.com/a|b'c[d]?e|f[g]", "https://example.com/a|b'c[d]?e|f[g]"),
        ("https://example.com/%zz%C3%9f%", "https://example.com/%zz%C3%9f%"),
        ("https://example.com/edit?html,output", "https://example.com/edit?html,output"),
        ("https://example.com/?", "https://example.com/?"),
        ("https://example.com/#", "https://example.com/#"),
        # Hosts, as UTS 46 maps them.
        (
            "https://M\u00fcnchen.example/stra\u00dfe?q=\u20ac#\u00e9",
            "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%E2%82%AC#%C3%A9",
        ),
        ("https://xn--mnchen-3ya.example/%C3%9F", "https://xn--mnchen-3ya.example/%C3%9F"),
        ("https://\U0001f4a9.la", "https://xn--ls8h.la/"),
        ("https://fa\u00df.example/", "https://xn--fa-hia.example/"),
        ("https://g\uff4f\u3002example/", "https://go.example/"),
        ("https://exa%6Dple.com/", "https://example.com/"),
        ("https://my_host.example.com./", "https://my_host.example.com./"),
        ("https://-a-.example/", "https://-a-.example/"),
        # Addresses, however they are written.
        ("http://[2001:DB8:0::0:1]:80/", "http://[2001:db8::1]/"),
        ("http://[::ffff:192.0.2.1]/", "http://[::ffff:c000:201]/"),
        ("http://192.0.2.1./", "http://192.0.2.1/"),
        ("http://3221225985/", "http://192.0.2.1/"),
        ("http://0xC0.0.02.1/", "http://192.0.2.1/"),
        ("http://192.513/", "http://192.0.2.1/"),
        ("http://localhost:3000/", "http://localhost:3000/"),
        (LONGEST, LONGEST),
    ],
)
def test_a_destination_is_stored_as_a_browser_reads_it(url: str, stored: str) -> None:
    assert destination.checked(url) == stored
    assert destination.checked(stored) == stored


@given(
    st.from_regex(r"https?:(//)?[\w.%\[\]:@-]{0,20}([/?#\\].{0,30})?", fullmatch=True)
    | st.text(max_size=40).map(lambda text: f"https://example.com/{text}")
)
def test_what_is_accepted_is_what_the_standard_makes_of_it(url: str) -> None:
    try:
        stored = destination.checked(url)
    except InvalidDestination:
        return
    assert stored == can_ada.parse(url).href
    assert stored.isascii()
    assert stored.isprintable()
    assert destination.checked(stored) == stored


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not a valid http"),
        ("https://", "not a valid http"),
        ("https:///", "not a valid http"),
        ("https://exam ple.com", "not a valid http"),
        ("https://example.com:port", "not a valid http"),
        ("https://example.com:65536/", "not a valid http"),
        ("https://[::1", "not a valid http"),
        ("https://\u2488.example", "not a valid http"),
        ("https://\u00ad/", "not a valid http"),
        ("https://xn--.example", "not a valid http"),
        ("https://exa%23mple.com/", "not a valid http"),
        ("http://[fe80::1%25eth0]/", "not a valid http"),
        ("http://[fe80::1%eth0]/", "not a valid http"),
        ("http://[v1.fe80::1]/", "not a valid http"),
        ("http://[::1]x/", "not a valid http"),
        ("http://x[::1]/", "not a valid http"),
        # A host whose last label is a number is an address, or nothing.
        ("http://192.0.2.256/", "not a valid http"),
        ("http://example.1/", "not a valid http"),
        ("http://example.0x4/", "not a valid http"),
        ("http://1.2.3.4.5/", "not a valid http"),
        ("http://4294967296/", "not a valid http"),
        ("https://example.com/\ud800", "not a valid http"),
    ],
)
def test_what_is_no_url_to_a_browser_is_rejected(url: str, reason: str) -> None:
    with pytest.raises(InvalidDestination, match=reason):
        destination.checked(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        # Only the web: other schemes run scripts, open files, or send mail.
        ("ftp://example.com", "http or https"),
        ("javascript:alert(1)", "http or https"),
        ("data:text/html,x", "http or https"),
        ("mailto:a@example.com", "http or https"),
        # A name before the host makes it look like another host, and credentials are no one's
        # business.
        ("https://user@example.com", "user name"),
        ("https://example.org:pass@example.com", "user name"),
        # Without a dot it leads into the visitor's own network, or nowhere.
        ("https://intranet/", "'intranet' is not a whole host name"),
        ("https:///path", "'path' is not a whole host name"),
        ("https://exa\\mple.com", "'exa' is not a whole host name"),
        ("https://com./", "is not a whole host name"),
        # Names that the Domain Name System cannot hold.
        ("https://a..b/", "not a valid host name"),
        ("https://.example.com/", "not a valid host name"),
        ("https://example.com../", "not a valid host name"),
        ("https://" + "a" * 64 + ".example", "not a valid host name"),
        ("https://" + "a." * 127 + "example", "not a valid host name"),
        # What no client has to support.
        (LONGEST + "a", "at most 8,000 characters; this one has 8,001$"),
        ("https://example.com/" + "\u00e9" * 2000, "this one has 12,020 once it is encoded"),
    ],
)
def test_what_is_rejected_on_purpose_says_why(url: str, reason: str) -> None:
    assert can_ada.can_parse(url)
    with pytest.raises(InvalidDestination, match=reason):
        destination.checked(url)


@pytest.mark.parametrize(
    "url", ["example.com", "example.com/a?b", "www.example.com:8080/a", "//example.com/a"]
)
def test_a_url_without_its_scheme_gets_a_hint(url: str) -> None:
    with pytest.raises(
        InvalidDestination, match=r"Add https:// before it: https://(www\.)?example"
    ):
        destination.checked(url)


OWN = OwnNames.from_urls(
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
def test_a_destination_on_this_service_itself_is_rejected(url: str) -> None:
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
