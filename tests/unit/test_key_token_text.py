import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.key_tokens import text
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey

BASE62 = string.digits + string.ascii_letters
digests = st.integers(0, 2**256 - 1).map("{:064x}".format)
slots = st.integers(0, text.SLOTS - 1)
seeds = st.integers()


def composed(seed: int, slot: int = 0) -> str:
    source = random.Random(seed)
    digest = token.digest(token.generate(source.choice))
    return text.compose(digest, slot, token.random_text(source.choice))


def test_a_token_has_the_documented_shape() -> None:
    created = composed(1)
    assert created.startswith("jmpt_")
    assert len(created) == text.LENGTH == 87
    assert set(created.removeprefix("jmpt_")) <= set(BASE62)


@given(digests, slots, seeds)
def test_every_token_parses_to_its_key_slot_and_digest(digest: str, slot: int, seed: int) -> None:
    created = text.compose(digest, slot, token.random_text(random.Random(seed).choice))
    assert text.parse(created) == (digest, slot, token.digest(created))


@given(seeds, st.integers(0, 86), st.sampled_from(BASE62))
def test_one_changed_character_is_rejected(seed: int, position: int, replacement: str) -> None:
    created = composed(seed)
    changed = created[:position] + replacement + created[position + 1 :]
    if changed != created:
        with pytest.raises(MalformedKey):
            text.parse(changed)


@given(seeds, st.integers(0, 86))
def test_a_truncated_token_is_rejected(seed: int, length: int) -> None:
    with pytest.raises(MalformedKey):
        text.parse(composed(seed)[:length])


@given(st.text() | st.text(BASE62, min_size=82, max_size=82).map("jmpt_".__add__))
def test_noise_is_rejected(noise: str) -> None:
    with pytest.raises(MalformedKey):
        text.parse(noise)


@pytest.mark.parametrize("suffix", ["\n", " ", "\0", "A"])
def test_nothing_may_follow_a_token(suffix: str) -> None:
    with pytest.raises(MalformedKey):
        text.parse(composed(1) + suffix)


def test_a_slot_beyond_the_last_is_rejected() -> None:
    assert text.parse(composed(1, text.SLOTS - 1)).slot == text.SLOTS - 1
    with pytest.raises(MalformedKey):
        text.parse(composed(1, text.SLOTS))


def test_a_number_that_is_no_digest_is_rejected() -> None:
    """43 base62 digits have room for more numbers than there are digests."""
    with pytest.raises(MalformedKey):
        text.parse(text.compose(f"{2**256:x}", 0, "A" * token.RANDOM_LENGTH))


def test_a_key_is_no_token_and_a_token_no_key() -> None:
    with pytest.raises(MalformedKey):
        text.parse(token.generate())
    with pytest.raises(MalformedKey):
        token.parse(composed(1))
