import pytest

from jmpy.sessions.encryption import DecryptionFailed, seal, unseal


def test_a_token_is_read_with_the_session_that_sealed_it() -> None:
    sealed = seal("session", "token")
    assert b"token" not in sealed
    assert unseal("session", sealed) == "token"


def test_the_same_token_is_never_sealed_alike() -> None:
    assert seal("session", "token") != seal("session", "token")


def test_any_other_session_or_a_changed_seal_reads_nothing() -> None:
    sealed = seal("session", "token")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for session_id, content in (
        ("other", sealed),
        ("", sealed),
        ("session", changed),
        ("session", sealed[:5]),
        ("session", b""),
    ):
        with pytest.raises(DecryptionFailed):
            unseal(session_id, content)
