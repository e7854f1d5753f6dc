"""Errors of keys, and of requests about them."""

from jmpy.errors import Conflict, Invalid, NotFound, PreconditionFailed


class MalformedKey(Exception):
    """The text cannot be an API key: wrong length, alphabet, prefix or checksum."""


class KeyNotFound(NotFound):
    """The account has no key with that id."""

    example = ("9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11",)

    def __init__(self, key_id: str) -> None:
        super().__init__(f"There is no API key with the id {key_id}")


class KeyNotActive(Conflict):
    """The key is revoked, expired or already rotated, so it can no longer change."""

    example = ("9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11",)

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"The API key {key_id} is revoked, expired or already rotated; create a new key instead"
        )


class KeyPaused(Conflict):
    """The key is paused, so it cannot be rotated: its successor would work."""

    example = ("9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11",)

    def __init__(self, key_id: str) -> None:
        super().__init__(f"The API key {key_id} is paused; resume it first, then rotate it")


class KeyChanged(PreconditionFailed):
    """The key's version is not the one that the request names."""

    def __init__(self) -> None:
        super().__init__("The API key has changed since you read it; read it again")


class TooManyKeys(Conflict):
    """The account has the maximum number of working keys."""

    example = (100,)

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"An account has at most {limit} API keys that are neither revoked nor expired; "
            "revoke one that is no longer used, then try again"
        )


class InvalidKeyRequest(Invalid):
    """A field breaks its rule; the message contains the rule."""

    field: str

    example = ("name", "A key's name is one line of 1 to 100 characters")

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
