"""What can be wrong with a request about a branded domain, beyond `jmpy.domains.errors`."""

from jmpy.errors import Invalid


class InvalidHost(Invalid):
    """The name cannot be a branded domain."""

    field = "domain"
    example = ("'co.uk' is a public suffix, below which anybody can register a name",)
