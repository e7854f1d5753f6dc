"""What can be wrong with a link or with a request about one.

`field` names the field of the request that has to change.
"""

from collections.abc import Sequence

from jmpy.errors import (
    Conflict,
    Denied,
    Gone,
    Invalid,
    Malformed,
    NotFound,
    PreconditionFailed,
    Throttled,
    Unauthenticated,
)


class LinkNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No such short URL")


class AmbiguousCode(Conflict):
    """The account has the code on several domains, and the request names none of them."""

    example = ("sale", ("go.example.com", "promo.example.com"))

    def __init__(self, code: str, hosts: Sequence[str]) -> None:
        super().__init__(
            f"You have {code!r} on {', '.join(hosts)}; name one as the query parameter domain, or "
            "use the id of the short URL"
        )


class LinkExpired(Gone):
    code = "LINK_EXPIRED"

    def __init__(self) -> None:
        super().__init__("This short URL has expired")


class LinkDisabled(Gone):
    code = "LINK_DISABLED"

    def __init__(self) -> None:
        super().__init__("This short URL is disabled")


class LinkTakenDown(Gone):
    """To a visitor."""

    code = "LINK_TAKEN_DOWN"

    def __init__(self) -> None:
        super().__init__("This short URL was taken down by the operator of this service")


class ChangeOfTakenDown(Denied):
    """To its owner, who tried to change its destination or alias."""

    code = "LINK_TAKEN_DOWN"

    def __init__(self) -> None:
        super().__init__(
            "This short URL was taken down by the operator of this service, so neither its "
            "destination nor its alias can be changed; see safety_reason"
        )


class LinkChanged(PreconditionFailed):
    """The link is no longer the version that the request was made for."""

    def __init__(self) -> None:
        super().__init__("The short URL has changed since you read it; read it again")


class LinkConflict(Conflict):
    """Others kept changing the link while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The short URL was changed by another request; read it and try again")


class NothingToChange(Invalid):
    def __init__(self) -> None:
        super().__init__("Send at least one field to change; to read the short URL, send GET")


class AliasTaken(Conflict):
    code = "ALIAS_TAKEN"
    field = "custom_alias"
    example = ("autumn-sale",)

    def __init__(self, alias: str) -> None:
        super().__init__(
            f"The alias {alias!r} is already in use, or held for the account that used it; choose "
            "another"
        )


class AliasNotHeld(NotFound):
    def __init__(self) -> None:
        super().__init__("No such alias is held for this account")


class InvalidAlias(Invalid):
    field = "custom_alias"
    example = ("An alias has 3 to 50 letters, digits, '-' and '_'",)


class AliasTooShort(InvalidAlias):
    """It could only have been imported."""


class InvalidDestination(Invalid):
    code = "INVALID_URL"
    field = "url"
    example = ("A destination is an http or https URL",)


class ExpiryPassed(Invalid):
    field = "expires_at"

    def __init__(self) -> None:
        super().__init__("The expiry must be in the future; to stop a link now, disable it")


class UnknownCampaign(Invalid):
    field = "campaign_id"

    def __init__(self) -> None:
        super().__init__("You have no such campaign; create it first, or choose none")


class UnknownDomain(Invalid):
    """The account cannot have links on the domain: it has none with that host, or none that works.
    Whoever read the request sets `field` to the one that named it."""

    field = "branded_domain"
    example = ("go.example.com",)

    def __init__(
        self, host: str, problem: str = "is not one of your domains; add it first, or use another"
    ) -> None:
        self.host = host
        super().__init__(f"{host!r} {problem}")


class InvalidPassword(Invalid):
    field = "password"

    def __init__(
        self, reason: str = "A password has 8 to 64 characters, at least one of them a letter"
    ) -> None:
        super().__init__(reason)


class PasswordRequired(Unauthenticated):
    code = "PASSWORD_REQUIRED"

    def __init__(self) -> None:
        super().__init__(
            "This short URL is password-protected: POST the password as the form field password"
        )


class InvalidLinkPassword(Unauthenticated):
    code = "INVALID_PASSWORD"

    def __init__(self) -> None:
        super().__init__("The password is incorrect")


class TooManyAttempts(Throttled):
    example = (60,)

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        """Seconds until attempts are taken again."""
        super().__init__(
            f"Too many wrong passwords from this network; try again in {retry_after} seconds"
        )


class InvalidCursor(Malformed):
    def __init__(self) -> None:
        super().__init__(
            "The cursor is invalid; use the next_cursor of the previous page, with the same sort"
        )


class PageTooDeep(Malformed):
    example = (10_000,)

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"Pages are limited to the first {bound} links; use cursor=<next_cursor> to continue"
        )
