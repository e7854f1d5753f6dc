"""A backup as a file: JSON lines, one item each, in the notation of DynamoDB's own exports.

The first line describes it; the last has the number of items, a digest of all lines before, and
that digest sealed with a key (ops/backup_key.py), so that a truncated or modified file is detected
before anything is written from it, even if the modification is deliberate. It contains no API keys,
but their digests, hashes of passwords, email addresses, and secrets of webhooks: only its owner can
read it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = "jmpy-backup"
VERSION = 1
TIME = "%Y-%m-%dT%H:%M:%SZ"

_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Item = dict[str, Any]
"""As boto3's client has it: {"pk": {"S": ...}, ...}."""


class BackupRejected(Exception):
    """A backup or restore did not begin, or did not finish; the message says what to do."""


class BackupExists(BackupRejected):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already; choose another FILE, or say FORCE=1")


class UnusableBackup(BackupRejected):
    """The file is not a backup, or is truncated or modified; the message says which."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} {reason}; nothing was written")


@dataclass(frozen=True)
class Backup:
    stack: str
    created_at: str
    counts: dict[str, int]
    """Items by the logical id of their table."""

    @property
    def since(self) -> int:
        """When it was begun, in seconds since the Unix epoch."""
        return int(datetime.strptime(self.created_at, TIME).replace(tzinfo=UTC).timestamp())


class UnsealedBackup(BackupRejected):
    """Anybody could have written the file; the message says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} {reason}; nothing was written. If nobody but you could have changed it, say "
            "UNVERIFIED=1"
        )


def write(
    path: Path, stack: str, created_at: str, items: Iterable[tuple[str, Item]], key: bytes
) -> Backup:
    """Writes items with the logical id of their table. The file appears when it is complete.

    Raises the errors of reading the items; then there is no file.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:

            def add(line: Any) -> None:
                text = json.dumps(line, separators=(",", ":"), sort_keys=True).encode() + b"\n"
                digest.update(text)
                file.write(text)

            add({"format": FORMAT, "version": VERSION, "stack": stack, "created_at": created_at})
            for table, item in items:
                add({"Table": table, "Item": _to_json(item)})
                counts[table] += 1
            encrypted = _seal(key, digest.digest())
            add({"counts": dict(counts), "sha256": digest.hexdigest(), "hmac": encrypted})
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return Backup(stack, created_at, dict(counts))


def check(path: Path, key: bytes | None) -> Backup:
    """Reads all of it. Without a key, anybody who could write the file is trusted.

    Raises UnusableBackup, UnsealedBackup, OSError.
    """
    digest, counts, before = hashlib.sha256(), Counter[str](), b""
    with path.open("rb") as file:
        header = _line(path, next(file, b""))
        if header.get("format") != FORMAT:
            raise UnusableBackup(path, "is no backup of Jmpy")
        if header.get("version") != VERSION:
            raise UnusableBackup(path, f"is of another version than {VERSION}")
        if not (_fits(_STACK, header.get("stack")) and _fits(_TIME, header.get("created_at"))):
            raise UnusableBackup(path, "does not say of which stack it is, and from when")
        file.seek(0)
        for line in file:
            digest.update(before)
            counts[str(_line(path, before).get("Table", ""))] += 1 if before else 0
            before = line
    end = _line(path, before)
    del counts[""]
    if end.get("sha256") != digest.hexdigest() or end.get("counts") != dict(counts):
        raise UnusableBackup(path, "was cut off or changed")
    if key is not None:
        _require_sealed(path, end, _seal(key, digest.digest()))
    return Backup(header["stack"], header["created_at"], dict(counts))


def _seal(key: bytes, digest: bytes) -> str:
    return hmac.digest(key, b"jmpy-backup\n" + digest, "sha256").hex()


def _require_sealed(path: Path, end: dict[str, Any], encrypt: str) -> None:
    """Raises UnsealedBackup."""
    if "hmac" not in end:
        raise UnsealedBackup(path, "is of an earlier version, and not sealed")
    if not hmac.compare_digest(str(end["hmac"]).encode(), encrypt.encode()):
        raise UnsealedBackup(path, "was changed, or sealed with another key")


def read(path: Path) -> Iterator[tuple[str, Item]]:
    """The items, each with the logical id of its table; of a file that was checked."""
    with path.open("rb") as file:
        for text in file:
            line = json.loads(text)
            if "Item" in line:
                yield line["Table"], {name: _from_json(v) for name, v in line["Item"].items()}


def _fits(shape: re.Pattern[str], value: object) -> bool:
    """Everything printed from the file has a form of ours, no matter who wrote it."""
    return isinstance(value, str) and shape.fullmatch(value) is not None


def _line(path: Path, text: bytes) -> dict[str, Any]:
    try:
        line = json.loads(text or b"{}")
    except (ValueError, RecursionError):
        raise UnusableBackup(path, "was cut off or changed") from None
    return line if isinstance(line, dict) else {}


def _to_json(item: Item) -> Item:
    return {name: _written(value) for name, value in item.items()}


def _written(value: Any) -> Any:
    """Bytes in Base64, as DynamoDB's protocol has them."""
    ((kind, content),) = value.items()
    match kind:
        case "B":
            return {"B": base64.b64encode(content).decode()}
        case "BS":
            return {"BS": sorted(base64.b64encode(one).decode() for one in content)}
        case "M":
            return {"M": _to_json(content)}
        case "L":
            return {"L": [_written(one) for one in content]}
        case "SS" | "NS":
            return {kind: sorted(content)}
    return value


def _from_json(value: Any) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "B":
            return {"B": base64.b64decode(content)}
        case "BS":
            return {"BS": [base64.b64decode(one) for one in content]}
        case "M":
            return {"M": {name: _from_json(one) for name, one in content.items()}}
        case "L":
            return {"L": [_from_json(one) for one in content]}
    return value
