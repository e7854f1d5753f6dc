"""What can be wrong with a request about a branded domain, beyond `jmpy.domains.errors`."""

from jmpy.errors import Invalid


class BrandedDomainsUnavailable(Invalid):
    """The operator has not turned them on."""

    def __init__(self) -> None:
        super().__init__("Branded domains are not available on this service")


class InvalidHost(Invalid):
    """The name cannot be a branded domain."""

    field = "domain"
    example = ("'co.uk' is a public suffix, below which anybody can register a name",)
