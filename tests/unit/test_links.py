import random
import uuid

import pytest

from jmpy.formats.times import iso, parse_time
from jmpy.links import codes
from jmpy.links.errors import InvalidAlias


@pytest.mark.parametrize("alias", ["abc", "A-b_9", "a" * 50])
def test_aliases_that_are_accepted(alias: str) -> None:
    assert codes.checked_alias(alias) == alias


@pytest.mark.parametrize("alias", ["", "ab", "a b c", "caf\u00e9", "a/b/c", "abc\n"])
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
