"""What can be wrong with a link or with a request about one.

`field` names the field of the request that has to change.
"""


class LinkNotFound(Exception):
    def __init__(self) -> None:
        super().__init__("No such short URL")


class LinkExpired(Exception):
    def __init__(self) -> None:
        super().__init__("This short URL has expired")


class LinkDisabled(Exception):
    def __init__(self) -> None:
        super().__init__("This short URL is disabled")


class LinkTakenDown(Exception):
    """To a visitor."""

    def __init__(self) -> None:
        super().__init__("This short URL was taken down by the operator of this service")


class ChangeOfTakenDown(Exception):
    """To the owner, who wants to lead it elsewhere or to move it."""

    def __init__(self) -> None:
        super().__init__(
            "This short URL was taken down by the operator of this service, so that neither its "
            "destination nor its alias can be changed; safety_reason says why"
        )


class LinkChanged(Exception):
    """The link is no longer the version that the request was made for."""

    def __init__(self) -> None:
        super().__init__("The short URL has changed since you read it; read it again")


class LinkConflict(Exception):
    """Others kept changing the link while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The short URL was changed by another request; read it and try again")


class NothingToChange(Exception):
    def __init__(self) -> None:
        super().__init__("Send at least one field to change; to read the short URL, send GET")


class AliasTaken(Exception):
    field = "custom_alias"

    def __init__(self, alias: str) -> None:
        super().__init__(
            f"The alias {alias!r} is already in use, or held for the account that used it; choose "
            "another"
        )


class AliasNotHeld(Exception):
    def __init__(self) -> None:
        super().__init__("No such alias is held for this account")


class InvalidAlias(Exception):
    field = "custom_alias"


class AliasTooShort(InvalidAlias):
    """It could only have been imported."""


class InvalidDestination(Exception):
    field = "url"


class ExpiryPassed(Exception):
    field = "expires_at"

    def __init__(self) -> None:
        super().__init__("The expiry has to be in the future; to end a link now, disable it")


class InvalidPassword(Exception):
    field = "password"

    def __init__(
        self, reason: str = "A password has 8 to 64 characters, at least one of them a letter"
    ) -> None:
        super().__init__(reason)


class PasswordRequired(Exception):
    def __init__(self) -> None:
        super().__init__("This short URL asks for a password: POST it as the form field password")


class InvalidLinkPassword(Exception):
    def __init__(self) -> None:
        super().__init__("That is not the password of this short URL")


class TooManyAttempts(Exception):
    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        """Seconds until attempts are taken again."""
        super().__init__(
            f"Too many wrong passwords from this network; try again in {retry_after} seconds"
        )


class NotAvailable(Exception):
    """The field asks for something that this service does not have yet."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is not available; leave it out")


class InvalidCursor(Exception):
    def __init__(self) -> None:
        super().__init__(
            "The cursor is invalid; use the next_cursor of the previous page, with the same sort"
        )


class PageTooDeep(Exception):
    def __init__(self, bound: int) -> None:
        super().__init__(f"Pages end at {bound} links; go further with cursor=<next_cursor>")
