"""Asks whoever runs a command whether it shall go on."""

import sys

from ops.backup_file import BackupRejected


class NotConfirmed(BackupRejected):
    def __init__(self) -> None:
        super().__init__("Nothing was written; say YES=1 to go on without being asked")


def require(question: str, *, yes: bool) -> None:
    """Where nobody can be asked, as in a script, only `yes` goes on. Raises NotConfirmed."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotConfirmed
    if input(f"{question} [yes/no] ").strip().lower() not in {"y", "yes"}:
        raise NotConfirmed
