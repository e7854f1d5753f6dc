"""The key that seals backups, so that nobody who has only the file can change it undetected: a line
added to it could be an API key.

It is generated with the first backup, for all later ones, and must not be stored with them.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from ops.backup_file import BackupRejected

_SHAPE = re.compile(r"[0-9a-f]{64}")


class NoBackupKey(BackupRejected):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} {reason}; name the key of the backup with KEY_FILE=..., or, if nobody but you "
            "could have changed the backup, say UNVERIFIED=1"
        )


def drawn(path: Path) -> bytes:
    """The key in the file, which is created if it does not exist. Raises NoBackupKey."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read(path)
    key = secrets.token_bytes(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{key.hex()}\n")
    print(f"- Generated {path}, the key of your backups. Store it, but not with them.")
    return key


def read(path: Path) -> bytes:
    """Raises NoBackupKey."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise NoBackupKey(path, "is not there") from None
    if _SHAPE.fullmatch(text) is None:
        raise NoBackupKey(path, "holds no key of backups")
    return bytes.fromhex(text)
