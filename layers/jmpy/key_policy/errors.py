"""Errors of requests about the policy for keys."""

from jmpy.errors import Invalid, PreconditionFailed


class InvalidKeyPolicy(Invalid):
    """A number of days that no policy can have."""

    field = "max_key_days"

    example = (3650,)

    def __init__(self, most: int) -> None:
        super().__init__(f"The longest lifetime of a key is 1 to {most} whole days")


class KeyPolicyChanged(PreconditionFailed):
    """The policy is not the one that the request names."""

    def __init__(self) -> None:
        super().__init__("The policy has changed since you read it; read it again")
