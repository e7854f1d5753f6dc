"""What can be wrong with a request about the audit log."""

from jmpy.errors import Malformed


class TwoTargets(Malformed):
    """An entry is about a key or about a link."""

    def __init__(self) -> None:
        super().__init__("Send key_id or link_id: no change is of a key and of a link")
