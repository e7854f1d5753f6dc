"""Which keys a list has, and in which order, compared with a reference that is written naively."""

from __future__ import annotations

from dataclasses import replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.access.permission import Permission
from jmpy.formats.time_range import ReversedRange
from jmpy.keys import listing, token
from jmpy.keys.listing import Filter, Request, Sort
from jmpy.keys.model import Environment, KeyState, KeyStatus
from project.keys import issued

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey

NOW = 1000
_, SAMPLE = issued()

keys = st.builds(
    replace,
    st.just(SAMPLE),
    name=st.sampled_from(["CI", "ci deploy", "Straße", "STRASSE", "Zürich", "Zu\u0308rich", "job"]),
    permissions=st.frozensets(st.sampled_from(Permission), min_size=1),
    environment=st.none() | st.sampled_from(Environment),
    created_at=st.integers(0, 5),
    expires_at=st.none() | st.integers(NOW - 2, NOW + 2),
    status=st.sampled_from(KeyStatus),
    replaced_by=st.none() | st.sampled_from(["identity-0", "identity-1", "identity-2"]),
)
accounts = st.lists(keys, max_size=12).map(
    lambda found: [replace(key, id=f"identity-{number}") for number, key in enumerate(found)]
)
times = st.none() | st.integers(NOW - 2, NOW + 2)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    after, before = draw(times), draw(times)
    if after is not None and before is not None:
        after, before = min(after, before), max(after, before)
    return Filter(
        search=draw(
            st.none() | st.sampled_from(["", "CI", "strasse", "zürich", "identity-1", "i", "de ci"])
        ),
        states=draw(st.none() | st.frozensets(st.sampled_from(KeyState))),
        permission=draw(st.none() | st.sampled_from(Permission)),
        environment=draw(st.none() | st.sampled_from(Environment)),
        expires=draw(st.none() | st.booleans()),
        expires_after=after,
        expires_before=before,
    )


def expected(key: ApiKey, wanted: Filter) -> bool:
    """Rule by rule, with numbers in place of what is missing."""
    name = key.name.replace("u\u0308", "ü").replace("ß", "ss").lower()
    words = (wanted.search or "").lower().split()
    never = key.expires_at is None
    after, before = wanted.expires_after, wanted.expires_before
    return all(
        [
            wanted.states is None or key.state(NOW) in wanted.states,
            wanted.permission is None or wanted.permission in key.permissions,
            wanted.environment is None or key.environment == wanted.environment,
            wanted.expires is None or wanted.expires != never,
            after is None or (key.expires_at or 0) >= after,
            before is None or (key.expires_at or 10**9) <= before,
            *(word in name or (len(word) > 7 and word in key.id) for word in words),
        ]
    )


def compared(sort: Sort, uses: dict[str, int]) -> Any:
    """Of two keys, which comes first in ascending order."""

    def of(key: ApiKey) -> Any:
        if sort is Sort.NAME:
            return key.name.replace("u\u0308", "ü").replace("ß", "ss").lower()
        if sort is Sort.EXPIRES_AT:
            return 10**9 if key.expires_at is None else key.expires_at
        if sort is Sort.LAST_USED_AT:
            return uses.get(key.id, -1)
        return key.created_at

    def compare(one: ApiKey, other: ApiKey) -> int:
        if of(one) == of(other):
            return -1 if one.id < other.id else 1
        return -1 if of(one) < of(other) else 1

    return cmp_to_key(compare)


@given(
    accounts,
    filters(),
    st.sampled_from(Sort),
    st.booleans(),
    st.dictionaries(
        st.sampled_from([f"identity-{number}" for number in range(12)]), st.integers(0, 3)
    ),
)
def test_a_list_has_what_matches_in_its_order(
    account: list[ApiKey],
    wanted: Filter,
    sort: Sort,
    descending: bool,
    uses: dict[str, int],
) -> None:
    request = Request(sort=sort, descending=descending, filter=wanted)
    found = listing.ordered(account, request, NOW, lambda _: uses)
    matching = [key for key in account if expected(key, wanted)]
    matching.sort(key=compared(sort, uses))
    assert found == (matching[::-1] if descending else matching)


@given(accounts)
def test_grouping_loses_and_repeats_no_key(account: list[ApiKey]) -> None:
    groups = listing.grouped(account, NOW)
    flat = [key.id for group in groups for key in group]
    in_no_circle = {key.id for key in account} if not _circular(account) else set(flat)
    assert sorted(flat) == sorted(in_no_circle)


def _circular(account: list[ApiKey]) -> bool:
    by_id = {key.id: key for key in account}
    for key in account:
        seen, at = set[str](), key
        while at.state(NOW) is KeyState.ROTATING and at.replaced_by in by_id:
            if at.id in seen:
                return True
            seen.add(at.id)
            at = by_id[at.replaced_by]
    return False


def test_a_key_that_is_being_replaced_follows_its_successor() -> None:
    newest = replace(SAMPLE, id="3")
    middle = replace(SAMPLE, id="2", replaced_by="3", expires_at=NOW + 1)
    oldest = replace(SAMPLE, id="1", replaced_by="2", expires_at=NOW + 1)
    ended = replace(SAMPLE, id="0", replaced_by="2", expires_at=NOW - 1)
    orphan = replace(SAMPLE, id="4", replaced_by="lost", expires_at=NOW + 1)
    groups = listing.grouped([oldest, ended, orphan, newest, middle], NOW)
    assert [[key.id for key in group] for group in groups] == [["0"], ["4"], ["3", "2", "1"]]


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("nightly", True),
        ("EXPORT nightly", True),
        ("night port", True),
        ("nightly import", False),
        ("01a2067f", True),
        ("01a2067", False),
        ("93CB8207", True),
        ("jmpy_Ab12", True),
        ("jmpy_Ab12…wxyz", True),
        ("WXYZ", True),
        ("xyz", False),
        ("  ", True),
        ("Übersicht", False),
    ],
)
def test_a_search_finds_what_people_see_of_a_key(search: str, is_found: bool) -> None:
    key = replace(
        SAMPLE,
        id="01a2067f-1cf8-78ae-b1f2-93cb8207e601",
        name="Nightly Export",
        display_prefix="jmpy_Ab12",
        last_four="wxyz",
    )
    assert Filter(search=search).matches(key, NOW) is is_found


def test_a_whole_key_finds_itself_alone_and_is_shortened_where_it_is_shown() -> None:
    secret, key = issued()
    other = replace(issued()[1], display_prefix=key.display_prefix, last_four=key.last_four)
    assert Filter(search=f" {secret}").matches(key, NOW)
    assert not Filter(search=secret).matches(other, NOW)
    shown = f"{key.display_prefix}…{key.last_four}"
    assert listing.without_secret(f"mine {secret}") == f"mine {shown}"
    assert listing.without_secret(f"mine {secret[:-1]}") == f"mine {secret[:-1]}"
    assert token.is_valid(secret)


def test_a_range_of_expiry_is_in_order() -> None:
    with pytest.raises(ReversedRange) as rejected:
        Filter(expires_after=2, expires_before=1)
    assert rejected.value.field == "expires_after"
