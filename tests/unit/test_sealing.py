import pytest

from jmpy.sessions.encryption import DecryptionFailed, decrypt, encrypt


def test_a_token_is_read_with_the_session_that_sealed_it() -> None:
    encrypted = encrypt("session", "token")
    assert b"token" not in encrypted
    assert decrypt("session", encrypted) == "token"


def test_the_same_token_is_never_sealed_alike() -> None:
    assert encrypt("session", "token") != encrypt("session", "token")


def test_any_other_session_or_a_changed_seal_reads_nothing() -> None:
    encrypted = encrypt("session", "token")
    changed = encrypted[:-1] + bytes([encrypted[-1] ^ 1])
    for session_id, content in (
        ("other", encrypted),
        ("", encrypted),
        ("session", changed),
        ("session", encrypted[:5]),
        ("session", b""),
    ):
        with pytest.raises(DecryptionFailed):
            decrypt(session_id, content)
