import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.keys import token
from jmpy.keys.errors import MalformedKey

BASE62 = string.digits + string.ascii_letters
seeds = st.integers()


def key(seed: int) -> str:
    return token.generate(random.Random(seed).choice)


def test_a_key_has_the_documented_shape() -> None:
    created = token.generate()
    assert created.startswith("jmpy_")
    assert len(created) == 43
    assert set(created.removeprefix("jmpy_")) <= set(BASE62)


def test_the_checksum_is_crc32_in_base62() -> None:
    # CRC32 of "123456789" is 0xCBF43926 (the check value of the algorithm) = 3421780262.
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value = 0
    for digit in token.checksum("123456789"):
        value = value * 62 + digits.index(digit)
    assert value == 0xCBF43926


def test_keys_differ() -> None:
    assert len({token.generate() for _ in range(1000)}) == 1000


@given(seeds)
def test_every_generated_key_parses_to_its_digest(seed: int) -> None:
    created = key(seed)
    assert token.parse(created) == token.digest(created)
    assert len(token.digest(created)) == 64


@given(seeds, st.integers(0, 42), st.sampled_from(BASE62))
def test_one_changed_character_is_rejected(seed: int, position: int, replacement: str) -> None:
    created = key(seed)
    changed = created[:position] + replacement + created[position + 1 :]
    if changed != created:
        with pytest.raises(MalformedKey):
            token.parse(changed)


@given(seeds, st.integers(5, 41))
def test_two_swapped_neighbours_are_rejected(seed: int, position: int) -> None:
    created = key(seed)
    a, b = created[position], created[position + 1]
    if a != b:
        with pytest.raises(MalformedKey):
            token.parse(created[:position] + b + a + created[position + 2 :])


@given(seeds, st.integers(0, 42))
def test_a_truncated_key_is_rejected(seed: int, length: int) -> None:
    with pytest.raises(MalformedKey):
        token.parse(key(seed)[:length])


@given(st.text())
def test_noise_is_rejected(noise: str) -> None:
    with pytest.raises(MalformedKey):
        token.parse(noise)


@pytest.mark.parametrize("suffix", ["\n", " ", "\0", "A"])
def test_nothing_may_follow_a_key(suffix: str) -> None:
    with pytest.raises(MalformedKey):
        token.parse(token.generate() + suffix)


def test_digits_of_other_scripts_are_rejected() -> None:
    with pytest.raises(MalformedKey):
        token.parse("jmpy_" + "\N{ARABIC-INDIC DIGIT ONE}" * 38)
