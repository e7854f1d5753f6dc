"""Whether a person who signed in still may: Cognito's current state, not the claims of a token that
was issued up to an hour ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from jmpy.aws.errors import AwsError, AwsRejected
from jmpy.sessions.errors import PersonGone, SignInUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED_UP = frozenset({"CONFIRMED", "EXTERNAL_PROVIDER"})
"""Statuses of users who can sign in. Users with others have yet to confirm their address, or to
choose a password after an administrator reset it."""


class Directory(Protocol):
    """The user pool; `Cognito` except in tests."""

    def admin_get_user(self, *, UserPoolId: str, Username: str) -> Mapping[str, Any]: ...  # noqa: N803

    def admin_user_global_sign_out(self, *, UserPoolId: str, Username: str) -> Any: ...  # noqa: N803


class People:
    def __init__(self, directory: Directory, pool_id: str) -> None:
        self._directory = directory
        self._pool_id = pool_id

    def require(self, subject: str) -> None:
        """Raises PersonGone unless the user with that `sub` exists and may sign in, and
        SignInUnavailable if Cognito cannot be queried."""
        try:
            user = self._directory.admin_get_user(UserPoolId=self._pool_id, Username=subject)
            enabled, status = user["Enabled"], user["UserStatus"]
        except AwsRejected as error:
            if error.code == "UserNotFoundException":
                raise PersonGone("deleted") from None
            raise SignInUnavailable(f"Cognito rejected the lookup of a user: {error}") from None
        except (AwsError, KeyError, TypeError) as fault:
            raise SignInUnavailable(f"Cognito did not say who is there: {fault}") from None
        if enabled is not True:
            raise PersonGone("disabled")
        if status not in _SIGNED_UP:
            raise PersonGone(f"of status {status}")

    def sign_out(self, subject: str) -> None:
        """Revokes all refresh tokens of the user with that `sub`. Raises SignInUnavailable."""
        try:
            self._directory.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=subject)
        except AwsRejected as error:
            if error.code != "UserNotFoundException":
                raise SignInUnavailable(
                    f"Cognito rejected the sign-out of a user: {error}"
                ) from None
        except AwsError as fault:
            raise SignInUnavailable(f"Cognito did not sign out: {fault}") from None
