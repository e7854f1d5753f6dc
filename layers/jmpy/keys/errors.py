"""What can be wrong with a key or with a request about one."""


class MalformedKey(Exception):
    """The text cannot be an API key: wrong length, alphabet, prefix or checksum."""


class KeyNotFound(Exception):
    """The account has no key with that id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"No API key has the id {key_id}")


class KeyNotActive(Exception):
    """The key is revoked, expired or already rotated, so it can no longer change."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"The API key {key_id} is revoked, expired or already rotated; create a new key instead"
        )


class InvalidKeyRequest(Exception):
    """A name, permission, expiry or grace period outside its limits; the message says which."""
