"""The file of a backup: what it holds, and how damage is noticed."""

from __future__ import annotations

import hashlib
import hmac
import json
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import backup_file, backup_key
from ops.backup_file import UnsealedBackup, UnusableBackup
from ops.backup_key import NoBackupKey

ITEMS: list[tuple[str, Any]] = [
    ("LinksTable", {"pk": {"S": f"code#{number}"}, "url": {"S": "https://example.com/"}})
    for number in range(4)
]

KEY = bytes(range(32))
CREATED_AT = "2026-11-25T03:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.jsonl"


def test_every_kind_of_value_survives(path: Path) -> None:
    item: Any = {
        "s": {"S": "\u00fc\n"}, "n": {"N": "1.50"}, "b": {"B": b"\0\xff"}, "t": {"BOOL": True},
        "nil": {"NULL": True}, "l": {"L": [{"B": b"x"}, {"M": {"a": {"N": "1"}}}]},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": [b"a", b"b"]},
    }  # fmt: skip
    backup_file.write(path, "jmpy", CREATED_AT, [("LinksTable", item)], KEY)
    assert backup_file.check(path, KEY).counts == {"LinksTable": 1}
    assert list(backup_file.read(path)) == [("LinksTable", item)]
    assert json.loads(path.read_text().splitlines()[1])["Item"]["b"] == {"B": "AP8="}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text[: text.rindex("{")],
        lambda text: "".join(line for line in text.splitlines(True) if "code#2" not in line),
        lambda text: text.replace("code#2", "code#3"),
        lambda text: text.replace("https", "http", 1),
        lambda text: text.replace("{", "[", 1),
        lambda _text: "",
        lambda _text: "{}",
        lambda _text: "a,b\n1,2\n",
        lambda text: text.replace('"version":1', '"version":2', 1),
        lambda text: text.replace('"jmpy"', '"\\u001b[31mjmpy"', 1),
        lambda text: text.replace(CREATED_AT, "yesterday", 1),
    ],
)
def test_damage_is_detected(path: Path, damage: Callable[[str], str]) -> None:
    backup_file.write(path, "jmpy", CREATED_AT, ITEMS, KEY)
    backup_file.check(path, KEY)
    path.write_text(damage(path.read_text()))
    for key in (KEY, None):
        with pytest.raises(UnusableBackup):
            backup_file.check(path, key)


def test_a_backup_that_fails_leaves_no_file(path: Path) -> None:
    def failing() -> Iterator[Any]:
        yield ITEMS[0]
        raise TimeoutError

    with pytest.raises(TimeoutError):
        backup_file.write(path, "jmpy", CREATED_AT, failing(), KEY)
    assert list(path.parent.iterdir()) == []


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    """As somebody would who knows the format: digest and counts are right again."""
    *lines, _ = change(path.read_text()).splitlines(True)
    counts = Counter(line["Table"] for line in map(json.loads, lines) if "Table" in line)
    digest = hashlib.sha256("".join(lines).encode())
    encrypt = {"hmac": hmac.digest(b"guessed", digest.digest(), "sha256").hex()}
    end = {"counts": dict(counts), "sha256": digest.hexdigest(), **encrypt}
    path.write_text("".join(lines) + json.dumps(end) + "\n")


def test_a_backup_that_was_changed_without_the_key_is_detected(path: Path) -> None:
    backup_file.write(path, "jmpy", CREATED_AT, ITEMS, KEY)
    rewritten(path, lambda text: text.replace("example.com", "evil.example", 1))
    with pytest.raises(UnsealedBackup, match="changed, or sealed with another key"):
        backup_file.check(path, KEY)
    assert backup_file.check(path, None).counts == {"LinksTable": 4}  # for who trusts it


def test_another_key_is_none(path: Path) -> None:
    backup_file.write(path, "jmpy", CREATED_AT, ITEMS, KEY)
    with pytest.raises(UnsealedBackup):
        backup_file.check(path, bytes(32))


def test_a_backup_of_an_earlier_version_is_recognized(path: Path) -> None:
    backup_file.write(path, "jmpy", CREATED_AT, ITEMS, KEY)
    *lines, end = path.read_text().splitlines()
    unsealed = {name: value for name, value in json.loads(end).items() if name != "hmac"}
    path.write_text("\n".join([*lines, json.dumps(unsealed)]) + "\n")
    with pytest.raises(UnsealedBackup, match="earlier version"):
        backup_file.check(path, KEY)
    assert backup_file.check(path, None).created_at == CREATED_AT


@pytest.mark.parametrize("table", ["[1]", "{}", "[" * 100_000, "null"])
def test_a_table_that_is_no_name_is_damage(path: Path, table: str) -> None:
    backup_file.write(path, "jmpy", CREATED_AT, ITEMS, KEY)
    path.write_text(path.read_text().replace('"LinksTable"', table, 1))
    with pytest.raises(UnusableBackup):
        backup_file.check(path, KEY)


def test_the_key_is_drawn_once_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "backup.key"
    key = backup_key.drawn(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert backup_key.drawn(path) == backup_key.read(path) == key
    assert backup_key.drawn(tmp_path / "other.key") != key


@pytest.mark.parametrize("content", [None, "", "jmpy", "0" * 63])
def test_what_is_no_key_is_an_error_that_says_what_to_do(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "backup.key"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NoBackupKey, match="KEY_FILE"):
        backup_key.read(path)
