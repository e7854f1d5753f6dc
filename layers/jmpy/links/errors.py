"""What can be wrong with a link or with a request about one.

`field` names the field of the request that has to change.
"""


class LinkNotFound(Exception):
    def __init__(self) -> None:
        super().__init__("No such short URL")


class LinkExpired(Exception):
    def __init__(self) -> None:
        super().__init__("This short URL has expired")


class LinkConflict(Exception):
    """Others kept changing the link while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The short URL was changed by another request; read it and try again")


class AliasTaken(Exception):
    field = "custom_alias"

    def __init__(self, alias: str) -> None:
        super().__init__(f"The alias {alias!r} is already in use; choose another")


class InvalidAlias(Exception):
    field = "custom_alias"


class InvalidDestination(Exception):
    field = "url"


class InvalidCursor(Exception):
    def __init__(self) -> None:
        super().__init__("The cursor is invalid; use the next_cursor of the previous page")
