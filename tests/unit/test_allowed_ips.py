"""Which addresses a key may be restricted to, and which callers such a list permits."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jmpy.keys import allowed_ips
from jmpy.keys.allowed_ips import Adjusted
from jmpy.keys.errors import InvalidKeyRequest


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("203.0.113.5/24", "203.0.113.0/24"),
        (" 203.0.113.0/24 ", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:203.0.113.7/120", "203.0.113.0/24"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:db8:0:0::1", "2001:db8::1"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("2001:db8:ffff::1/33", "2001:db8:8000::/33"),
        ("8.0.0.0/7", "8.0.0.0/7"),
    ],
)
def test_an_entry_is_stored_without_host_bits_and_in_its_shortest_form(
    sent: str, stored: str
) -> None:
    assert allowed_ips.checked([sent]) == (stored,)
    assert allowed_ips.checked([stored]) == (stored,)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("0.0.0.0/0", "leave the list empty"),
        ("203.0.113.7/0", "leave the list empty"),
        ("::/0", "leave the list empty"),
        ("::ffff:0:0/96", "leave the list empty"),
        ("10.0.0.0/8", "private or reserved"),
        ("172.16.5.4", "private or reserved"),
        ("192.168.1.0/24", "private or reserved"),
        ("::ffff:192.168.1.1", "private or reserved"),
        ("100.64.0.1", "private or reserved"),
        ("127.0.0.1", "private or reserved"),
        ("169.254.169.254", "private or reserved"),
        ("0.0.0.0", "private or reserved"),
        ("224.0.0.1", "private or reserved"),
        ("255.255.255.255", "private or reserved"),
        ("::1", "private or reserved"),
        ("fd00::/8", "private or reserved"),
        ("fe80::1", "private or reserved"),
        ("ff02::1", "private or reserved"),
        ("", "Entry 1 is neither"),
        ("example.com", "Entry 1 is neither"),
        ("203.0.113.256", "Entry 1 is neither"),
        ("203.0.113.07", "Entry 1 is neither"),
        ("203.0.113", "Entry 1 is neither"),
        ("203.0.113.7:443", "Entry 1 is neither"),
        ("203.0.113.0/", "Entry 1 is neither"),
        ("203.0.113.0/33", "Entry 1 is neither"),
        ("203.0.113.0/-1", "Entry 1 is neither"),
        ("203.0.113.0/255.255.255.0", "Entry 1 is neither"),
        ("203.0.113.0-203.0.113.9", "Entry 1 is neither"),
        ("[2001:db8::1]", "Entry 1 is neither"),
        ("2001:db8::1%eth0", "Entry 1 is neither"),
        ("٢٠٣.0.113.7", "Entry 1 is neither"),
        ("1" * 10_000, "Entry 1 is neither"),
    ],
)
def test_what_restricts_nothing_or_permits_nobody_is_rejected(entry: str, reason: str) -> None:
    with pytest.raises(InvalidKeyRequest, match=reason) as rejected:
        allowed_ips.checked([entry])
    assert rejected.value.field == "allowed_ips"
    assert len(str(rejected.value)) < 200


def test_an_entry_that_is_none_is_named_by_its_place() -> None:
    with pytest.raises(InvalidKeyRequest, match=r"^Entry 2 "):
        allowed_ips.checked(["203.0.113.7", "jmpy_secret"])


def test_a_list_has_at_most_fifty_different_entries() -> None:
    fifty = [f"203.0.113.{number}" for number in range(50)]
    assert len(allowed_ips.checked([*fifty, *fifty])) == 50
    with pytest.raises(InvalidKeyRequest, match=r"There are 51 .* the maximum is 50"):
        allowed_ips.checked([*fifty, "203.0.113.50"])


def test_entries_are_stored_once_and_in_order() -> None:
    sent = ["2001:db8::1", "203.0.113.9", "203.0.113.5/24", "203.0.113.10", "203.0.113.0/24"]
    assert allowed_ips.checked(sent) == (
        "203.0.113.0/24", "203.0.113.9", "203.0.113.10", "2001:db8::1",
    )  # fmt: skip


def test_what_is_stored_in_another_form_is_said_once() -> None:
    sent = ["203.0.113.5/24", " 203.0.113.7", "203.0.113.5/24", "203.0.113.0/24"]
    assert allowed_ips.adjusted(sent) == [Adjusted("203.0.113.5/24", "203.0.113.0/24")]


@pytest.mark.parametrize(
    ("entries", "address", "expected"),
    [
        (("203.0.113.0/24",), "203.0.113.7", True),
        (("203.0.113.0/24",), "203.0.114.7", False),
        (("203.0.113.0/24",), "::ffff:203.0.113.7", True),
        (("203.0.113.0/24",), "::ffff:203.0.114.7", False),
        (("203.0.113.0/24",), "2001:db8::1", False),
        (("203.0.113.7",), "203.0.113.7", True),
        (("203.0.113.7",), "203.0.113.70", False),
        (("2001:db8::/32",), "2001:db8:0:0::1", True),
        (("2001:db8::/32",), "2001:DB8::1", True),
        (("2001:db8::/32",), "2001:db9::1", False),
        (("198.51.100.1", "2001:db8::1"), "2001:db8::1", True),
        (("203.0.113.0/24",), "", False),
        (("203.0.113.0/24",), "None", False),
        (("203.0.113.0/24",), "test-invoke-source-ip", False),
        (("203.0.113.0/24",), "203.0.113.7, 203.0.113.8", False),
        (("203.0.113.0/24",), "203.0.113.7:443", False),
    ],
)
def test_a_caller_is_permitted_by_the_entry_that_covers_its_address(
    entries: tuple[str, ...], address: str, expected: bool
) -> None:
    assert allowed_ips.permits(entries, address) is expected


@given(address=st.ip_addresses(), prefix=st.integers(1, 128))
def test_whatever_is_accepted_permits_the_address_it_was_made_from(
    address: IPv4Address | IPv6Address, prefix: int
) -> None:
    """An IPv4-mapped address is one of IPv4, which only networks within the mapped ones cover."""
    assume(prefix >= 96 or getattr(address, "ipv4_mapped", None) is None)
    try:
        stored = allowed_ips.checked([f"{address}/{prefix}"])
    except InvalidKeyRequest:
        return
    assert allowed_ips.checked(stored) == stored
    assert allowed_ips.permits(stored, str(address))


@given(text=st.text(max_size=60))
def test_any_text_is_an_entry_or_rejected(text: str) -> None:
    try:
        stored = allowed_ips.checked([text])
    except InvalidKeyRequest:
        return
    assert len(stored) == 1
