"""What can be wrong with a request about an account."""


class InvalidAccountId(Exception):
    def __init__(self, account_id: str) -> None:
        super().__init__(
            f"{account_id!r} is no account id; use 1 to 64 letters, digits, '-' and '_'"
        )
