"""Errors of requests about a tag."""

from jmpy.errors import NotFound


class TagNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("None of the account's short URLs that were searched has this tag")
