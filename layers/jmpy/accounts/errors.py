"""Errors of requests about accounts."""

from jmpy.errors import Conflict, InvalidCredential


class InvalidAccountId(Exception):
    def __init__(self, account_id: str) -> None:
        super().__init__(
            f"{account_id!r} is not a valid account id; use 1 to 64 letters, digits, '-' and '_'"
        )


class AccountNotFound(Exception):
    def __init__(self, account_id: str) -> None:
        super().__init__(f"There is no account {account_id!r}")


class SeveralAccounts(Exception):
    def __init__(self, email: str, account_ids: list[str]) -> None:
        super().__init__(f"{email} signs in to several accounts: {', '.join(account_ids)}")


class AccountSuspended(InvalidCredential):
    """Nobody may sign in to the account or create anything in it until the suspension is lifted."""

    def __init__(self, account_id: str) -> None:
        super().__init__(f"The account {account_id!r} is suspended, which 'make unsuspend' ends")


class InvalidReason(Exception):
    def __init__(self, longest: int) -> None:
        super().__init__(f"A reason is one line of up to {longest} characters")


class AccountChanged(Conflict):
    """The account's plan or one of its keys has changed since it was read; read it again."""

    example = ("default",)

    def __init__(self, account_id: str) -> None:
        super().__init__(f"The account {account_id!r} was changed by another request; try again")


class SubscriptionChanged(AccountChanged):
    """The account's subscription has changed since it was read; read it and try again."""
