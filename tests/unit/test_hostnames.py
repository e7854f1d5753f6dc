"""Which names a branded domain can have, and how they are stored."""

from __future__ import annotations

import pytest

from jmpy.domains.branded_errors import InvalidHost
from jmpy.domains.hostnames import MAX_LENGTH, HostRules
from jmpy.gateway.own_names import OwnNames

RULES = HostRules(
    own=OwnNames.from_urls(["https://jmpy.example.com", "https://links.operator.com"], ["a1b2c3"]),
    zones=frozenset({"go.operator.com", "cname.operator.net"}),
)

STORED = {
    "go.acme.com": "go.acme.com",
    "GO.Acme.COM": "go.acme.com",
    "go.acme.com.": "go.acme.com",
    "  go.acme.com\n": "go.acme.com",
    "acme.com": "acme.com",
    "acme.co.uk": "acme.co.uk",
    "acme.github.io": "acme.github.io",
    "b\u00fccher.de": "xn--bcher-kva.de",
    "B\u00dcCHER.de": "xn--bcher-kva.de",
    "xn--bcher-kva.de": "xn--bcher-kva.de",
    "fa\u00df.de": "xn--fa-hia.de",
    "go\u3002acme\u3002com": "go.acme.com",
    "\u30b3\u30fc\u30d2\u30fc.jp": "xn--tck2c4fb.jp",
    "notgo.operator.com": "notgo.operator.com",
    "operator.com": "operator.com",
    f"{'a' * 63}.com": f"{'a' * 63}.com",
}


@pytest.mark.parametrize(("text", "host"), STORED.items())
def test_a_name_is_stored_in_lower_case_and_ascii_without_a_dot_at_the_end(
    text: str, host: str
) -> None:
    assert RULES.check(text) == host


REJECTED = {
    "co.uk": "public suffix",
    "github.io": "public suffix",
    "com": "single label",
    "localhost": "single label",
    "": "not a valid host name",
    ".": "not a valid host name",
    "1.2.3.4": "IP address",
    "1.2.3.4.": "IP address",
    "127.1": "IP address",
    "0x7f.0.0.0x1": "IP address",
    "acme.1": "IP address",
    "\uff11.\uff12.\uff13.\uff14": "IP address",
    "[2001:db8::1]": "without",
    "2001:db8::1": "without",
    "*.acme.com": "wildcard",
    "-a.com": "not a valid host name",
    "a-.com": "not a valid host name",
    "a_b.com": "not a valid host name",
    "a..com": "not a valid host name",
    "\u200da.com": "not a valid host name",
    "xn--a.com": "not a valid host name",
    "https://go.acme.com": "alone",
    "go.acme.com/x": "alone",
    "go.acme.com:443": "alone",
    "user@go.acme.com": "alone",
    "go acme.com": "alone",
    "go.operator.com": "name of this service",
    "promo.go.operator.com": "name of this service",
    "019b.cname.operator.net": "name of this service",
    "jmpy.example.com": "name of this service",
    "JMPY.example.com.": "name of this service",
    "x.jmpy.example.com": "name of this service",
    "a1b2c3.execute-api.eu-central-1.amazonaws.com": "name of this service",
    "x.s3.amazonaws.com": "Amazon Web Services",
    "d111111abcdef8.cloudfront.net": "Amazon Web Services",
    "go.acme.test": "reserved",
    "go.acme.example": "reserved",
    "printer.local": "reserved",
    "go.acme.internal": "reserved",
    "4.3.2.1.in-addr.arpa": "reserved",
    "\u0430pple.com": "xn--pple-43d.com",
    "xn--pple-43d.com": "xn--pple-43d.com",
    "p\u0430ypal.com": "mixes",
    "\u0430\u0440\u0440\u04cf\u0435.com": "mistaken",
    f"{'a' * 64}.com": "not a valid host name",
    f"{'.'.join(['a' * 60] * 4)}.acme.com": f"at most {MAX_LENGTH}",
    "a" * 300: "not a valid host name",
    "\ud800.com": "not a valid host name",
}


@pytest.mark.parametrize(("text", "reason"), REJECTED.items())
def test_a_name_that_nobody_can_own_or_that_deceives_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(InvalidHost, match=reason):
        RULES.check(text)


def test_a_rejected_name_of_another_script_is_shown_in_both_spellings() -> None:
    with pytest.raises(InvalidHost) as rejected:
        RULES.check("b\u00fccher.test")
    assert "b\u00fccher.test" in str(rejected.value)
    assert "xn--bcher-kva.test" in str(rejected.value)


def test_names_for_tests_are_accepted_where_the_operator_allows_them() -> None:
    rules = HostRules(RULES.own, RULES.zones, allows_test_tld=True)
    assert rules.check("go.acme.test") == "go.acme.test"
    for text in ("test", "go.acme.invalid"):
        with pytest.raises(InvalidHost):
            rules.check(text)


def test_the_name_of_the_txt_record_of_the_longest_name_is_a_name_as_well() -> None:
    longest = f"{'.'.join(['a' * 60] * 3)}.{'b' * 60}.com"
    assert len(longest) == MAX_LENGTH
    assert len(f"_jmpy.{RULES.check(longest)}") == 253
