"""The file of a backup: what it holds, and how damage is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import backup_file
from ops.backup_file import UnusableBackup

ITEMS: list[tuple[str, Any]] = [
    ("LinksTable", {"pk": {"S": f"code#{number}"}, "url": {"S": "https://example.com/"}})
    for number in range(4)
]


MADE_AT = "2026-11-25T03:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.jsonl"


def test_every_kind_of_value_survives(path: Path) -> None:
    item: Any = {
        "s": {"S": "\u00fc\n"}, "n": {"N": "1.50"}, "b": {"B": b"\0\xff"}, "t": {"BOOL": True},
        "nil": {"NULL": True}, "l": {"L": [{"B": b"x"}, {"M": {"a": {"N": "1"}}}]},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": [b"a", b"b"]},
    }  # fmt: skip
    backup_file.write(path, "jmpy", MADE_AT, [("LinksTable", item)])
    assert backup_file.check(path).counts == {"LinksTable": 1}
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
        lambda text: text.replace(MADE_AT, "yesterday", 1),
    ],
)
def test_damage_is_noticed(path: Path, damage: Callable[[str], str]) -> None:
    backup_file.write(path, "jmpy", MADE_AT, ITEMS)
    backup_file.check(path)
    path.write_text(damage(path.read_text()))
    with pytest.raises(UnusableBackup):
        backup_file.check(path)


def test_a_backup_that_fails_leaves_no_file(path: Path) -> None:
    def failing() -> Iterator[Any]:
        yield ITEMS[0]
        raise TimeoutError

    with pytest.raises(TimeoutError):
        backup_file.write(path, "jmpy", MADE_AT, failing())
    assert list(path.parent.iterdir()) == []
