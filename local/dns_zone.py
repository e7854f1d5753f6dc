"""DNS records in a text file, one a line (`go.acme.test CNAME target.example`), and responses to
lookups of them as a resolver over HTTPS sends them (`application/dns-json`).

For the local stack, where a branded domain is proven without a domain: `make dns` writes the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

TYPES = {"A": 1, "CNAME": 5, "TXT": 16, "AAAA": 28}
_NO_ERROR, _SERVER_FAILURE, _NO_SUCH_NAME = 0, 2, 3
_MOST_STEPS = 8


class InvalidRecord(Exception):
    def __init__(self) -> None:
        super().__init__(f"a record is a name, one of {', '.join(TYPES)}, and a value")


class Record(NamedTuple):
    name: str
    """In lower case, without a dot at the end."""
    type: str
    value: str

    @classmethod
    def create(cls, name: str, kind: str, value: str) -> Record:
        """Raises InvalidRecord."""
        if not name or " " in name or not value or kind.upper() not in TYPES:
            raise InvalidRecord
        return cls(name.lower().removesuffix("."), kind.upper(), value)


def parse(text: str) -> list[Record]:
    """Raises InvalidRecord."""
    lines = [line.split(maxsplit=2) for line in text.splitlines() if line.strip()]
    return [Record.create(*[*line, "", ""][:3]) for line in lines]


def written(records: list[Record]) -> str:
    return "".join(f"{' '.join(record)}\n" for record in records)


def read(file: Path) -> list[Record]:
    """Raises InvalidRecord."""
    return parse(file.read_text(encoding="utf-8")) if file.exists() else []


def changed(records: list[Record], name: str, kind: str, value: str) -> list[Record]:
    """With one record more; without a value, without those of the name and type. Raises
    InvalidRecord."""
    record = Record.create(name, kind, value or "none")
    if value:
        return [*(one for one in records if one != record), record]
    return [one for one in records if (one.name, one.type) != (record.name, record.type)]


def respond(records: list[Record], name: str, kind: str) -> dict[str, Any]:
    """Follows CNAME records, as resolvers do."""
    answer: list[dict[str, Any]] = []
    name = name.lower().removesuffix(".")
    exists = False
    for _ in range(_MOST_STEPS):
        here = [record for record in records if record.name == name]
        exists = exists or bool(here)
        answer += [_entry(record) for record in here if record.type in (kind, "CNAME")]
        aliases = [record.value for record in here if record.type == "CNAME"]
        if not aliases or kind == "CNAME":
            break
        name = aliases[0].lower().removesuffix(".")
    status = _NO_ERROR if exists else _NO_SUCH_NAME
    return {"Status": status, "TC": False, "Answer": answer} if answer else {"Status": status}


def failure() -> dict[str, Any]:
    """SERVFAIL: that the resolver could not find out."""
    return {"Status": _SERVER_FAILURE}


def _entry(record: Record) -> dict[str, Any]:
    data = f'"{record.value}"' if record.type == "TXT" else record.value
    return {"name": record.name, "type": TYPES[record.type], "TTL": 60, "data": data}
