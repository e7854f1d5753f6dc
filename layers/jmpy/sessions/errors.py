"""What can be wrong with a sign-in or a session."""

from jmpy.errors import InvalidCredential, NotFound, Unavailable


class InvalidIdToken(Exception):
    """The token does not prove who somebody is; the message says why, without the token."""


class SignInDenied(Exception):
    """This attempt to sign in cannot be completed; another one may. The message says why."""


class RefreshDenied(Exception):
    """Cognito takes the refresh token no longer: it expired, was revoked, or its user may not
    sign in any more."""


class PersonGone(InvalidCredential):
    """Who signed in may not any more: Cognito has no such user, or one that is disabled or whose
    password was reset. The message says which."""


class SessionNotFound(NotFound):
    """The account has no such session: it has ended."""

    def __init__(self) -> None:
        super().__init__("That session has ended")


class SignInUnavailable(Unavailable):
    """Cognito did not answer, or not as documented: nothing is known about who is asking."""


class TooManyRequests(Exception):
    """One session asks for more pages than it may; nothing was done."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after
        """Seconds."""
