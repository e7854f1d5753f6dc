"""Errors of requests about short-lived tokens."""

from jmpy.errors import Conflict, NotFound


class TokenNotFound(NotFound):
    """The key has no working token with that id."""

    example = ("019b7a2e-52c1-7a8e-9d0b-6f1f3f4f0a11",)

    def __init__(self, token_id: str) -> None:
        super().__init__(f"The API key has no working token with the id {token_id}")


class TooManyTokens(Conflict):
    """The key has the maximum number of working tokens."""

    example = (20,)

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"An API key has at most {limit} working tokens; revoke one, or wait until one expires"
        )


class SlotTaken(Exception):
    """The slot holds another token."""
