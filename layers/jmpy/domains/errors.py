"""What can be wrong with a request about a domain.

`field` names the field of the request that has to change.
"""

from jmpy.domains.model import WellKnownFile
from jmpy.errors import Conflict, Invalid, Malformed, NotFound, PreconditionFailed, TooLarge


class DomainNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No such domain")


class SubdomainsUnavailable(Invalid):
    """The operator has set no zone for subdomains."""

    def __init__(self) -> None:
        super().__init__("Subdomains are not available on this service")


class InvalidSubdomain(Invalid):
    field = "subdomain"
    example = ("'www' is a reserved word; choose another subdomain",)


class SubdomainTaken(Conflict):
    """Another account has the subdomain, or had it until recently."""

    code = "SUBDOMAIN_TAKEN"
    field = "subdomain"
    example = ("promo",)

    def __init__(self, subdomain: str) -> None:
        super().__init__(f"The subdomain {subdomain!r} is not available; choose another")


class DomainExists(Conflict):
    """The account has the domain already."""

    code = "DOMAIN_EXISTS"
    example = ("promo.go.example.com",)

    def __init__(self, host: str) -> None:
        super().__init__(f"You already have the domain {host}")


class TooManyDomains(Conflict):
    """The account has as many domains as its plan includes."""

    code = "DOMAIN_LIMIT_REACHED"
    example = (10,)

    def __init__(self, limit: int) -> None:
        domains = "1 domain" if limit == 1 else f"{limit:,} domains"
        super().__init__(
            f"Your plan includes {domains}; delete one that you no longer need, or choose a larger "
            "plan"
        )


class DomainHasLinks(Conflict):
    """It is to be deleted, and its links are not to be lost silently."""

    example = (12, 3)

    def __init__(self, links: int, qr_codes: int) -> None:
        super().__init__(
            f"The domain has {links:,} short URLs and {qr_codes:,} QR codes; send force=true to "
            "delete it and its short URLs. None of its addresses will work any more, nor will QR "
            "codes that contain one"
        )


class DomainIsSuspended(Conflict):
    """The operator suspended it; its owner cannot give it up and create it again."""

    def __init__(self) -> None:
        super().__init__("The domain was suspended by the operator of this service")


class DomainIsDeleted(Conflict):
    """Its links are being removed."""

    def __init__(self) -> None:
        super().__init__("The domain is being deleted")


class DomainNotProven(Conflict):
    """Its host is nobody's yet, or another account's."""

    def __init__(self) -> None:
        super().__init__("The domain is not verified; verify it first")


class FileNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__(f"No such file. The names are {', '.join(WellKnownFile)}")


class FileTooLong(TooLarge):
    example = (65_537, 65_536)

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            f"The file is {length:,} bytes long, without spaces between its values; the maximum is "
            f"{most:,}"
        )


class DomainDoesNotServe(Conflict):
    """New links cannot be created on it."""

    field = "is_primary"

    def __init__(self) -> None:
        super().__init__("Short URLs on this domain do not work at present")


class DomainChanged(PreconditionFailed):
    """The domain is no longer the version that the request was made for."""

    def __init__(self) -> None:
        super().__init__("The domain has changed since you read it; read it again")


class DomainConflict(Conflict):
    """Others kept changing the domain while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The domain was changed by another request; read it and try again")


class NothingToChangeOfDomain(Invalid):
    def __init__(self) -> None:
        super().__init__("Send at least one field to change; to read the domain, send GET")


class InvalidDomainUrl(Invalid):
    """Where a domain redirects to is no destination."""

    example = ("root_url", "A destination is an http or https URL")

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class DomainPageTooDeep(Malformed):
    example = (10_000,)

    def __init__(self, most: int) -> None:
        super().__init__(f"Pages reach back to the newest {most:,} domains")
