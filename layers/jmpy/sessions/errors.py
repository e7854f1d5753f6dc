"""Errors of sign-ins and sessions."""

from jmpy.errors import InvalidCredential, NotFound, Unavailable


class InvalidIdToken(Exception):
    """The token does not prove an identity; the message says why, without the token."""


class SignInDenied(Exception):
    """This sign-in cannot be completed; another attempt may succeed. The message says why."""


class RefreshDenied(Exception):
    """Cognito rejects the refresh token: it expired, was revoked, or its user may no longer sign
    in."""


class PersonGone(InvalidCredential):
    """The person may no longer sign in: Cognito has no such user, or the user is disabled or had
    the password reset. The message says which."""


class SessionNotFound(NotFound):
    """The account has no such session, or it has ended."""

    def __init__(self) -> None:
        super().__init__("That session has ended")


class SignInUnavailable(Unavailable):
    """Cognito did not respond, or not as documented, so the person's identity is unknown."""


class TooManyRequests(Exception):
    """One session requests more pages than it may; nothing was done."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after
        """Seconds."""
