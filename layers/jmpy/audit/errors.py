"""What can be wrong with a request about the audit log."""

from jmpy.errors import Malformed


class TwoTargets(Malformed):
    """An entry is about a key or about a link."""

    def __init__(self) -> None:
        super().__init__("Send either key_id or link_id, not both")
