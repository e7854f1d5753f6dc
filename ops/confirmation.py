"""Asks the person who runs a command for confirmation."""

import sys

from ops.backup_file import BackupRejected


class NotConfirmed(BackupRejected):
    def __init__(self) -> None:
        super().__init__("Nothing was written; YES=1 confirms without a prompt")


def require(question: str, *, yes: bool) -> None:
    """Without a terminal, as in a script, only `yes` confirms. Raises NotConfirmed."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotConfirmed
    if input(f"{question} [yes/no] ").strip().lower() not in {"y", "yes"}:
        raise NotConfirmed
